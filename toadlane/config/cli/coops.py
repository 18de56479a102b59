"""What is done for one co-op from the machine it lives on."""

import importlib.util
from datetime import timedelta
from typing import Any

import click

from toadlane.config.cli.common import as_json, coop_at, inside, kindly, operator, progress, tell, wake


@click.command()
@click.option("--blueprint", required=True, help="What the co-op will do: a name in the library.")
@click.option("--name", required=True)
@click.option("--slug", required=True, help="Its short name, as in /c/<slug>/.")
@click.option("--founder", required=True, help="E-mail of a person with an account, who signs first.")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--language", default="en", show_default=True)
@click.option("--pack", default="none", show_default=True, help="Jurisdiction pack: the law's floors and caps.")
@click.option("--sandbox", is_flag=True, help="For trying out: its clock can be moved forward.")
@as_json
@kindly
def found(
    *, blueprint: str, name: str, slug: str, founder: str, currency: str, language: str, pack: str, sandbox: bool, as_json: bool
) -> None:
    """Found a co-op from a blueprint, with the rules as the blueprint has them."""
    wake()
    from toadlane.blueprints import installer
    from toadlane.plumbing.clock import queries as clock
    from toadlane.society.coops import queries as coops

    if blueprint not in installer.names():
        raise click.BadParameter(f"is one of {', '.join(installer.names())}.", param_hint="--blueprint")
    coop = installer.found(
        blueprint=blueprint, name=name, slug=slug, founder=person_at(founder), by=operator(), at=clock.machine_time(),
        sandbox=sandbox, currency=currency, pack=pack, language=language,
    )  # fmt: skip
    address = coops.address(coop, "directory:home")
    tell(as_json, {"slug": coop.slug, "name": coop.name, "address": address}, f"{coop.name} is founded: {address}")


@click.command()
@click.option("--coop", required=True, help="A sandbox co-op.")
@click.option("--days", default=0, help="Move it forward by so many days.")
@click.option("--hours", default=0, help="And so many hours.")
@click.option("--stay", is_flag=True, help="Let one that is on its way stay where it has come to.")
@as_json
@kindly
def clock(*, coop: str, days: int, hours: int, stay: bool, as_json: bool) -> None:
    """Show a co-op's time; move a sandbox forward, and let everything on the way happen at its own time."""
    wake()
    from toadlane.plumbing.clock import queries
    from toadlane.plumbing.outbox import services, walking
    from toadlane.plumbing.tenancy.models import Tenant

    with inside(coop, "system") as (it, by):
        if stay:
            services.stay(by=by)
        if days or hours:
            services.move_on(by=by, days=days, hours=hours)
            walking.accompany(it.pk, progress(quiet=as_json))
        tenant = Tenant.objects.get(pk=it.pk)
        now, ahead, goal = queries.now(tenant), tenant.ahead_by, queries.bound_for(tenant)
    told = {
        "coop": it.slug, "now": now.isoformat(), "ahead_seconds": int(ahead.total_seconds()), "sandbox": tenant.is_sandbox,
        "bound_for": goal.isoformat() if goal else None,
    }  # fmt: skip
    further = f", {ahead // timedelta(days=1)} days ahead" if ahead else ""
    further += f", on its way to {goal:%A %d %B %Y, %H:%M} UTC" if goal else ""
    tell(as_json, told, f"{it.name}: {now:%A %d %B %Y, %H:%M} UTC{further}")


