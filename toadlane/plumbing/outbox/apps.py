from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "toadlane.plumbing.outbox"

    def ready(self) -> None:
        from toadlane.plumbing.outbox.wiring import wire

        wire()
