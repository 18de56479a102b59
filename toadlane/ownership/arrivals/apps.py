from django.apps import AppConfig


class ArrivalsConfig(AppConfig):
    name = "toadlane.ownership.arrivals"

    def ready(self) -> None:
        from toadlane.ownership.arrivals.wiring import wire

        wire()
