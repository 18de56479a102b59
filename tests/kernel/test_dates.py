from datetime import date

import pytest

from toadlane.kernel import dates

FRIDAY = date(2027, 3, 5)


def test_a_weekend_and_a_holiday_are_not_worked_on():
    assert dates.add_working_days(FRIDAY, 1) == date(2027, 3, 8)
    assert dates.add_working_days(FRIDAY, 1, holidays=[date(2027, 3, 8)]) == date(2027, 3, 9)
    assert dates.add_working_days(FRIDAY, 0) == FRIDAY
    assert dates.next_working_day(date(2027, 3, 6)) == date(2027, 3, 8)
    assert dates.next_working_day(FRIDAY) == FRIDAY


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)), ((2028, 1, 31), 1, (2028, 2, 29)), ((2026, 12, 15), 1, (2027, 1, 15)),
        ((2025, 8, 31), 6, (2026, 2, 28)), ((2026, 3, 31), -1, (2026, 2, 28)), ((2026, 1, 1), -1, (2025, 12, 1)),
        ((2026, 5, 5), 0, (2026, 5, 5)),
    ],
)  # fmt: skip
def test_a_month_later_is_the_same_day_or_the_last_one(start, months, end):
    assert dates.add_months(date(*start), months) == date(*end)


def test_a_leap_day_has_a_birthday_every_year():
    assert dates.add_years(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert dates.add_years(date(2028, 2, 29), 4) == date(2032, 2, 29)


def test_clear_days_count_neither_end():
    assert dates.after_days(date(2026, 3, 1), 15) == date(2026, 3, 16)
    assert dates.after_clear_days(date(2026, 3, 1), 15) == date(2026, 3, 17)


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(1818, (3, 22)), (2000, (4, 23)), (2024, (3, 31)), (2027, (3, 28)), (2038, (4, 25)), (2285, (3, 22)), (2019, (4, 21))],
)
def test_easter_is_when_the_church_says(year, sunday):
    assert dates.easter(year) == date(year, *sunday)


def test_banks_settle_no_euro_on_weekends_and_six_days_of_a_year():
    closed = [(1, 1), (3, 26), (3, 29), (5, 1), (12, 25), (12, 26)]
    assert sorted(dates.bank_holidays(2027)) == [date(2027, *one) for one in closed]
    assert dates.next_bank_day(date(2027, 3, 25)) == date(2027, 3, 25)
    assert dates.next_bank_day(date(2027, 3, 26)) == date(2027, 3, 30)
    assert dates.next_bank_day(date(2026, 12, 25)) == date(2026, 12, 28)
    assert dates.next_bank_day(date(2027, 12, 31)) == date(2027, 12, 31)
    assert dates.next_bank_day(date(2028, 1, 1)) == date(2028, 1, 3)
