from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "toadlane.society.messaging"

    def ready(self) -> None:
        from toadlane.society.messaging.wiring import wire

        wire()
