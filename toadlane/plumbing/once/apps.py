from django.apps import AppConfig


class OnceConfig(AppConfig):
    name = "toadlane.plumbing.once"

    def ready(self) -> None:
        from toadlane.plumbing.once.wiring import wire

        wire()
