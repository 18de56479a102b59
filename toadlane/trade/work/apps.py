from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "toadlane.trade.work"

    def ready(self) -> None:
        from toadlane.trade.work.wiring import wire

        wire()
