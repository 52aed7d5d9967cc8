"""The exercise of docs/operations.md, Backup and restore: what was dumped comes back whole, into an empty database."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import transaction

from accounts.models import User
from marketplace.local.postgres import PROGRAMS
from payments.models import LedgerEntry
from payments.proof import seals
from tests.faults.test_transcoding_killed import worker_environment
from tests.learners.factories import watch
from tests.payments import shop
from tests.payments.test_invariants import break_in
from tests.workers import database_address

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(lin: User, ada: User) -> None:
    """Two courses, a paid order in a sealed day, films watched, mails and notices about it."""
    courses = shop.two_courses()
    shop.pay(shop.start(lin, courses))
    shop.deliver_all()
    watch(lin, courses[0].live_lessons()[0], 20)
    past_the_rules("UPDATE payments_ledgerentry SET created_at = created_at - interval '1 day'")
    assert seals.seal_closed_days(settings.PAYMENTS_BOOK)


def past_the_rules(statement: str) -> None:
    with transaction.atomic():
        break_in(statement)


@pytest.fixture
def empty() -> Iterator[str]:
    """The address of an empty database on the same server."""
    address = urlsplit(database_address())
    restored = f"{address.path.strip('/')}_restored"

    def ask(statement: str) -> None:
        line = psycopg2.connect(address._replace(path="/postgres").geturl())
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(statement)
        line.close()

    ask(f'DROP DATABASE IF EXISTS "{restored}"')
    ask(f'CREATE DATABASE "{restored}" TEMPLATE template0')
    yield address._replace(path=f"/{restored}").geturl()
    ask(f'DROP DATABASE "{restored}" WITH (FORCE)')


def program(name: str, *words: str | Path) -> bytes:
    return subprocess.run([PROGRAMS / name, *words], check=True, capture_output=True).stdout


def rows(address: str) -> list[bytes]:
    """Every row of every table, as text; in order, since a restored table may lie otherwise."""
    lines = program("pg_dump", "--data-only", "--no-owner", "-d", address).splitlines()
    return sorted(line for line in lines if not line.startswith((b"--", b"\\restrict", b"\\unrestrict")))


def manage(address: str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = worker_environment() | {"DATABASE_URL": address}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


def restore(dump: Path, address: str) -> None:
    program("pg_restore", "--no-owner", "--exit-on-error", "-d", address, dump)


def test_what_was_dumped_comes_back_whole_and_the_books_hold(busy: None, empty: str, tmp_path: Path) -> None:
    dump = tmp_path / "kezhan.dump"
    program("pg_dump", "-Fc", "-f", dump, "-d", database_address())
    before = rows(database_address())
    restore(dump, empty)
    assert rows(empty) == before
    for words in (["migrate", "--check"], ["ledger", "check"], ["ledger", "verify"]):
        ran = manage(empty, *words)
        assert ran.returncode == 0, (words, ran.stdout, ran.stderr)
    # Its own rules came along: what the product cannot change, it cannot change there.
    line = psycopg2.connect(empty)
    with line.cursor() as cursor, pytest.raises(psycopg2.Error):
        cursor.execute("DELETE FROM payments_ledgerentry")
    line.close()


def test_a_row_that_did_not_come_back_is_noticed(busy: None, empty: str, tmp_path: Path) -> None:
    """The control: an entry of a sealed day is missing from the dump."""
    before, dump = rows(database_address()), tmp_path / "kezhan.dump"
    last = LedgerEntry.objects.latest("pk").pk
    past_the_rules(f"DELETE FROM payments_ledgerposting WHERE entry_id = {last}")
    past_the_rules(f"DELETE FROM payments_ledgerentry WHERE id = {last}")
    program("pg_dump", "-Fc", "-f", dump, "-d", database_address())
    restore(dump, empty)
    assert rows(empty) != before
    assert manage(empty, "ledger", "verify").returncode != 0
