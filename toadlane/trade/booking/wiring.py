from toadlane.plumbing.triggers import refusals
from toadlane.trade.booking import guards


def wire() -> None:
    refusals.declare(guards.refusals)
