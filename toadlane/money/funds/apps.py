from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "toadlane.money.funds"

    def ready(self) -> None:
        from toadlane.money.funds.wiring import wire

        wire()
