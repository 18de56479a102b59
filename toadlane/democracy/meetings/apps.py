from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "toadlane.democracy.meetings"

    def ready(self) -> None:
        from toadlane.democracy.meetings.wiring import wire

        wire()
