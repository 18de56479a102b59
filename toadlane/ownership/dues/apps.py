from django.apps import AppConfig


class DuesConfig(AppConfig):
    name = "toadlane.ownership.dues"

    def ready(self) -> None:
        from toadlane.ownership.dues.wiring import wire

        wire()
