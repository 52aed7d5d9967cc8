"""Does what a creator sees of her money take longer when her history is long?

    python bench/statement.py [--postings 1000 10000 1000000] [--rounds 5]

Creators with so many postings on their accounts, over five years, stand in one database on a Postgres that this program
starts and removes. What their pages ask is timed for each in turn, in one run: medians, and the ratio to the shortest
history. Two months of everybody's have the same twenty sales, so that statements of equal length are compared; a busy
month's, and those with proofs, are told with their lines. The rows are copies of one sale that went through the
product's own functions, written past the triggers for speed; what is measured is the product's.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import provable
from bench.stage import own_servers, say

A_SALE = 3  # postings on her accounts: pending; then out of pending, into available
MONTHS, QUIET, COURSES = 60, 30, 5
TAIL = 1_000
BASE = 10_000_000


@dataclass
class Seller:
    """A creator with a long history. `base` keeps her rows' ids apart from others'."""

    creator: Any
    sales: int
    base: int
    courses: list[Any] = field(default_factory=list)


class Copies:
    """Writes many sales like one that there is."""

    def __init__(self, cursor: Any, template: dict[str, Any]) -> None:
        self.cursor, self.of = cursor, template

    def copy(self, table: str, where: str, **changes: str) -> None:
        """Each fitting row of `table` for each row of `series` (n, at), some columns changed to SQL expressions."""
        changed = ", ".join(f"'{column}', {value}" for column, value in changes.items())
        self.cursor.execute(
            f"INSERT INTO {table} SELECT made.* FROM {table} AS old CROSS JOIN series CROSS JOIN LATERAL"
            f" jsonb_populate_record(NULL::{table}, to_jsonb(old) || jsonb_build_object({changed})) AS made"
            f" WHERE {where}"
        )

    def make(self, seller: Seller) -> None:
        self._series(seller)
        key, owner = f"({seller.base} + n)", str(seller.creator.pk)
        number = f"'K' || lpad(to_hex({key}), 9, '0')"
        course = f"(ARRAY{[each.pk for each in seller.courses]})[1 + n % {COURSES}]"
        released = "CASE WHEN at < now() - interval '32 days' THEN at + interval '32 days' END"
        self.copy(
            "payments_order", f"old.id = {self.of['order']}", id=key, number=number, token="gen_random_uuid()",
            basket=f"md5({key}::text)", charge_id=f"'ch_b' || {key}", checkout_session_id=f"'cs_b' || {key}",
            invoice_number="NULL", paid_at="at", placed_at="at",
        )  # fmt: skip
        self.copy(
            "payments_orderitem", f"old.order_id = {self.of['order']}", id=key, order_id=key, creator_id=owner,
            course_id=course, granted_at="NULL", hold_until="at + interval '31 days'", released_at=released,
        )  # fmt: skip
        self.copy(
            "payments_itemshare", f"old.item_id = {self.of['item']}", id=f"{key} * 4 + old.id - {self.of['share']}",
            item_id=key, owner_id=f"CASE WHEN old.owner_id IS NULL THEN NULL ELSE {owner} END",
        )  # fmt: skip
        self._entries(seller, key, number)
        self._payouts(seller)

    def _series(self, seller: Seller) -> None:
        self.cursor.execute("DROP TABLE IF EXISTS series")
        span = f"interval '{MONTHS} months'"
        sales = (
            f"SELECT n, now() - {span} + n * ({span} / {seller.sales}) AS at"
            f" FROM generate_series(1, {seller.sales - 1}) AS n"
        )
        self.cursor.execute(
            "CREATE TEMP TABLE series AS SELECT n, at FROM (SELECT n, at, row_number() OVER"
            f" (PARTITION BY date_trunc('month', at) ORDER BY n) AS place FROM ({sales}) AS every) AS placed"
            f" WHERE date_trunc('month', at) NOT IN ('{quiet_month()}', '{after_it()}') OR place <= 20"
        )

    def _entries(self, seller: Seller, key: str, number: str) -> None:
        accounts = {}
        for place, old in enumerate(self.of["accounts"].values()):
            accounts[old] = seller.base + place
            self.cursor.execute("DROP TABLE IF EXISTS series_kept; ALTER TABLE series RENAME TO series_kept")
            self.cursor.execute("CREATE TEMP TABLE series AS SELECT 1 AS n")
            self.copy(
                "payments_ledgeraccount", f"old.id = {old}", id=str(accounts[old]), owner_id=str(seller.creator.pk)
            )
            self.cursor.execute("DROP TABLE series; ALTER TABLE series_kept RENAME TO series")
        cases = " ".join(f"WHEN {old} THEN {new}" for old, new in accounts.items())
        for place, kind in enumerate(("sale", "release")):
            entry = self.of[kind]
            when = "at" if kind == "sale" else "at + interval '32 days'"
            due = "TRUE" if kind == "sale" else "at < now() - interval '32 days'"
            self.copy(
                "payments_ledgerentry", f"old.id = {entry} AND {due}", id=f"{key} * 2 + {place}",
                idem_key=f"'{kind}:b' || {key}", occurred_at=when, created_at=when,
                meta=f"old.meta || jsonb_build_object('order', {number})",
            )  # fmt: skip
            self.copy(
                "payments_ledgerposting", f"old.entry_id = {entry} AND {due}",
                id=f"{key} * 16 + {place * 8} + old.id - {self.of['posting_' + kind]}", entry_id=f"{key} * 2 + {place}",
                account_id=f"CASE old.account_id {cases} ELSE old.account_id END",
            )  # fmt: skip

    def _payouts(self, seller: Seller) -> None:
        """One a week; it covers what was released in the week before."""
        week = "extract(epoch FROM i.released_at)::bigint / 604800"
        self.cursor.execute("ALTER TABLE series RENAME TO series_kept")
        self.cursor.execute(
            f"CREATE TEMP TABLE series AS SELECT DISTINCT {week} AS n FROM payments_orderitem i"
            f" WHERE i.creator_id = {seller.creator.pk} AND i.released_at < now() - interval '14 days'"
        )
        self.copy(
            "payments_payout", f"old.id = {self.of['payout']}", id=f"{seller.base} + n",
            creator_id=str(seller.creator.pk), run_id=f"{seller.base} + n", token="gen_random_uuid()",
            transfer_id=f"'tr_b' || ({seller.base} + n)",
        )  # fmt: skip
        self.cursor.execute("DROP TABLE series; ALTER TABLE series_kept RENAME TO series")
        self.cursor.execute(
            f"INSERT INTO payments_payoutitem (id, payout_id, share_id, amount_minor, freed)"
            f" SELECT s.id, {seller.base} + {week}, s.id, s.amount_minor, FALSE"
            f" FROM payments_itemshare s JOIN payments_orderitem i ON i.id = s.item_id"
            f" WHERE s.owner_id = {seller.creator.pk} AND i.released_at < now() - interval '14 days'"
        )

        self.cursor.execute(
            "INSERT INTO payments_releasedshare (share_id, owner_id, book, currency, amount_minor)"
            " SELECT s.id, s.owner_id, 'sandbox', 'USD', s.amount_minor"
            " FROM payments_itemshare s JOIN payments_orderitem i ON i.id = s.item_id"
            f" WHERE s.owner_id = {seller.creator.pk} AND i.released_at >= now() - interval '14 days'"
        )

    def settle(self) -> None:
        """Kept balances and checkpoints as the product would have them."""
        provable.in_order(self.cursor)
        sums = "SELECT account_id, sum(amount_minor), max(id) FROM payments_ledgerposting GROUP BY account_id"
        self.cursor.execute("TRUNCATE payments_ledgerbalance, payments_ledgercheckpoint")
        for table, columns, cached in (
            ("payments_ledgerbalance", "account_id, amount_minor, last_posting_id", "a.cached"),
            ("payments_ledgercheckpoint", "account_id, amount_minor, through_posting_id", "NOT a.cached"),
        ):
            self.cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT s.account_id, s.sum, s.max FROM ({sums}) AS s"
                f" JOIN payments_ledgeraccount a ON a.id = s.account_id WHERE {cached}"
            )
        self.cursor.execute("SET session_replication_role = DEFAULT")
        self.cursor.execute("VACUUM ANALYZE")


def quiet_month() -> date:
    from payments.incomes.figures import months_after

    return months_after(datetime.now(UTC).date().replace(day=1), QUIET - MONTHS)


def after_it() -> date:
    """As quiet: what is released in it was sold in a quiet month, too."""
    from payments.incomes.figures import months_after

    return months_after(quiet_month(), 1)


def busy_month() -> date:
    from payments.incomes.figures import months_after

    return months_after(quiet_month(), 2)


def template() -> dict[str, Any]:
    """One sale of the product's own making, released and paid out; the ids of its rows."""
    from payments import payouts
    from payments.models import LedgerAccount, LedgerEntry, Payout
    from tests.payments import sales

    one = sales.creator_named("Tess")
    order = sales.sell(one, fee=False)
    sales.sell(sales.creator_named("Funder"))
    sales.ready_account(one)
    sales.pass_hold()
    payouts.run(None)
    sales.carry_out_runs()
    sales.submit_all()
    item = order.items.get()
    found: dict[str, Any] = {"order": order.pk, "item": item.pk, "share": item.shares.order_by("pk").first().pk}
    for kind, key in (("sale", f"sale:{order.charge_id}"), ("release", None)):
        entries = LedgerEntry.objects.filter(kind=kind, postings__account__owner_id=one.pk)
        entry = entries.filter(idem_key=key).first() if key else entries.first()
        assert entry is not None
        found |= {kind: entry.pk, f"posting_{kind}": entry.postings.order_by("pk").first().pk}
    kinds = ("creator_pending", "creator_available", "payout_in_transit")
    accounts = LedgerAccount.objects.filter(owner_id=one.pk, kind__in=kinds)
    return found | {"accounts": {row.kind: row.pk for row in accounts}, "payout": Payout.objects.get(creator=one).pk}


