from django.apps import AppConfig


class FoundingConfig(AppConfig):
    name = "toadlane.blueprints.founding"

    def ready(self) -> None:
        from toadlane.blueprints.founding.wiring import wire

        wire()
