from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "toadlane.trade.billing"

    def ready(self) -> None:
        from toadlane.trade.billing.wiring import wire

        wire()
