"""A payout run over many creators: does its time follow what is new, or what was?

    python bench/payout_run.py [--creators 1000 10000 100000] [--history 0 10 100] [--of 2000]

The same creators with more and more sales that were paid before; then the same two new sales a creator for more and
more creators. Each is measured in a database of its own on one embedded Postgres (and Valkey) that this program
starts and removes; nothing else is touched. A ratio of 1.0 says that a new posting costs the same as in the first row.

The rows are copies of sales that went through the product's own functions, written past the triggers for speed; the
release and the run that are measured are the product's, triggers included.
"""

import argparse
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from marketplace.local.servers import Servers  # noqa: E402

NEW = 2  # sales a creator that the run is about
DAY = "now() - interval '1 day'"


@dataclass(frozen=True)
class Row:
    """What one measurement found. Seconds by the clock."""

    creators: int
    history: int
    release_s: float
    release_postings: int
    run_s: float
    run_postings: int
    preview_s: float

    @property
    def micros(self) -> float:
        """Of the whole, a new posting."""
        return 1e6 * (self.release_s + self.run_s) / (self.release_postings + self.run_postings)


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--creators", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    told.add_argument("--history", type=int, nargs="*", default=[0, 10, 100])
    told.add_argument("--of", type=int, default=2_000, help="how many creators have the history")
    asked = told.parse_args()
    with tempfile.TemporaryDirectory(prefix="kezhan-bench-") as folder:
        servers = _servers(Path(folder))
        try:
            measure = _prepared()
            _table("a longer history", (measure(asked.of, history) for history in asked.history))
            _table("more creators", (measure(count, 0) for count in asked.creators))
        finally:
            from django.db import connections

            connections.close_all()
            servers.end()


def _servers(folder: Path) -> Servers:
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    servers = Servers(folder, {"POSTGRES_PASSWORD": "bench", "VALKEY_PASSWORD": "bench"}, durable=True)
    (folder / "log").mkdir()
    servers.start(lambda: False)
    os.environ |= servers.env | {
        "KEZHAN_HOME": str(folder), "KEZHAN_SECRET_KEY": "bench" * 10, "KEZHAN_DEBUG": "0", "ALLOW_SANDBOX": "1",
        "KEZHAN_BASE_URL": "http://127.0.0.1", "KEZHAN_LOG_LEVEL": "ERROR", "STRIPE_SECRET_KEY": "",
        "KEZHAN_PAYOUT_RUN_CAP_MINOR": "0", "DJANGO_SETTINGS_MODULE": "marketplace.settings",
    }  # fmt: skip
    return servers


