from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "toadlane.plumbing.files"

    def ready(self) -> None:
        from toadlane.plumbing.files.wiring import wire

        wire()
