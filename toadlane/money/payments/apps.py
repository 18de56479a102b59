from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "toadlane.money.payments"

    def ready(self) -> None:
        from toadlane.money.payments.wiring import wire

        wire()
