from django.apps import AppConfig


class CirclesConfig(AppConfig):
    name = "toadlane.democracy.circles"

    def ready(self) -> None:
        from toadlane.democracy.circles.wiring import wire

        wire()
