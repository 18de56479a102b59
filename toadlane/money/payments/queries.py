from toadlane.money.payments.models import Payment


def of_subject(subject: str) -> Payment | None:
    """Return the newest payment for a subject, such as `checkout:9`."""
    return Payment.objects.filter(subject=subject).order_by("-begun_at").first()


def card_page(payment: Payment) -> str:
    """Return the path of the page where this payment is made, on the server's own host."""
    return f"/pay/{payment.token}/"
