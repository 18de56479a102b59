from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "toadlane.ui"

    def ready(self) -> None:
        from toadlane.ui import faults  # noqa: F401  (gives the kernel's errors their words)
