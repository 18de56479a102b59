"""Every engine answers the same questions alike."""

import os

import pytest
from django.db import connection

from toadlane.plumbing.search.embedded import EmbeddedEngine
from toadlane.plumbing.search.opensearch import OpenSearchEngine
from toadlane.plumbing.search.port import Box, Document, Query, Sort
from toadlane.plumbing.search.postgresql import PostgreSQLEngine
from toadlane.plumbing.tenancy.scope import NoScope, scope
from toadlane.society.coops.models import Coop

MUG = Document(
    id=1, title="Stoneware mug", text="Thrown in Vaudelin. Émaillé.", facets={"kind": ["goods"], "goods.material": ["clay"]},
    price_minor=2800, latitude=45.769, longitude=4.834,
)  # fmt: skip
BOWL = Document(
    id=2, title="Fruit bowl", text="A mug would be lost in it.", facets={"kind": ["goods"], "goods.material": ["clay", "wood"]},
    price_minor=6400, latitude=45.8, longitude=4.9,
)  # fmt: skip
DRILL = Document(
    id=3, title="Taladro de percusión", facets={"kind": ["rental"]}, price_minor=600, latitude=-17.8, longitude=179.9
)
TALK = Document(id=4, title="محادثة بالعَرَبيّة", facets={"kind": ["skill"]})


def opensearch():
    address = os.environ.get("TOADLANE_TEST_OPENSEARCH")
    if not address:
        pytest.skip("no OpenSearch: set TOADLANE_TEST_OPENSEARCH=opensearch://127.0.0.1:9200/test")
    return OpenSearchEngine(address)


def postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("this database is not PostgreSQL")
    return PostgreSQLEngine()


@pytest.fixture(params=["embedded", "postgresql", "opensearch"])
def engine(request, inside: Coop):
    made = {"embedded": lambda: EmbeddedEngine(lambda: ()), "postgresql": postgresql, "opensearch": opensearch}[request.param]()
    made.rebuild([])
    made.index([MUG, BOWL, DRILL, TALK])
    return made


def ids(engine, **asked):
    return [hit.id for hit in engine.find(Query(**asked))]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"text": "mug"}, [1, 2]),  # The title counts more than the text.
        ({"text": "mugs"}, []),
        ({"text": "stone"}, [1]),
        ({"text": "EMAILLE mug"}, [1]),
        ({"text": "percusion"}, [3]),
        ({"text": "عربية"}, []),
        ({"text": "بالعربية"}, [4]),
        ({"text": "mug | bowl & !x:*"}, []),
        ({"text": "bowl"}, [2]),
        ({"text": "nowhere"}, []),
        ({"facets": {"kind": ["goods"]}}, [2, 1]),
        ({"facets": {"goods.material": ["wood", "wool"]}}, [2]),
        ({"facets": {"kind": ["goods"], "goods.material": ["silver"]}}, []),
        ({"least_minor": 2800, "most_minor": 2800}, [1]),
        ({"most_minor": 2799}, [3]),
        ({"box": Box(45, 4, 46, 5)}, [2, 1]),
        ({"box": Box(-20, 179, -10, -179)}, [3]),
        ({"center": (45.769, 4.834), "radius_km": 3, "sort": Sort.DISTANCE}, [1]),
        ({"center": (45.8, 4.9), "radius_km": 50, "sort": Sort.DISTANCE}, [2, 1]),
        ({"sort": Sort.PRICE, "most_minor": 10_000}, [3, 1, 2]),
        ({"sort": Sort.PRICE_DOWN, "most_minor": 10_000}, [2, 1, 3]),
        ({"limit": 2}, [4, 3]),
        ({"limit": 2, "offset": 2}, [2, 1]),
    ],
)
def test_the_question_finds(engine, asked, found):
    assert ids(engine, **asked) == found


def test_what_is_indexed_again_replaces_what_was(engine):
    engine.index([Document(id=1, title="Teapot")])
    assert ids(engine, text="stoneware") == [] and ids(engine, text="teapot") == [1]


def test_what_is_removed_is_not_found(engine):
    engine.remove([1, 99])
    assert ids(engine, text="mug") == [2]


def test_a_rebuild_forgets_what_is_no_longer_there(engine):
    assert engine.rebuild([BOWL]) == 1
    assert ids(engine) == [2]


def test_charlies_coop_finds_nothing_of_ours(engine, wheels: Coop):
    with scope(wheels.pk):
        assert ids(engine, text="mug") == []
        engine.index([Document(id=1, title="Bicycle")])
        assert ids(engine, text="mug") == []
    assert ids(engine, text="bicycle") == []


def test_outside_a_coop_nothing_is_found_and_nothing_written(engine):
    with scope(1):
        pass
    from toadlane.plumbing.tenancy import scope as scopes

    token = scopes._current.set(None)
    try:
        for deed in (lambda: engine.find(Query(text="mug")), lambda: engine.index([MUG]), lambda: engine.rebuild([])):
            with pytest.raises(NoScope):
                deed()
    finally:
        scopes._current.reset(token)
