from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "toadlane.plumbing.desk"

    def ready(self) -> None:
        from toadlane.plumbing.desk.wiring import wire

        wire()
