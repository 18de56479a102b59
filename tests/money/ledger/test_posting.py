import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from toadlane.kernel import ids
from toadlane.kernel.currencies import UnknownCurrency
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import Account, JournalEntry, Posting
from toadlane.money.ledger.services import Leg
from toadlane.plumbing.tenancy.scope import scope

POSTGRESQL = connection.vendor == "postgresql"


def euro(minor):
    return Money(minor, "EUR")


@pytest.fixture
def post(inside, board, at):
    def _post(key="deposit:1", minor=500, narration="Deposit", postings=None, **more):
        legs = postings if postings is not None else [Leg("1000", euro(minor)), Leg("2100", euro(-minor))]
        return ledger.post(key=key, narration=narration, postings=legs, by=board, at=at, **more)

    return _post


def balance(code):
    return queries.balance(code, "EUR").minor


def test_value_moves_once_for_one_intent(post):
    assert post() == post()
    assert (balance("1000"), JournalEntry.objects.count()) == (500, 1)


def test_a_retry_may_speak_another_language(post):
    assert post(narration="Deposit") == post(narration="Dépôt")


@pytest.mark.parametrize("other", [{"minor": 501}, {"subject": "order:2"}])
def test_a_key_is_not_used_for_two_intents(post, other):
    post()
    with pytest.raises(ledger.KeyReused):
        post(**other)
    # The refusal did not cost the caller their transaction.
    assert balance("1000") == 500


def test_an_entry_is_one_statement_however_many_postings(post, django_assert_num_queries):
    post()
    legs = [Leg("1000", euro(1), holder=f"n:{n}") for n in range(40)] + [Leg("2100", euro(-40))]
    with django_assert_num_queries(1):
        post(key="many", postings=legs)
    assert balance("1000") == 540


@pytest.mark.parametrize(
    ("legs", "error"),
    [
        ([("1000", 500), ("2100", -499)], ledger.Unbalanced),
        ([("1000", 500)], ledger.Unbalanced),
        ([], ledger.Unbalanced),
        ([("1000", 500), ("2100", 0), ("2110", -500)], ledger.NonPositiveAmount),
        ([("9999", 500), ("2100", -500)], ledger.UnknownAccount),
        ([("2150", 500), ("1000", -500)], ledger.RestrictedAccount),
    ],
)
def test_what_the_service_refuses(post, legs, error):
    with pytest.raises(error):
        post(postings=[Leg(code, euro(minor)) for code, minor in legs])
    assert JournalEntry.objects.count() == 0


def test_nothing_is_booked_in_a_money_that_nobody_knows(post):
    for code in ("XQZ", "eur", ""):
        with pytest.raises(UnknownCurrency):
            post(postings=[Leg("1000", Money(500, code)), Leg("2100", Money(-500, code))])
    assert not JournalEntry.objects.exists() and not Account.objects.exclude(currency="EUR").exists()


def test_currencies_balance_each_for_itself(post):
    with pytest.raises(ledger.Unbalanced):
        post(postings=[Leg("1000", euro(500)), Leg("2100", Money(-500, "USD"))])
    post(postings=[Leg("1000", euro(5)), Leg("1900", euro(-5)), Leg("1900", Money(700, "JPY")), Leg("1000", Money(-700, "JPY"))])
    assert queries.balance("1000", "JPY") == Money(-700, "JPY")


def test_a_posting_says_by_which_rule_and_whose_it_is(post):
    entry = post(
        postings=[Leg("2100", euro(9)), Leg("2110", euro(-9), holder="membership:7", rule="fees.commission", rule_version=3)]
    )
    last = entry.postings.get(position=1)
    assert (last.holder, last.rule, last.rule_version) == ("membership:7", "fees.commission", 3)
    assert queries.balance("2110", "EUR", "membership:7") == euro(-9)
    assert queries.balance("2110", "EUR", "membership:8") == euro(0)


def test_a_restricted_fund_is_spent_on_its_purpose_only(post):
    post(postings=[Leg("6400", euro(900)), Leg("2150", euro(-900))])

    def spend(purpose):
        return post(key=f"spend:{purpose}", postings=[Leg("2150", euro(100), purpose=purpose), Leg("2160", euro(-100))])

    for purpose in ("", "party"):
        with pytest.raises(ledger.RestrictedAccount) as refused:
            spend(purpose)
    assert "grant_award" in str(refused.value.hint)
    spend("grant_award")
    assert balance("2150") == -800


