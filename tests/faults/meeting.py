"""Where several at once meet for sure: each has read before anybody writes, however busy the machine is.

Whoever is of the crowd holds an advisory lock while she is under way, and another one where she meets the others. She
goes on when each of the others has come to a meeting too, waits for a lock, or has ended. PostgreSQL's own list of
locks says so, in one look: nobody waits for a time, and who comes late is waited for.
"""

import time

from django.db import connection

# The keys of the advisory locks: a number of ours, and what is said by it. What follows ROUND is at a place where one
# transaction meets the others again and again.
_OURS, _UNDER_WAY, _INSIDE, _ROUND = 734_011, 1, 2, 100
_ADVISORY = (
    f"locktype = 'advisory' AND classid = {_OURS} AND objsubid = 2"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
# Each of the crowd: whether she has come to a meeting, at how many she was, and whether she waits for a lock. One scan:
# two would be two moments.
_CROWD = (
    "SELECT * FROM (SELECT pid,"
    f" bool_or({_ADVISORY} AND objid = {_UNDER_WAY}) AS is_under_way,"
    f" bool_or({_ADVISORY} AND objid >= {_INSIDE}) AS is_inside,"
    f" max(objid::bigint) FILTER (WHERE {_ADVISORY} AND objid > {_ROUND}) - {_ROUND} AS rounds,"
    " bool_or(NOT granted) AS is_behind"
    " FROM pg_locks GROUP BY pid) AS everybody WHERE is_under_way AND pid <> pg_backend_pid()"
)


def waits_for_the_others(*, in_the_end: str) -> str:
    """A block of PL/pgSQL: once a transaction. It gives up if somebody of the crowd waits for what is no lock."""
    return _block(_INSIDE, "is_inside", in_the_end)


def waits_each_time(*, in_the_end: str) -> str:
    """The same as often as it is called: until each of the others was there as often."""
    return _block(f"{_ROUND} + round", "coalesce(rounds, 0) >= round", in_the_end)


def _block(key: object, is_there: str, in_the_end: str) -> str:
    return (
        "DECLARE patience timestamptz := clock_timestamp() + interval '50 seconds';"
        " round integer := coalesce(nullif(current_setting('meeting.round', true), ''), '0')::integer + 1;"
        " BEGIN PERFORM set_config('meeting.round', round::text, true);"
        f" PERFORM pg_advisory_xact_lock_shared({_OURS}, {key});"
        f" WHILE EXISTS (SELECT FROM ({_CROWD}) AS crowd WHERE NOT ({is_there}) AND NOT is_behind) LOOP"
        " IF clock_timestamp() > patience THEN RAISE EXCEPTION 'the others never came'; END IF;"
        f" PERFORM pg_sleep(0.005); END LOOP; {in_the_end} END"
    )


def come() -> None:
    """This connection is one of the crowd until it is closed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock_shared({_OURS}, {_UNDER_WAY})")


def wait_here() -> None:
    """In the middle of a transaction, where no row is written: as the triggers do."""
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ {waits_for_the_others(in_the_end='')} $$")


def wait_for_somebody_inside() -> None:
    """Until another one of the crowd stands at a meeting: she will wait for what this one does."""
    _until("is_inside", "the others ended and none of them came to a meeting")


def wait_for_somebody_behind() -> None:
    """Until another one of the crowd waits for a lock."""
    _until("is_behind", "the others ended and none of them had to wait")


def _until(what: str, or_else: str) -> None:
    while True:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT bool_or({what}) FROM ({_CROWD}) AS crowd")
            found = cursor.fetchone()[0]
        assert found is not None, or_else
        if found:
            return
        time.sleep(0.005)
