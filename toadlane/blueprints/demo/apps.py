from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "toadlane.blueprints.demo"

    def ready(self) -> None:
        from toadlane.blueprints.demo.wiring import wire

        wire()
