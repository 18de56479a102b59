from django.apps import AppConfig


class BankConfig(AppConfig):
    name = "toadlane.money.bank"

    def ready(self) -> None:
        from toadlane.money.bank.wiring import wire

        wire()
