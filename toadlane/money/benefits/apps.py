from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "toadlane.money.benefits"

    def ready(self) -> None:
        from toadlane.money.benefits.wiring import wire

        wire()
