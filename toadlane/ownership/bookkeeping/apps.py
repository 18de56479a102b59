from django.apps import AppConfig


class BookkeepingConfig(AppConfig):
    name = "toadlane.ownership.bookkeeping"

    def ready(self) -> None:
        from toadlane.ownership.bookkeeping.wiring import wire

        wire()
