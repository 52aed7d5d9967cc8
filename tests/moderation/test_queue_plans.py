"""Both queues in front of the database: read in the order of an index, and nowhere counted to the end."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses import paging
from tests.faults.taken_away import index, take_away
from tests.moderation.decisions import decide_case
from tests.moderation.factories import make_submission
from tests.moderation.test_queue import desk, make_case

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


def plans_of(desk: Client, address: str, table: str) -> list[tuple[str, str]]:
    """What a page reads of this table: the statement, and how PostgreSQL answers it where it may neither go through the
    whole table nor sort: a plan that does so all the same had no index for it.
    """
    found = []

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and f'FROM "{table}"' in sql:
            with context["connection"].connection.cursor() as bare:
                bare.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
                bare.execute(f"EXPLAIN {sql}", params)
                found.append((sql, "\n".join(line for (line,) in bare.fetchall())))
                bare.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_sort = on")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        assert desk.get(address).status_code == 200
    return found


class TestThePlans:
    """Of a hundred thousand no page goes through more than it shows; `bench/queues.py` has the figures."""

    @pytest.mark.parametrize("query", ["", "severity=3", "kind=course", "rule=rights", "language=en", "promise=kept",
                                       "after", "before", "closed"])  # fmt: skip
    def test_cases_are_read_in_the_order_of_an_index_and_never_all_counted(self, query, desk: Client, lin, sam) -> None:
        rows = [make_case(f"Course {number}", lin) for number in range(4)]
        decide_case(rows.pop(), "dismiss", sam)
        query = f"{query}={paging.mark(rows[1].rank, rows[1].pk)}" if query in ("after", "before") else query
        found = plans_of(desk, f"{reverse('moderation:cases')}?{query}", "moderation_case")
        pages = [plan for sql, plan in found if "ORDER BY" in sql]
        assert pages
        for plan in pages:
            assert "case_closed" in plan if query == "closed" else "case_queue" in plan, plan
            assert "Sort" not in plan, plan
        assert not [sql for sql, _plan in found if "COUNT(" in sql.upper() and "LIMIT" not in sql.upper()]

    @pytest.mark.parametrize("query", ["", "kind=new", "language=en", "promise=kept", "after", "before"])
    def test_submissions_too(self, query: str, desk: Client) -> None:
        rows = [make_submission(f"Course {number}") for number in range(3)]
        query = f"{query}={paging.mark(rows[1].submitted_at, rows[1].pk)}" if query in ("after", "before") else query
        found = plans_of(desk, f"{reverse('moderation:queue')}?{query}", "courses_submission")
        pages = [plan for sql, plan in found if "ORDER BY" in sql]
        assert pages
        for plan in pages:
            assert "Index" in plan, plan
            assert "Sort" not in plan, plan
        assert not [sql for sql, _plan in found if "COUNT(" in sql.upper() and "LIMIT" not in sql.upper()]

    def test_without_the_index_they_are_sorted(self, desk: Client, lin: User) -> None:
        make_case("Kilns", lin)
        take_away(index("case_queue"))
        found = plans_of(desk, reverse("moderation:cases"), "moderation_case")
        assert any("Sort" in plan for sql, plan in found if "ORDER BY" in sql)
