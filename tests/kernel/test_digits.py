import pytest

from toadlane.kernel.digits import number


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("007", 7), ("999999999", 999_999_999), ("1" * 10, None), ("", None), ("-1", None), (" 1", None), ("1.0", None),
     ("²", None), ("٣", None), ("1_0", None), ("9" * 5000, None)],
)  # fmt: skip
def test_plain_digits_are_a_number_and_nothing_else_is(text, value):
    assert number(text) == value


def test_there_may_be_more_or_fewer_of_them():
    assert number("12", most=1) is None and number("1" * 12, most=12) == 111_111_111_111
