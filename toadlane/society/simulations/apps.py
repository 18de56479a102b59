from django.apps import AppConfig


class SimulationsConfig(AppConfig):
    name = "toadlane.society.simulations"

    def ready(self) -> None:
        from toadlane.society.simulations.wiring import wire

        wire()
