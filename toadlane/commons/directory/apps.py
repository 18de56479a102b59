from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "toadlane.commons.directory"

    def ready(self) -> None:
        from toadlane.commons.directory.wiring import wire

        wire()
