from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "toadlane.society.consent"

    def ready(self) -> None:
        from toadlane.society.consent.wiring import wire

        wire()
