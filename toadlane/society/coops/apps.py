from django.apps import AppConfig


class CoopsConfig(AppConfig):
    name = "toadlane.society.coops"

    def ready(self) -> None:
        from toadlane.society.coops.wiring import wire

        wire()
