from django.apps import AppConfig


class SendingConfig(AppConfig):
    name = "toadlane.plumbing.sending"

    def ready(self) -> None:
        from toadlane.plumbing.sending.wiring import wire

        wire()
