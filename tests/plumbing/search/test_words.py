"""What people type finds what other people wrote."""

import pytest

from toadlane.plumbing.search.port import Box, distance_km, fold


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Ménage", "menage"),
        ("STRASSE", "Straße"),
        ("Łódź", "lodz"),
        ("smörgås", "SMORGAS"),
        ("İstanbul", "istanbul"),
        ("ﬁne", "fine"),
        ("مُحَمَّد", "محمد"),
        ("كتـــاب", "كتاب"),
        ("إبرة", "ابره"),
        ("cœur", "coeur"),
    ],
)
def test_both_are_folded_to_the_same(typed, written):
    assert fold(typed) == fold(written)


def test_signs_only_part_words():
    assert fold("don't: (a|b) & c* -- 'x' <script>") == "don t a b c x script"


def test_a_box_that_crosses_the_date_line_has_two_stretches():
    fiji = Box.around(-17.8, 179.9, 50)
    assert fiji.holds(-17.8, -179.9) and fiji.holds(-17.8, 179.8) and not fiji.holds(-17.8, 0)


@pytest.mark.parametrize("place", [(89.95, 10), (-89.95, -170), (0, 180), (53.27, -9.05)])
def test_whatever_is_near_is_in_the_box(place):
    box = Box.around(*place, 20)
    for step in (-0.1, 0, 0.1):
        near = (max(-90, min(90, place[0] + step)), place[1])
        assert box.holds(*near) or distance_km(place, near) > 20


def test_distances_are_those_of_the_globe():
    assert distance_km((53.3498, -6.2603), (48.8566, 2.3522)) == pytest.approx(781, abs=2)
