"""The cast: Alice (worker-member), Bob (board), Charlie (board of another co-op, who must see nothing)."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from toadlane.blueprints import installer
from toadlane.config import collector
from toadlane.config.cli import prepare
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.outbox.worker import drain
from toadlane.plumbing.tenancy.scope import scope
from toadlane.plumbing.triggers import refusals
from toadlane.society.coops.models import Coop
from toadlane.society.members import queries as members
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person

# How fast a machine draws examples says nothing about the product.
hypothesis.settings.register_profile("any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("any machine")
MADE_WITH_THE_DATABASE = {"django_migrations", "django_content_type", "auth_permission"}
# Files that take longest come first: begun last, one of two processes would wait for the other through all of them.
LONG = ("config/test_cli.py", "browser/test_charlie.py", "browser/test_meetings.py", "browser/test_demo.py", "browser/")
OPERATOR = Principal(coop_id=None, channel=Channel.CLI, roles=frozenset({"operator"}))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(item: pytest.Item) -> int:
        path = item.path.as_posix()
        return next((number for number, name in enumerate(LONG) if f"tests/{name}" in path), len(LONG))

    items.sort(key=turn)
    collector.settle()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The database of the tests is made from the models at once, as a new server's is; that migrations agree is a test."""
    with django_db_blocker.unblock():
        prepare.finish()


@pytest.fixture(autouse=True, scope="session")
def _texts_are_compiled() -> None:
    """What is not compiled reads as its English source, and a test of translations would tell nothing."""
    prepare.compile_texts(lambda words: None)


@pytest.fixture(autouse=True)
def _let_the_database_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test with real transactions its rows are deleted, which some tables refuse. Emptying puts the refusals up again."""
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" not in request.fixturenames and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    # Asked for here, so that it is put away after this.
    request.getfixturevalue("_django_db_helper")
    yield
    for remembered in Path(settings.DATA, "keys").glob("seals.*.json"):
        remembered.unlink()  # The next test's co-op has the same number, and other seals.
    if not _is_emptied():
        refusals.remove()


def _is_emptied() -> bool:
    """Empty a PostgreSQL database where nothing is refused to whoever may say so: Django cuts three hundred tables off and puts
    a thousand triggers up again, which takes seconds each time.
    """
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        if cursor.fetchone() != ("on",):
            return False
        tables = sorted(set(connection.introspection.table_names(cursor)) - MADE_WITH_THE_DATABASE)
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables))
        full = [name for (name,) in cursor.fetchall()]
        cursor.execute("SET session_replication_role = replica")
        for name in full:
            cursor.execute(f'DELETE FROM "{name}"')
        cursor.execute("SET session_replication_role = DEFAULT")
    connection.ops.sql_flush = lambda *_asked, **_more: []
    return True


@pytest.fixture(autouse=True, scope="session")
def _a_folder_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests store as files goes with them."""
    folder = tmp_path_factory.mktemp("data")
    cache = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": folder / "cache"}
    own = {"DATA": folder, "MEDIA_ROOT": folder / "media", "TOADLANE_SEARCH_ROOT": folder / "search"}
    with override_settings(**own, CACHES={"default": cache}):
        yield


@pytest.fixture(autouse=True)
def _an_empty_index_and_cache(_a_folder_of_its_own: None) -> Iterator[None]:
    """A test's rows are rolled back, what lies beside them is not: the next test's co-op and people have the same numbers."""
    yield
    shutil.rmtree(settings.TOADLANE_SEARCH_ROOT, ignore_errors=True)
    shutil.rmtree(settings.CACHES["default"]["LOCATION"], ignore_errors=True)


@pytest.fixture
def at() -> datetime:
    return datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def bob(db: None) -> Person:
    return Person.objects.create(email="bob@sparkle.test", name="Bob")


@pytest.fixture
def alice(db: None) -> Person:
    return Person.objects.create(email="alice@sparkle.test", name="Alice")


@pytest.fixture
def charlie(db: None) -> Person:
    return Person.objects.create(email="charlie@wheels.test", name="Charlie")


@pytest.fixture
def sparkle(bob: Person, alice: Person, at: datetime) -> Coop:
    coop = installer.found(
        blueprint="home_services", name="Sparkle", slug="sparkle", founder=bob, by=OPERATOR, at=at, sandbox=True
    )
    with scope(coop.pk):
        by = members.principal(person_id=bob.pk, channel=Channel.CLI)
        admit(person=alice, member_class="worker", by=by, at=at)
    return coop


@pytest.fixture
def wheels(charlie: Person, at: datetime) -> Coop:
    return installer.found(blueprint="marketplace", name="Wheels", slug="wheels", founder=charlie, by=OPERATOR, at=at)


@pytest.fixture
def inside(sparkle: Coop, wheels: Coop) -> Iterator[Coop]:
    """Sparkle, with its scope entered. There is always another co-op next door."""
    with scope(sparkle.pk):
        yield sparkle


@pytest.fixture
def board(sparkle: Coop, bob: Person) -> Principal:
    with scope(sparkle.pk):
        return members.principal(person_id=bob.pk, channel=Channel.WEB)


@pytest.fixture
def worker(sparkle: Coop, alice: Person) -> Principal:
    with scope(sparkle.pk):
        return members.principal(person_id=alice.pk, channel=Channel.WEB)


# What the founding document of `older` lacks: of each tier one, and the fee.
LEARNED_LATER = ("gov.support_share", "gov.retry_months", "pay.hold_days", "fees.commission", "surplus.asset_lock")


@pytest.fixture
def older(bob: Person, alice: Person, wheels: Coop, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Coop]:
    """Sparkle as if it had been founded before the software knew some rules; with its scope entered."""
    whole = installer.document_of

    def then(*args: Any, **kwargs: Any) -> Any:
        document = whole(*args, **kwargs)
        return {**document, "rules": {name: one for name, one in document["rules"].items() if name not in LEARNED_LATER}}

    with monkeypatch.context() as patch:
        patch.setattr(installer, "document_of", then)
        coop = installer.found(
            blueprint="home_services", name="Sparkle", slug="sparkle", founder=bob, by=OPERATOR, at=at, sandbox=True
        )
    with scope(coop.pk):
        admit(person=alice, member_class="worker", by=members.principal(person_id=bob.pk, channel=Channel.CLI), at=at)
        yield coop


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def run_jobs() -> None:
    """Work off every job that is ready, as a worker would."""
    drain()
