from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "toadlane.commons.records"

    def ready(self) -> None:
        from toadlane.commons.records.wiring import wire

        wire()
