from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "toadlane.society.people"

    def ready(self) -> None:
        from toadlane.society.people.wiring import wire

        wire()
