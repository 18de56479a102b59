from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "toadlane.plumbing.audit"

    def ready(self) -> None:
        from toadlane.plumbing.audit import guards
        from toadlane.plumbing.audit.wiring import wire
        from toadlane.plumbing.triggers import refusals

        refusals.declare(guards.refusals)
        wire()