def sellers(postings: list[int]) -> list[Seller]:
    from tests.payments import sales

    made = []
    for n, count in enumerate(postings, start=1):
        creator = sales.creator_named(f"Seller{n}")
        courses = [sales.course_of(creator) for _n in range(COURSES)]
        made.append(Seller(creator, count // A_SALE, BASE * n, courses))
    return made


def questions(seller: Seller) -> dict[str, Callable[[], Any]]:
    """What the pages ask, by name. The last two are told per line."""
    from payments.earnings import overview
    from payments.incomes import figures, page, receipts, statements
    from payments.incomes.sales import Chosen, sales_of

    creator, rare = seller.creator, seller.courses[0].pk
    first_item = sales_of(creator).order_by("item_id").first().item_id
    year = quiet_month().year

    def first_page(**chosen: Any) -> Callable[[], Any]:
        return lambda: list(sales_of(creator, Chosen(**chosen))[:20])

    return {
        "balances and next payout": lambda: overview(creator),
        "figures, twelve months": lambda: figures.figures(creator, "USD", *page.period(None)),
        "figures, a year long ago": lambda: figures.figures(creator, "USD", *page.period(year)),
        "the whole page's data": lambda: page.shown(creator, page.Asked()),
        "sales, newest": first_page(),
        "sales of a month long ago": first_page(month=quiet_month()),
        "sales of one course": first_page(course_id=rare),
        "sales, available": first_page(state="available"),
        "sales, paid": first_page(state="paid"),
        "sales, given back (none)": first_page(state="refunded"),
        "receipt of the first sale": lambda: receipts.receipt(creator, first_item),
        "statement of twenty sales": lambda: statements.statement(creator, "USD", quiet_month()),
    }


def measured(acts: list[Callable[[], Any]], rounds: int) -> list[float]:
    """Median seconds of each, in turn."""
    times: list[list[float]] = [[] for _act in acts]
    for _round in range(rounds + 1):
        for kept, act in zip(times, acts, strict=True):
            began = time.perf_counter()
            act()
            kept.append(time.perf_counter() - began)
    return [statistics.median(kept[1:]) for kept in times]


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--postings", type=int, nargs="+", default=[1_000, 10_000, 1_000_000])
    told.add_argument("--rounds", type=int, default=5)
    asked = told.parse_args()
    with own_servers():
        from django.db import connection

        from payments.incomes import rollups, statements
        from payments.models import LedgerEntry

        many = sellers(asked.postings)
        with connection.cursor() as cursor:
            copies = Copies(cursor, template())
            cursor.execute("SET session_replication_role = replica")
            for seller in many:
                copies.make(seller)
            copies.settle()
        began = time.perf_counter()
        newest = LedgerEntry.objects.order_by("-pk")[TAIL].pk
        rollups.rebuild(newest)
        built = time.perf_counter() - began
        say(
            f"{LedgerEntry.objects.count():,} entries summed up in {built:.1f} s; {TAIL:,} entries left behind the mark"
        )
        assert not list(rollups.breaks())
        provable.sealed()
        asks = [questions(seller) for seller in many]
        say(f"{'ms, and the ratio to the first':32}" + "".join(f"{count:>20,}" for count in asked.postings))
        for name in asks[0]:
            report(name, measured([ask[name] for ask in asks], asked.rounds))
        lines = [len(statements.statement(seller.creator, "USD", busy_month()).lines) for seller in many]
        busy = measured(
            [lambda s=seller: statements.statement(s.creator, "USD", busy_month()) for seller in many], asked.rounds
        )
        provable.tell_lines("statement of a busy month", busy, lines)
        provable.tell(many, {"of twenty sales": after_it(), "of a busy month": busy_month()}, asked.rounds, measured)


def report(name: str, seconds: list[float]) -> None:
    say(f"{name:32}" + "".join(f"{1e3 * each:>13.1f} {each / seconds[0]:>6.2f}" for each in seconds))


main()
