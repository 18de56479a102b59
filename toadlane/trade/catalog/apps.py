from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "toadlane.trade.catalog"

    def ready(self) -> None:
        from toadlane.trade.catalog.wiring import wire

        wire()
