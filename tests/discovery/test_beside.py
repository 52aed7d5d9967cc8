"""Two workers at the index: one writes, and what the other is there for is done all the same; and one that dies."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections

from accounts.models import User
from courses.models import Course
from discovery import index
from discovery.models import Entry, entry
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_hourly_ranking_is_done_while_another_writes(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    make_course(title="Kilns")
    ranked = []
    monkeypatch.setattr(type(Entry.objects), "rank", lambda manager: ranked.append(1))
    with elsewhere("SELECT pg_advisory_xact_lock(%s)", [index._LOCK]):
        assert index.refresh(everything=True) == 0
        assert ranked == [1]
    assert index.refresh(everything=True) == 1


@contextmanager
def elsewhere(sql: str, values: list[Any]) -> Iterator[None]:
    """Another connection has asked this, and its transaction goes on meanwhile."""
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(sql, values)
        yield
        other.rollback()
    finally:
        other.close()


@pytest.fixture
def misplaced(ada: User, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Seven courses, all of them in a tier that none belongs to; two are moved at a time, three looked for."""
    monkeypatch.setattr(entry, "BATCH", 2)
    monkeypatch.setattr(entry, "LOOKED_FOR", 3)
    found = [make_course(title=f"Kiln {at}").pk for at in range(7)]
    index.refresh()
    Entry.objects.rank()
    Entry.objects.update(tier=6)
    return found


def left() -> list[int]:
    return list(Entry.objects.filter(tier=6).order_by("pk").values_list("pk", flat=True))


def test_all_are_moved_however_few_are_looked_for_at_once(misplaced: list[int]) -> None:
    assert Entry.objects.rank() == len(misplaced)
    assert left() == []
    assert Entry.objects.rank() == 0


def test_what_was_moved_stands_when_the_worker_dies_and_the_next_goes_on_with_the_rest(
    misplaced: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, batches = entry.EntryQuerySet._place, []

    def dying(rows: Any, found: Any) -> int:
        batches.append(found)
        if len(batches) == 3:
            raise SystemExit
        return place(rows, found)

    with monkeypatch.context() as patch:
        patch.setattr(entry.EntryQuerySet, "_place", dying)
        with pytest.raises(SystemExit):
            Entry.objects.rank()
    assert left() == misplaced[3:]
    assert Entry.objects.rank() == 4
    assert left() == []


def test_an_entry_that_is_being_written_is_left_for_the_next_time(misplaced: list[int]) -> None:
    one = misplaced[1]
    with elsewhere("SELECT 1 FROM discovery_entry WHERE course_id = %s FOR UPDATE", [one]):
        assert Entry.objects.rank() == 6
        assert left() == [one]
    assert Entry.objects.rank() == 1


def test_a_course_that_changes_after_it_was_looked_for_is_written_as_it_is_then(
    misplaced: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = entry.EntryQuerySet._place

    def late(rows: Any, found: Any) -> int:
        Course.objects.filter(pk=misplaced[0]).update(level="advanced")
        return place(rows, found)

    monkeypatch.setattr(entry.EntryQuerySet, "_place", late)
    Entry.objects.rank()
    moved = Entry.objects.get(pk=misplaced[0])
    assert "=ladvanced" in moved.facts
    assert "=ladvanced" in str(moved.words)
