from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "toadlane.plumbing.clock"

    def ready(self) -> None:
        from toadlane.plumbing.clock.wiring import wire

        wire()
