import re

import pytest
from django.core.cache import cache
from django.test import Client

from toadlane.plumbing.sending.models import Letter


@pytest.fixture(autouse=True)
def sandbox(settings, db):
    """Letters lie on the page; passwords are hashed quickly; nobody has tried too often yet."""
    settings.TOADLANE_SANDBOX = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def visitor() -> Client:
    return Client(HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def code_sent_to():
    def newest(address: str) -> str:
        letter = Letter.objects.filter(address=address).latest("pk")
        return re.search(r"\b\d{6}\b", letter.text)[0]

    return newest
