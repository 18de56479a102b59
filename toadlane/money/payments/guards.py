"""What the database refuses about payments."""

from collections.abc import Iterator

from toadlane.money.payments.models import Carried, Dispute, Errand, Payment, Payout, Provider, Refund, TakeBack, Voucher
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.triggers.refusals import Refusal

PAYMENT, CARRIED, TENANT = (model._meta.db_table for model in (Payment, Carried, Tenant))


def refusals() -> Iterator[Refusal]:
    yield Refusal(
        name="pretending", table=PAYMENT, verb="INSERT", because="only a sandbox is paid with pretended money",
        when=f"NEW.provider = '{Provider.SANDBOX}' AND NOT EXISTS "
             f"(SELECT 1 FROM {TENANT} t WHERE t.id = NEW.coop_id AND t.is_sandbox)",
    )  # fmt: skip
    yield Refusal(
        name="recast", table=PAYMENT, verb="UPDATE", because="what a payment is of does not change",
        when="NEW.amount_minor <> OLD.amount_minor OR NEW.currency <> OLD.currency OR NEW.subject <> OLD.subject "
             "OR NEW.provider <> OLD.provider",
    )  # fmt: skip
    yield Refusal(
        name="agreed", table=CARRIED, verb="UPDATE", because="nothing is sent on to the bank before two people have said so",
        when=f"NEW.state = '{Errand.DONE}' AND NEW.agreed_by IS NULL",
    )  # fmt: skip
    yield Refusal(
        name="recast", table=Payout._meta.db_table, verb="UPDATE", because="what a payout is of does not change",
        when="NEW.amount_minor <> OLD.amount_minor OR NEW.currency <> OLD.currency OR NEW.holder <> OLD.holder "
             "OR NEW.code <> OLD.code OR NEW.subject <> OLD.subject",
    )  # fmt: skip
    yield Refusal(
        name="recast", table=Voucher._meta.db_table, verb="UPDATE", because="a voucher was taken for a payment, or let go, once",
        when="NEW.number <> OLD.number OR NEW.payment_id <> OLD.payment_id OR OLD.let_go_at IS NOT NULL",
    )  # fmt: skip
    for model in (Payment, Refund, Payout, Dispute, TakeBack, Carried, Voucher):
        table = model._meta.db_table
        yield Refusal(name="kept", table=table, verb="DELETE", because=f"{table}: what was asked of a provider is kept")
