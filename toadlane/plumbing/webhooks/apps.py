from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "toadlane.plumbing.webhooks"

    def ready(self) -> None:
        from toadlane.plumbing.webhooks.wiring import wire

        wire()
