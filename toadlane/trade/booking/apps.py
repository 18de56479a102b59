from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "toadlane.trade.booking"

    def ready(self) -> None:
        from toadlane.trade.booking.wiring import wire

        wire()
