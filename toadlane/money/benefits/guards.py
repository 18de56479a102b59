"""What the database refuses about wallets and help, whatever the Python says."""

from collections.abc import Iterator

from toadlane.money.benefits.models import Batch, Contribution, Draw, GiveBack, Pledge, Relief, ReliefCode
from toadlane.plumbing.triggers.refusals import Refusal


def refusals() -> Iterator[Refusal]:
    batch, draw, relief, code = (model._meta.db_table for model in (Batch, Draw, Relief, ReliefCode))
    contribution = Contribution._meta.db_table
    back = GiveBack._meta.db_table
    for table in (batch, draw, relief, code, contribution, back, Pledge._meta.db_table):
        yield Refusal(name="forgetting", table=table, verb="DELETE", because="what was asked for or paid stays on the list")
    approved = f"EXISTS (SELECT 1 FROM {batch} b WHERE b.id = NEW.batch_id AND b.approved_at IS NOT NULL)"
    for table in (draw, relief):
        for verb in ("INSERT", "UPDATE"):
            yield Refusal(
                name="unapproved", table=table, verb=verb, when=f"NEW.state = 'paid' AND NOT {approved}",
                because="nothing is paid before a second person has approved its batch",
            )  # fmt: skip
        yield Refusal(
            name="rewriting", table=table, verb="UPDATE", because="what was asked for is paid, declined or taken back once",
            when="OLD.state <> 'asked' AND (NEW.state <> OLD.state OR NEW.amount_minor <> OLD.amount_minor "
                 "OR COALESCE(NEW.batch_id, -1) <> COALESCE(OLD.batch_id, -1)) OR NEW.amount_minor <> OLD.amount_minor",
        )  # fmt: skip
    yield Refusal(
        name="rewriting", table=batch, verb="UPDATE", because="a batch is approved or dropped once",
        when="OLD.approved_at IS NOT NULL OR OLD.dropped_at IS NOT NULL OR NEW.prepared_by_id <> OLD.prepared_by_id",
    )  # fmt: skip
    yield Refusal(
        name="rewriting", table=back, verb="UPDATE", because="what goes back is agreed to or dropped once",
        when="OLD.agreed_at IS NOT NULL OR OLD.dropped_at IS NOT NULL OR NEW.amount_minor <> OLD.amount_minor "
             "OR NEW.contribution_id <> OLD.contribution_id OR NEW.asked_by_id <> OLD.asked_by_id",
    )  # fmt: skip
    yield Refusal(
        name="reuse", table=code, verb="UPDATE", because="a code is used once",
        when="OLD.used_at IS NOT NULL AND (NEW.used_at IS NULL OR NEW.used_at <> OLD.used_at) OR NEW.digest <> OLD.digest",
    )  # fmt: skip
    unused = f"EXISTS (SELECT 1 FROM {code} c WHERE c.id = NEW.code_id AND c.used_at IS NOT NULL)"
    yield Refusal(
        name="uncoded", table=relief, verb="INSERT", because="help is asked for with a code", when=f"NOT {unused}"
    )  # fmt: skip
    yield Refusal(
        name="rewriting", table=contribution, verb="UPDATE", because="what is in a wallet was paid into it once",
        when="NEW.amount_minor <> OLD.amount_minor OR NEW.wallet_id <> OLD.wallet_id "
             "OR OLD.state = 'paid' AND NEW.state <> 'paid'",
    )  # fmt: skip