# What the database keeps, against everyone who gets past the service.


def raw(at, *postings, entry_id=None, key="raw", before=(), entry_coop=None):
    """Write an entry the way someone with the keys of the database could: one statement there, two here."""
    entry_id = entry_id or ids.new()
    rows = [
        Posting(entry_id=entry_id, position=n, account=Account.objects.get(code=code, currency="EUR"), minor=minor,
                purpose=purpose, posted_at=at)
        for n, (code, minor, purpose) in enumerate(postings)
    ]  # fmt: skip
    fields = {"key": key, "intent": "i", "digest": "d", "narration": "raw", "posted_by": "test", "posted_at": at}
    with transaction.atomic():
        if not POSTGRESQL:
            Posting.objects.bulk_create(rows)
            with scope(entry_coop) if entry_coop else transaction.atomic():
                JournalEntry.objects.create(id=entry_id, **fields)
            return
        for row in rows:
            row.claim()
        entry = JournalEntry(id=entry_id, **fields)
        entry.coop_id = entry_coop or rows[0].coop_id
        with connection.cursor() as cursor:
            values = ", ".join(["(%s::uuid, %s, %s, %s, %s, '', %s, %s, '')"] * len(rows))
            cursor.execute(
                "WITH entry AS (INSERT INTO ledger_journalentry (id, coop_id, key, intent, digest, narration, subject, posted_by,"
                " posted_at) VALUES (%s, %s, %s, 'i', 'd', 'raw', '', 'test', %s)) INSERT INTO ledger_posting (entry_id, coop_id,"
                f" posted_at, position, account_id, holder, minor, purpose, rule) VALUES {values}",
                [entry.pk, entry.coop_id, key, at,
                 *(v for r in rows for v in (r.entry_id, r.coop_id, at, r.position, r.account_id, r.minor, r.purpose))],
            )  # fmt: skip


@pytest.fixture
def opened(post):
    post(key="open", postings=[Leg(c, euro(-1)) for c in ("2100", "2150")] + [Leg("1000", euro(2))])


def test_a_raw_entry_that_balances_is_fine(opened, at):
    raw(at, ("1000", 5, ""), ("2100", -5, ""))
    assert JournalEntry.objects.filter(key="raw").exists()


@pytest.mark.parametrize(
    ("postings", "because"),
    [
        ([("1000", 500, ""), ("2100", -499, "")], "sums to zero"),
        ([("1000", 500, "")], "sums to zero|two postings"),
        ([("2150", 500, ""), ("2100", -500, "")], "allowed purpose"),
        ([("2150", 500, "party"), ("2100", -500, "")], "allowed purpose"),
        ([("1000", 0, ""), ("2100", 0, "")], "moves_something|CHECK"),
    ],
)
def test_what_the_database_refuses(opened, at, postings, because):
    with pytest.raises(IntegrityError, match=because):
        raw(at, *postings)


def test_an_entry_without_postings_is_refused_by_the_database(opened, at):
    with pytest.raises(IntegrityError, match="two postings"), transaction.atomic():
        JournalEntry.objects.create(id=ids.new(), key="x", intent="i", digest="d", narration="n", posted_by="b", posted_at=at)


def test_postings_without_an_entry_do_not_survive_the_transaction(opened, at):
    account = Account.objects.get(code="1000", currency="EUR")
    with pytest.raises(IntegrityError), transaction.atomic():
        for n, minor in enumerate((5, -5)):
            Posting.objects.create(entry_id=ids.new(), position=n, account=account, minor=minor, posted_at=at)
        connection.check_constraints()


def test_nothing_is_added_to_an_entry(post, at):
    entry = post()
    account = Account.objects.get(code="1000", currency="EUR")
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
        rows = [Posting(entry=entry, position=n, account=account, minor=m, posted_at=at) for n, m in ((8, 1), (9, -1))]
        Posting.objects.bulk_create(rows)


