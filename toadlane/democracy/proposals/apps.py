from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "toadlane.democracy.proposals"

    def ready(self) -> None:
        from toadlane.democracy.proposals.wiring import wire

        wire()
