from django.apps import AppConfig


class SharesConfig(AppConfig):
    name = "toadlane.ownership.shares"

    def ready(self) -> None:
        from toadlane.ownership.shares.wiring import wire

        wire()
