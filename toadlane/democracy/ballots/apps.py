from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "toadlane.democracy.ballots"

    def ready(self) -> None:
        from toadlane.democracy.ballots import guards
        from toadlane.democracy.ballots.wiring import wire
        from toadlane.plumbing.triggers import refusals

        refusals.declare(guards.refusals)
        guards.sealed()
        wire()
