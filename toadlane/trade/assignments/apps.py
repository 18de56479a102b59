from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "toadlane.trade.assignments"

    def ready(self) -> None:
        from toadlane.trade.assignments.wiring import wire

        wire()