def _prepared() -> Callable[[int, int], Row]:
    """Migrate, make the sales that are copied, and answer with what measures one case."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from payments import payouts
    from tests.payments import sales

    paid_before, new = sales.creator_named("Hist"), sales.creator_named("Tess")
    sales.sell(paid_before)
    sales.sell(sales.creator_named("Funder"))
    sales.ready_account(paid_before)
    sales.pass_hold()
    payouts.run(None)
    sales.submit_all()
    sales.sell(new)
    template = connection.settings_dict["NAME"]
    copies, cases = Copies(paid_before.pk, new.pk), itertools.count(1)

    def measure(creators: int, history: int) -> Row:
        _into_copy_of(template, f"bench_{next(cases)}")
        copies.make(creators, history)
        return _measured(creators, history)

    return measure


def _into_copy_of(template: str, name: str) -> None:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = "postgres"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    connection.close()
    connection.settings_dict["NAME"] = name


def _measured(creators: int, history: int) -> Row:
    from payments import ledger, payout_desk, payouts, releases
    from payments.models import LedgerPosting, Payout

    before = LedgerPosting.objects.count()
    release_s = _seconds(releases.free_due)
    released = LedgerPosting.objects.count()
    preview_s = _seconds(payout_desk.preview)
    run_s = _seconds(lambda: payouts.run(None))
    after = LedgerPosting.objects.count()
    begun = Payout.objects.filter(state="created")
    assert begun.count() == creators, f"{begun.count()} payouts"
    assert all(payout.amount_minor == NEW * 1500 for payout in begun[:1000])
    assert sum(payout.items.count() for payout in begun[:100]) == NEW * min(100, creators)
    assert not any(trial.difference for trial in ledger.trial_balance())
    return Row(creators, history, release_s, released - before, run_s, after - released, preview_s)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _table(title: str, rows: Iterator[Row]) -> None:
    _say(f"\n{title}: {NEW} new sales a creator")
    _say(
        f"{'creators':>9} {'paid before':>11} {'release s':>10} {'postings':>9} {'run s':>8} {'postings':>9}"
        f" {'preview s':>10} {'µs a posting':>13} {'ratio':>6}"
    )
    first = None
    for row in rows:
        first = first or row
        _say(
            f"{row.creators:>9,} {row.creators * row.history:>11,} {row.release_s:>10.2f} {row.release_postings:>9,}"
            f" {row.run_s:>8.2f} {row.run_postings:>9,} {row.preview_s:>10.2f} {row.micros:>13.0f}"
            f" {row.micros / first.micros:>6.2f}"
        )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Copies:
    """Writes many creators like two that there are: Tess, who has sold once, and Hist, who was paid for a sale."""

    BASE = 10_000_000

    def __init__(self, paid_before: int, new: int) -> None:
        self.paid_before, self.new = paid_before, new

    def make(self, creators: int, history: int) -> None:
        from django.db import connection

        with connection.cursor() as self.cursor:
            self.cursor.execute("SET session_replication_role = replica")
            self._people(creators)
            self._accounts(creators)
            self._sales(self.new, creators, NEW, first=0)
            if history:
                self._sales(self.paid_before, creators, history, first=creators * NEW)
                self._payouts(creators, history, first=creators * NEW)
            self._balances()
            self.cursor.execute("SET session_replication_role = DEFAULT")
            self._sequences()
            self.cursor.execute("ANALYZE")

    def copy(self, table: str, where: str, series: str, **changes: str) -> None:
        """Each row of `table` that fits, for each row of `series`, with some columns changed to SQL expressions."""
        changed = ", ".join(f"'{column}', {value}" for column, value in changes.items())
        self.cursor.execute(
            f"INSERT INTO {table} SELECT made.* FROM {table} AS old CROSS JOIN ({series}) AS n CROSS JOIN LATERAL"
            f" jsonb_populate_record(NULL::{table}, to_jsonb(old) || jsonb_build_object({changed})) AS made"
            f" WHERE {where}"
        )

    def _people(self, creators: int) -> None:
        c, one = f"({self.BASE} + c)", f"SELECT generate_series(1, {creators}) AS c"
        tess = f"(SELECT user_id FROM creators_creator WHERE id = {self.new})"
        self.copy("accounts_user", f"old.id = {tess}", one, id=c, email="'creator' || c || '@example.com'")
        self.copy("creators_creator", f"old.id = {self.new}", one, id=c, user_id=c, slug="'creator-' || c")
        self.copy(
            "payments_payoutaccount", f"old.creator_id = {self.paid_before}", one, id=c, creator_id=c,
            provider_account_id="'acct_bench_' || c",
        )  # fmt: skip

    def _accounts(self, creators: int) -> None:
        """Accounts of kind k of creator c have the id BASE * k + c."""
        for place, kind in enumerate(("creator_pending", "creator_available", "payout_in_transit"), start=1):
            self.copy(
                "payments_ledgeraccount", f"old.owner_id = {self.paid_before} AND old.kind = '{kind}'",
                f"SELECT generate_series(1, {creators}) AS c", id=f"({self.BASE * place} + c)",
                owner_id=f"({self.BASE} + c)",
            )  # fmt: skip

    def _sales(self, of: int, creators: int, each: int, first: int) -> None:
        j, c = f"({self.BASE} + {first} + j)", f"({self.BASE} + 1 + (j - 1) / {each})"
        many = f"SELECT generate_series(1, {creators * each}::bigint) AS j"
        item = f"(SELECT id FROM payments_orderitem WHERE creator_id = {of})"
        order = f"(SELECT order_id FROM payments_orderitem WHERE creator_id = {of})"
        self.copy(
            "payments_order", f"old.id = {order}", many, id=j, number=f"'B' || {j}", token=f"md5('t' || {j})::uuid",
            basket=f"md5('b' || {j})", checkout_session_id=f"'cs_' || {j}", charge_id=f"'ch_' || {j}",
            invoice_number=f"'B-' || {j}",
        )  # fmt: skip
        self.copy(
            "payments_orderitem", f"old.id = {item}", many, id=j, order_id=j, creator_id=c, granted_at="NULL",
            hold_until=DAY,
        )  # fmt: skip
        self.copy(
            "payments_itemshare", f"old.item_id = {item}", many, item_id=j,
            id=f"(2 * {j} + CASE old.kind WHEN 'creator' THEN 1 ELSE 0 END)",
            owner_id=f"CASE old.kind WHEN 'creator' THEN {c} END",
        )  # fmt: skip
        self._entries(of, many, j, c)

    def _entries(self, of: int, many: str, j: str, c: str) -> None:
        """The entries that touched accounts of `of`, each with all of its postings."""
        touched = (
            "(SELECT p.entry_id FROM payments_ledgerposting p JOIN payments_ledgeraccount a ON a.id = p.account_id"
            f" WHERE a.owner_id = {of})"
        )
        entry = (
            f"({j} * 8 + CASE old.kind WHEN 'sale' THEN 0 WHEN 'release' THEN 1 WHEN 'payout_hold' THEN 2 ELSE 3 END)"
        )
        self.copy(
            "payments_ledgerentry", f"old.id IN {touched}", many, id=entry, idem_key=f"old.kind || ':bench:' || {j}"
        )
        kind = "(SELECT kind FROM payments_ledgerentry WHERE id = old.entry_id)"
        account = "(SELECT kind FROM payments_ledgeraccount WHERE id = old.account_id)"
        place = f"CASE {account} WHEN 'creator_pending' THEN 1 WHEN 'creator_available' THEN 2 ELSE 3 END"
        self.copy(
            "payments_ledgerposting", f"old.entry_id IN {touched}", many,
            id=f"({j} * 64 + old.id - (SELECT min(id) FROM payments_ledgerposting))",
            entry_id=entry.replace("old.kind", kind),
            account_id=f"CASE WHEN {account} IN ('creator_pending', 'creator_available', 'payout_in_transit')"
            f" THEN {self.BASE} * ({place} - 1) + {c} ELSE old.account_id END",
        )  # fmt: skip

    def _payouts(self, creators: int, each: int, first: int) -> None:
        j, c = f"({self.BASE} + {first} + j)", f"({self.BASE} + 1 + (j - 1) / {each})"
        many = f"SELECT generate_series(1, {creators * each}::bigint) AS j"
        self.copy("payments_payoutrun", "true", f"SELECT generate_series(1, {each}) AS r", id=f"({self.BASE} + r)")
        self.copy(
            "payments_payout", f"old.creator_id = {self.paid_before}", many, id=j, creator_id=c,
            token=f"'bench' || {j}", transfer_id=f"'tr_' || {j}", run_id=f"({self.BASE} + 1 + (j - 1) % {each})",
        )  # fmt: skip
        share = f"(SELECT id FROM payments_itemshare WHERE owner_id = {self.paid_before})"
        self.copy("payments_payoutitem", f"old.share_id = {share}", many, id=j, payout_id=j, share_id=f"(2 * {j} + 1)")

    def _balances(self) -> None:
        self.cursor.execute(
            "INSERT INTO payments_ledgerbalance (account_id, amount_minor, last_posting_id)"
            " SELECT a.id, sum(p.amount_minor), max(p.id) FROM payments_ledgeraccount a"
            f" JOIN payments_ledgerposting p ON p.account_id = a.id WHERE a.cached AND a.id > {self.BASE} GROUP BY a.id"
        )

    def _sequences(self) -> None:
        self.cursor.execute(
            "SELECT pg_get_serial_sequence(table_name, 'id'), table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'id' AND is_identity = 'YES'"
        )
        for sequence, table in self.cursor.fetchall():
            self.cursor.execute(f"SELECT setval('{sequence}', (SELECT coalesce(max(id), 0) + 1 FROM {table}))")


if __name__ == "__main__":
    main()
