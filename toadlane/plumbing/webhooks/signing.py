"""What a receiver checks: that it was us, that it is whole, and that it is not an old one sent again."""

import hashlib
import hmac
from datetime import datetime

from django.conf import settings

from toadlane.plumbing.webhooks.models import Subscription


def secret_of(subscription: Subscription) -> str:
    """Return the subscription's secret: derived from its salt and the server's key, kept nowhere."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"webhook:{subscription.salt}".encode(), hashlib.sha256)
    return f"whsec_{digest.hexdigest()}"


def signature(secret: str, body: bytes, at: datetime) -> str:
    """Return `t=<seconds>,v1=<hex>`: HMAC-SHA256 over the seconds, a point and the body."""
    seconds = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={digest.hexdigest()}"
