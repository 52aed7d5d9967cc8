"""Two workers at the index: one writes, and what the other is there for is done all the same."""

import pytest
from django.db import connections

from accounts.models import User
from discovery import index
from discovery.models import Entry
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_hourly_ranking_is_done_while_another_writes(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    make_course(title="Kilns")
    ranked = []
    monkeypatch.setattr(type(Entry.objects), "rank", lambda manager: ranked.append(1))
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [index._LOCK])
        assert index.refresh(everything=True) == 0
        assert ranked == [1]
        other.rollback()
    finally:
        other.close()
    assert index.refresh(everything=True) == 1
