import textwrap

import pytest
from django.utils import translation

from toadlane.ui import nav


def test_links_stand_under_their_headings_and_no_heading_stands_alone():
    links = [{"label": "Books", "group": "office"}, {"label": "Orders", "group": "work"}, {"label": "Bank", "group": "office"}]
    told = [(name, [link["label"] for link in some]) for name, some in nav.grouped(links)]
    assert told == [("Work and orders", ["Orders"]), ("Keeping the co-op", ["Books", "Bank"])]


def test_every_link_of_the_desk_is_in_a_group_that_is_shown():
    groups = {item.group for item in nav.declared() if item.place == "desk"}
    assert groups <= set(nav.GROUPS)


# What a row of the board holds on a phone of 360 px, in characters.
ROW = 42


@pytest.mark.parametrize("language", ["en", "es", "fr", "ar"])
@pytest.mark.parametrize("trade", ["orders:book", "catalog:search"])
def test_the_board_of_a_co_op_takes_two_rows_on_a_phone(language, trade):
    shown = {"directory:home", "bylaws:rules", "proposals:decisions", "ledger:books", "bookkeeping:report", trade}
    with translation.override(language):
        labels = [translation.gettext(item.label) for item in nav.declared() if item.place == "coop" and item.url_name in shown]
    assert len(labels) == len(shown)
    rows = textwrap.wrap(" ".join(label.replace(" ", "\u00a0") for label in labels), ROW)
    assert len(rows) <= 2, rows
