from collections.abc import Iterator

from toadlane.ownership.bookkeeping.models import Closing, Draft
from toadlane.plumbing.triggers.refusals import Refusal


def refusals() -> Iterator[Refusal]:
    draft, closing = Draft._meta.db_table, Closing._meta.db_table
    yield Refusal(
        name="rewriting", table=draft, verb="UPDATE", because=f"{draft}: what was entered is booked as it was written",
        when="NEW.kind <> OLD.kind OR NEW.currency <> OLD.currency OR NEW.text <> OLD.text OR NEW.made_by <> OLD.made_by OR "
             "NEW.legs <> OLD.legs OR NEW.\"on\" <> OLD.\"on\" OR NEW.supplier_id IS DISTINCT FROM OLD.supplier_id OR "
             "NEW.corrects_id IS DISTINCT FROM OLD.corrects_id OR "
             "OLD.state <> 'waiting'",
    )  # fmt: skip
    yield Refusal(name="forgetting", table=draft, verb="DELETE", because=f"{draft} is kept")
    yield Refusal(name="reopening", table=closing, verb="UPDATE", because=f"{closing}: closed days stay closed",
                  when="OLD.closed_at IS NOT NULL OR NEW.until_on <> OLD.until_on")  # fmt: skip
    yield Refusal(name="forgetting", table=closing, verb="DELETE", because=f"{closing} is kept")
