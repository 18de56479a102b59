from django.apps import AppConfig


class SealingConfig(AppConfig):
    name = "toadlane.plumbing.sealing"

    def ready(self) -> None:
        from toadlane.plumbing.sealing.wiring import wire

        wire()
