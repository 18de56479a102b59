from toadlane.plumbing.outbox import registry
from toadlane.plumbing.webhooks import services


def wire() -> None:
    registry.tell_outside(services.fan_out)