def test_an_entry_of_one_coop_cannot_hold_postings_of_another(opened, wheels, at):
    with pytest.raises(IntegrityError, match="share a co-op"):
        raw(at, ("1000", 5, ""), ("2100", -5, ""), entry_coop=wheels.pk)


def test_a_posting_cannot_use_an_account_of_another_coop(opened, wheels, charlie, at):
    account = Account.objects.get(code="1000", currency="EUR")
    with scope(wheels.pk), pytest.raises(IntegrityError, match="share a co-op"), transaction.atomic():
        Posting.objects.bulk_create(
            Posting(entry_id=ids.new(), position=n, account_id=account.pk, minor=m, posted_at=at) for n, m in ((0, 1), (1, -1))
        )


@pytest.mark.parametrize("rows", [JournalEntry.objects, Posting.objects], ids=["entry", "posting"])
def test_the_books_are_append_only(post, rows):
    post()
    change = {"narration": "lunch"} if rows.model is JournalEntry else {"minor": F("minor") * 2}
    for write in (lambda: rows.update(**change), lambda: rows.all()._raw_delete("default")):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            write()


def test_an_account_keeps_its_currency_and_its_restriction(opened):
    fund = Account.objects.filter(code="2150")
    for change in ({"is_restricted": False}, {"currency": "USD"}, {"code": "1000"}):
        with pytest.raises(IntegrityError, match="keeps its currency"), transaction.atomic():
            fund.update(**change)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        fund._raw_delete("default")


def test_charlie_sees_none_of_it(post, wheels):
    post()
    with scope(wheels.pk):
        assert queries.balances() == []
        assert queries.balance("1000", "EUR") == euro(0)
        assert not JournalEntry.objects.exists()


# ------------------------------------------------------------------------------------------------------------ many at once


@pytest.fixture
def post_all(inside, board, at):
    def _post_all(*amounts, legs=None, at=at):
        wanted = [
            ledger.Entry(f"many:{n}", "Paid", legs or [Leg("1000", euro(minor)), Leg("2100", euro(-minor))], f"thing:{n}")
            for n, minor in enumerate(amounts)
        ]
        return ledger.post_all(entries=wanted, by=board, at=at)

    return _post_all


def test_many_entries_are_what_as_many_single_ones_are(post, post_all, django_assert_max_num_queries):
    post_all(1)  # Accounts are opened when first used.
    with django_assert_max_num_queries(20 if POSTGRESQL else 24):
        post_all(*range(1, 501))
    assert balance("1000") == sum(range(1, 501)) and JournalEntry.objects.count() == 500
    assert Posting.objects.count() == 1000 and queries.balance("2100", "EUR") == euro(-sum(range(1, 501)))
    again = post(key="many:7", narration="Paid", postings=[Leg("1000", euro(8)), Leg("2100", euro(-8))], subject="thing:7")
    assert again.digest == queries.digest_over(JournalEntry.objects.get(key="many:7")), "the same intent, and the same seal"


def test_what_has_its_key_stays_and_what_is_another_is_refused(post_all):
    post_all(5, 6)
    post_all(5, 6, 7)
    assert balance("1000") == 18
    with pytest.raises(ledger.KeyReused):
        post_all(5, 9, 7, 8)
    assert balance("1000") == 18 and JournalEntry.objects.count() == 3, "none of it is written"


@pytest.mark.parametrize(
    ("legs", "error"),
    [
        ([Leg("1000", euro(5)), Leg("2100", euro(-4))], ledger.Unbalanced),
        ([Leg("2170", euro(5), holder="membership:1"), Leg("1000", euro(-5))], ledger.CreditIsNoMoney),
        ([Leg("2154", euro(5)), Leg("1000", euro(-5))], ledger.RestrictedAccount),
    ],
)
def test_one_that_is_wrong_stops_all(post_all, legs, error, monkeypatch):
    with pytest.raises(error):
        post_all(1, 2, legs=legs)
    from toadlane.money.ledger.services import posting

    monkeypatch.setattr(posting, "_check", lambda _legs: None)
    with pytest.raises(IntegrityError), transaction.atomic():
        post_all(1, 2, legs=legs)
    assert not JournalEntry.objects.exists()
