from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "toadlane.trade.reviews"

    def ready(self) -> None:
        from toadlane.trade.reviews.wiring import wire

        wire()
