from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "toadlane.plumbing.search"

    def ready(self) -> None:
        from toadlane.plumbing.search.wiring import wire

        wire()
