from django.apps import AppConfig


class LendingConfig(AppConfig):
    name = "toadlane.ownership.lending"

    def ready(self) -> None:
        from toadlane.ownership.lending.wiring import wire

        wire()
