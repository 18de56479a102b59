from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "toadlane.society.members"

    def ready(self) -> None:
        from toadlane.society.members.wiring import wire

        wire()
