"""Fair work as checks: pay by the hour, decisions that a person has to make and explain, and data nobody may collect.

Golden vectors 17. Sources: Fairwork's ten thresholds (fair.work), Directive (EU) 2024/2831 on platform work, articles 7, 10
and 11. When reviews are shown is in `trade.reviews`; by when the law wants an answer, in the jurisdiction packs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import ceil, half_up

MINUTES = 60


@dataclass(frozen=True)
class HourlyPay:
    """What an hour brought, and what the co-op adds so that it reaches the floor.

    :param net_hour: in minor units, rounded; None where no time was worked
    :param top_up: in minor units for the whole time
    """

    net_hour: int | None
    ok: bool
    top_up: int


def hourly_pay(
    *, earnings: int, engaged_minutes: int, floor_hour: int, costs: int = 0, waiting_minutes: int = 0, count_waiting: bool = True
) -> HourlyPay:
    """Compare earnings after costs with the floor for the time worked (P1 to P4). The floor rounds up, as any least amount.

    :param earnings: in minor units, without tips, which are nobody's to count
    :param count_waiting: whether the time between two jobs is working time (`pay.count_waiting`)
    """
    minutes = engaged_minutes + (waiting_minutes if count_waiting else 0)
    if not minutes:
        return HourlyPay(net_hour=None, ok=True, top_up=0)
    net = earnings - costs
    top_up = max(0, ceil(Fraction(floor_hour * minutes, MINUTES)) - net)
    # Compared as they are, not as they are shown: a rounded hour must not hide a cent that is missing.
    return HourlyPay(net_hour=half_up(Fraction(net * MINUTES, minutes)), ok=net * MINUTES >= floor_hour * minutes, top_up=top_up)


# The five principles in their order, each with a first and a second threshold.
PRINCIPLES = ("pay", "conditions", "contracts", "management", "representation")


class UnknownPrinciple(Expected):
    words = lazy("Fairwork has five principles, each with two thresholds; this is another.")
    status = 422


def fairwork_score(points: Mapping[str, Sequence[int]]) -> int:
    """Return Fairwork's score from 0 to 10: the second point of a principle counts only after the first (F1 to F3).

    :param points: by principle, whether each of its two thresholds is met with evidence: 1 or 0
    :raises UnknownPrinciple: for anything else
    """
    for principle, met in points.items():
        if principle not in PRINCIPLES or len(met) != 2 or not set(met) <= {0, 1}:
            raise UnknownPrinciple
    return sum(first + (first and second) for first, second in points.values())


# What ends or narrows somebody's work, by what is done and to what (Directive 2024/2831, art. 10(5)). Deeds and things are told
# by how their words begin: `suspend_account` and `account_suspension` are one. A deed alone is about the account.
AGAINST_WORK = ("restrict", "suspen", "terminat", "clos", "deactivat", "disabl", "block", "ban_", "banned", "dismiss")
WHOSE_WORK = ("account", "contract", "worker", "access", "relationship")
# What needs reasons in writing besides (art. 11(1)): pay refused, and what somebody is by contract.
NOT_PAID, PAY = ("refus", "withh", "deny", "denial", "reject"), ("pay", "remuneration", "wage")


def decision_faults(*, decision: str, decided_by: str, reasons: bool) -> list[str]:
    """Say what is wrong with how a decision about somebody's work was made (A1 to A6).

    :param decision: such as `suspend_account`, `refuse_payment`, `task_ranking`
    :param decided_by: `human` or `system`
    """
    words = decision.lower().split("_")
    about_work = _begins(words, AGAINST_WORK) and (len(words) == 1 or _begins(words, WHOSE_WORK))
    about_pay = _begins(words, NOT_PAID) and _begins(words, PAY)
    about_status = "status" in words and _begins(words, ("contract", "employ"))
    faults = []
    if about_work and decided_by != "human":
        faults.append("human_must_decide")
    if (about_work or about_pay or about_status) and not reasons:
        faults.append("reasons_missing")
    return faults


def _begins(words: Iterable[str], stems: tuple[str, ...]) -> bool:
    return any(f"{word}_".startswith(stems) for word in words)


# What no automated system may process about those who work (Directive 2024/2831, art. 7), and off duty nothing at all
# (Scholz, Platform Cooperativism, principles 9 and 10). A field is refused when a word in its name begins so.
PROHIBITED: dict[str, tuple[str, ...]] = {
    "feelings and mind": ("emotion", "psychological", "mood", "mental", "stress_level", "sentiment"),
    "private conversations": ("private_message", "private_conversation", "private_chat", "private_call", "conversations_with"),
    "outside working time": (
        "off_duty", "offduty", "outside_work", "after_work", "not_working", "off_shift", "outside_shift", "after_shift",
    ),
    "use of rights": (
        "union", "strike", "collective_bargaining", "organising", "organizing", "rights_prediction", "exercise_of_rights",
    ),
    "protected traits": (
        "ethnic", "racial", "race_inference", "religio", "belief", "political", "sexual", "disabilit", "state_of_health",
        "health_data", "health_state", "health_status", "health_inference", "health_condition", "health_prediction",
        "inferred_health", "inferred_race", "inferred_trait", "protected_trait", "philosophical", "sex_life", "hiv_",
        "chronic_disease", "migration", "pregnan",
    ),
    "the body as a key": ("biometric", "face_recognition", "facial_recognition", "voiceprint", "fingerprint"),
}  # fmt: skip


def prohibited(fields: Iterable[str]) -> list[str]:
    """Return the fields that may not be collected about those who work, in their order (D1, D2)."""
    words = [f"_{word}" for group in PROHIBITED.values() for word in group]
    return [name for name in fields if any(word in f"_{name.lower()}_" for word in words)]