@click.command()
@click.option("--person", required=True, help="E-mail or phone number of the person it is for.")
@click.option("--name", required=True, help="What it is for, so that its owner knows it again.")
@click.option("--coop", help="Open this co-op alone; without it, all of the person's.")
@click.option("--scope", "scopes", multiple=True, default=("read",), show_default=True, help="read, write, money.")
@click.option("--days", default=90, show_default=True, help="How long it is good for.")
@as_json
@kindly
def token(*, person: str, name: str, coop: str | None, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    """Make a key for programs. It is shown once."""
    wake()
    from toadlane.plumbing.access.principals import Channel, Principal
    from toadlane.plumbing.clock import queries as clock
    from toadlane.society.people import services as people

    owner, now = person_at(person), clock.machine_time()
    made, secret = people.issue_token(
        by=Principal(coop_id=None, channel=Channel.CLI, person_id=owner.pk), person=owner, name=name, scopes=list(scopes),
        coop_id=coop_at(coop).pk if coop else None, at=now, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    tell(
        as_json,
        {"token": secret, "expires_at": made.expires_at},
        secret,
        f"Good until {made.expires_at:%d %B %Y}. It is not shown again.",
    )


def person_at(address: str) -> Any:
    """Return the person with this e-mail address or phone number."""
    from toadlane.society.people.models import Person

    person = Person.objects.filter(email__iexact=address).first() or Person.objects.filter(phone=address).first()
    if person is None:
        raise click.BadParameter(f"nobody here has the address {address}: sign up first.")
    return person


@click.command()
@click.option("--coop", help="One co-op; without it, all of them.")
@as_json
@kindly
def reindex(*, coop: str | None, as_json: bool) -> None:
    """Build the search index anew from the database."""
    wake()
    from toadlane.plumbing.access.principals import Principal
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.coops import queries as coops
    from toadlane.trade.catalog import services as catalog

    counts: dict[str, int] = {}
    for one in [coop_at(coop)] if coop else coops.everyone():
        with scope(one.pk):
            counts[one.slug] = catalog.rebuild_index(by=Principal.job(one.pk))
    tell(as_json, {"indexed": counts}, *(f"{slug}: {n} listings" for slug, n in counts.items()))


@click.command()
@click.option("--coop", help="One co-op; without it, all of them.")
@as_json
@kindly
def recount(*, coop: str | None, as_json: bool) -> None:
    """Work out anew what each member did, month by month, from the orders: where `verify` says that totals do not hold."""
    wake()
    from toadlane.ownership.surplus import queries, services
    from toadlane.plumbing.access.principals import Principal
    from toadlane.plumbing.clock import queries as clock
    from toadlane.plumbing.tenancy.scope import scope
    from toadlane.society.coops import queries as coops

    told: dict[str, dict[str, int]] = {}
    for one in [coop_at(coop)] if coop else coops.everyone():
        with scope(one.pk):
            wrong = len(queries.totals_hold().faults)
            rows = services.count_anew(by=Principal.job(one.pk), at=clock.now(one.tenant))
            told[one.slug] = {"totals": rows, "were_wrong": wrong}
    lines = (f"{slug}: {one['totals']} totals worked out anew, {one['were_wrong']} were wrong" for slug, one in told.items())
    tell(as_json, {"recounted": told}, *lines)


@click.command()
@click.option("--coop", required=True, help="A co-op by its short name.")
@click.option("--payments", type=click.Path(dir_okay=False, writable=True), help="Write every card payment into a CSV file.")
@as_json
@kindly
def companies(*, coop: str, payments: str | None, as_json: bool) -> None:
    """Show who takes cards for a co-op, how much is with whom, and what is left to do with a company that it leaves."""
    wake()
    from dataclasses import asdict
    from pathlib import Path

    from toadlane.money.payments import queries
    from toadlane.plumbing.clock import queries as clock

    with inside(coop, "system") as (it, _by):
        left = queries.left_with(clock.now(it.tenant))
        written = queries.as_csv() if payments else ""
    if payments:
        Path(payments).write_text(written)
    lines = [f"{it.name}: " + (f"cards are taken by {left[0].title}" if left and left[0].is_chosen else "nobody takes cards")]
    for one in left:
        said = ", ".join(str(amount) for amount in one.holds) or "nothing"
        lines.append(f"{one.title} holds {said}; of it may go to the bank: {', '.join(map(str, one.free)) or 'nothing'}")
        lines.append(
            f"  under way: {one.running} payments, {one.refunds} refunds, {one.payouts} payouts, {one.disputes} disputes; "
            f"may still go back: {one.refundable}"
        )
        lines += [f"  not paid until they have said where: {', '.join(one.not_ready)}"] if one.not_ready else []
        lines += ["  nothing is left there: its keys may be taken away"] if one.is_done else []
    told = [asdict(one) | {"is_done": one.is_done} for one in left]
    tell(as_json, {"coop": it.slug, "companies": told}, *lines)


def _ledger() -> click.Command:
    """Return the ledger's own command. It is the room's, and only hung up here."""
    if importlib.util.find_spec("toadlane.money.ledger.cli") is None:
        return click.Group("ledger", help="The books of a co-op.")
    wake()
    from toadlane.money.ledger.cli import ledger as command

    return command


ledger = _ledger()
