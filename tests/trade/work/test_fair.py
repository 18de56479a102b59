"""Fair work as figures: both sides of every edge."""

import pytest

from toadlane.trade.work.policies import fair

HOURS = {"earnings": 60000, "costs": 9000, "engaged_minutes": 1800, "waiting_minutes": 600, "count_waiting": True}


@pytest.mark.parametrize(
    ("more", "floor", "expected"),
    [
        ({}, 1275, fair.HourlyPay(1275, True, 0)),
        ({}, 1276, fair.HourlyPay(1275, False, 40)),
        ({"count_waiting": False}, 1700, fair.HourlyPay(1700, True, 0)),
        ({"count_waiting": False}, 1701, fair.HourlyPay(1700, False, 30)),
        ({"engaged_minutes": 0, "waiting_minutes": 600, "count_waiting": False}, 1500, fair.HourlyPay(None, True, 0)),
        # A loss is made up for, and then the floor is paid on top.
        ({"earnings": 0, "costs": 500, "engaged_minutes": 60, "waiting_minutes": 0}, 1300, fair.HourlyPay(-500, False, 1800)),
        # One minute at 13.00 an hour is 21.67 cents: what the floor demands at least is rounded up.
        ({"earnings": 21, "costs": 0, "engaged_minutes": 1, "waiting_minutes": 0}, 1300, fair.HourlyPay(1260, False, 1)),
        # 12.9998 an hour shows as 13.00, and is not.
        ({"earnings": 129998, "costs": 0, "engaged_minutes": 6000, "waiting_minutes": 0}, 1300, fair.HourlyPay(1300, False, 2)),
    ],
)
def test_an_hour_brings_the_floor_or_is_topped_up_to_it(more, floor, expected):
    assert fair.hourly_pay(**{**HOURS, **more}, floor_hour=floor) == expected


def test_a_second_point_counts_only_after_the_first():
    assert fair.fairwork_score({"pay": [0, 1]}) == 0
    assert fair.fairwork_score({"pay": [1, 0]}) == 1
    assert fair.fairwork_score(dict.fromkeys(fair.PRINCIPLES, (1, 1))) == 10
    for points in ({"fun": [1, 1]}, {"pay": [1]}, {"pay": [2, 0]}):
        with pytest.raises(fair.UnknownPrinciple):
            fair.fairwork_score(points)


@pytest.mark.parametrize(
    ("decision", "decided_by", "reasons", "faults"),
    [
        ("suspend_account", "human", True, []),
        ("suspend_account", "system", False, ["human_must_decide", "reasons_missing"]),
        ("terminate_contract", "system", True, ["human_must_decide"]),
        ("restrict_account", "human", False, ["reasons_missing"]),
        ("refuse_payment", "system", True, []),
        ("change_contract_status", "human", False, ["reasons_missing"]),
        ("task_ranking", "system", False, []),
        ("close_ticket", "system", False, []),
        # The same said as a thing, and a deed without a thing.
        ("account_suspension", "system", True, ["human_must_decide"]),
        ("termination", "human", False, ["reasons_missing"]),
        ("payment_refusal", "system", False, ["reasons_missing"]),
        ("employment_status", "system", False, ["reasons_missing"]),
        # A bank is no ban.
        ("change_bank_account", "system", False, []),
        ("payment_status", "system", False, []),
    ],
)
def test_a_person_decides_about_somebodys_work_and_says_why(decision, decided_by, reasons, faults):
    assert fair.decision_faults(decision=decision, decided_by=decided_by, reasons=reasons) == faults


def test_nobody_collects_what_is_nobodys_business():
    allowed = ["rating", "location_during_task", "earnings", "reunion_bonus", "health_and_safety_training", "hive_count"]
    refused = [
        "mood_score",
        "biometric_template",
        "Union_Dues",
        "location_off_duty",
        "inferred_ethnicity",
        "pregnancy",
        "inferred_health",
        "hiv",
        "location_after_shift",
    ]
    assert fair.prohibited([*allowed, *refused]) == refused
