from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "toadlane.money.invoicing"

    def ready(self) -> None:
        from toadlane.money.invoicing.wiring import wire

        wire()
