from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "toadlane.society.pages"

    def ready(self) -> None:
        from toadlane.society.pages.wiring import wire

        wire()
