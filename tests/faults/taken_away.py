"""Negative controls: a rule of the database taken away for a while, and put back exactly as it was.

How a constraint or an index reads is asked of PostgreSQL before it goes, so no control keeps a copy that could grow
old; a rule that does not exist stops the control instead of letting it pass.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection

from tests.faults.meeting import waits_each_time, waits_for_the_others


@dataclass(frozen=True)
class Rule:
    """`remove` takes it away; `restore` brings it back, or `asked` is a question whose answer does."""

    remove: str
    restore: str = ""
    asked: str = ""


def constraint(table: str, name: str) -> Rule:
    begin = f"ALTER TABLE {table} ADD CONSTRAINT {name} "
    asked = f"SELECT '{begin}' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{name}'"
    return Rule(f"ALTER TABLE {table} DROP CONSTRAINT {name}", asked=asked)


def index(name: str) -> Rule:
    return Rule(f"DROP INDEX {name}", asked=f"SELECT pg_get_indexdef('{name}'::regclass)")


def triggers(table: str, name: str = "USER") -> Rule:
    """One trigger of a table, or all of ours."""
    return Rule(f"ALTER TABLE {table} DISABLE TRIGGER {name}", f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def function_line(function: str, old: str, new: str) -> Rule:
    """A function of the database with `new` where `old` stood."""
    asked = "SELECT format('UPDATE pg_proc SET prosrc = %L WHERE oid = %s', prosrc, oid::text) FROM pg_proc"
    return Rule(
        f"UPDATE pg_proc SET prosrc = replace(prosrc, '{old}', '{new}') WHERE proname = '{function}'",
        asked=f"{asked} WHERE proname = '{function}' AND position('{old}' in prosrc) > 0",
    )


def planted(table: str, body: str) -> Rule:
    """A fault instead of a rule: `body` is done to every row before it is written. Comes before the table's own."""
    name = f"a_planted_fault_of_{table}"
    return Rule(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$;"
        f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        f"DROP FUNCTION {name}() CASCADE",
    )


_MEET = waits_for_the_others(in_the_end="RETURN NEW;")


def meeting(table: str, when: str = "BEFORE INSERT") -> Rule:
    """Who comes to a row waits there for all others of the crowd (`tests.faults.meeting`), who have then read too."""
    name = f"a_meeting_at_{table}"
    return Rule(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {_MEET} $$;"
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        f"DROP FUNCTION {name}() CASCADE",
    )


def lingering(table: str) -> Rule:
    """Who has written a row waits in front of the commit for all others of the crowd, unseen by them."""
    name = f"a_lingering_writer_of_{table}"
    return Rule(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {_MEET} $$;"
        f"CREATE CONSTRAINT TRIGGER {name} AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
        f" FOR EACH ROW EXECUTE FUNCTION {name}()",
        f"DROP FUNCTION {name}() CASCADE",
    )


# For a statement of a test: `SELECT meet_here()` waits for all others of the crowd, each time.
MEETING_PLACE = Rule(
    f"CREATE FUNCTION meet_here() RETURNS integer LANGUAGE plpgsql AS $$ {waits_each_time(in_the_end='RETURN 1;')} $$",
    "DROP FUNCTION meet_here()",
)
ENTRY_KEY = constraint("payments_ledgerentry", "payments_ledgerentry_idem_key_key")
# What an account keeps is not added up, so nothing is found to be too little.
FLOOR = triggers("payments_ledgerposting", "ledger_balance_kept")
# Whoever asks for a part of an item stays inside the transaction until all others have come in.
ASKED_BACK = meeting("payments_orderitem", "AFTER UPDATE OF refund_asked_minor")
EVENT_KEY = constraint("payments_providerevent", "one_provider_event")
# How much of an item may be asked back.
REFUND_RULES = (
    constraint("payments_orderitem", "item_gives_back_what_it_took"),
    triggers("payments_refundline"),
    triggers("payments_refundshare"),
)


@contextmanager
def taken_away(*rules: Rule) -> Iterator[None]:
    """For tests that commit. All rows go with the block: those that broke a rule would keep it from coming back."""
    again = [rule.restore or _answer(rule.asked) for rule in rules]
    for rule in rules:
        _do(rule.remove)
    try:
        yield
    finally:
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
        for statement in reversed(again):
            _do(statement)


@contextmanager
def in_place(*meetings: Rule) -> Iterator[None]:
    """For tests that commit and look at their rows afterward: what takes no rule away leaves the rows alone."""
    for each in meetings:
        _do(each.remove)
    try:
        yield
    finally:
        for each in meetings:
            _do(each.restore)


def take_away(*rules: Rule) -> None:
    """For tests that stand in one transaction: when it is rolled back the rules are there again."""
    _do("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that still wait cannot be altered
    for rule in rules:
        if rule.asked:
            _answer(rule.asked)
        _do(rule.remove)
    _do("SET CONSTRAINTS ALL DEFERRED")


def _answer(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        rows = cursor.fetchall()
    assert len(rows) == 1, f"there is no such rule: {question}"
    return rows[0][0]


def _do(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
