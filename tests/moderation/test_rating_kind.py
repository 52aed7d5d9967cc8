"""Rows of the time when ratings were called reviews follow the word, and are rows of record before and after."""

from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from moderation.models import Case, Measure, RuleVersion
from tests import cast
from tests.community.factories import rate
from tests.courses.factories import make_course
from tests.moderation.decisions import decide_case, report

pytestmark = pytest.mark.django_db
migration: Any = import_module("moderation.migrations.0020_rating_kind")


def run(old: str, new: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(migration.renaming(old, new))


@pytest.fixture
def measure(ada: User, lin: User, sam: User) -> Measure:
    rating = rate(lin, make_course(), 1, text="The creator is a fool.")
    return decide_case(report("rating", rating.pk, cast.cole(), rule="respect"), "warn", sam, rule="respect")


def kinds(measure: Measure) -> tuple[Any, ...]:
    case = Case.objects.get(pk=measure.case_id)
    about = RuleVersion.objects.get(code="respect", number=1).applies_to
    return Measure.objects.get(pk=measure.pk).kind, case.kind, [kind for kind in about if kind in ("review", "rating")]


def test_case_decision_and_rules_follow_and_nothing_else_of_them_changes(measure: Measure) -> None:
    before = Measure.objects.filter(pk=measure.pk).values().get()
    run("rating", "review")
    assert kinds(measure) == ("review", "review", ["review"])
    run("review", "rating")
    assert kinds(measure) == ("rating", "rating", ["rating"])
    assert Measure.objects.filter(pk=measure.pk).values().get() == before


@pytest.mark.parametrize("table", ["moderation_measure", "moderation_ruleversion", "moderation_case"])
def test_afterwards_the_database_refuses_changes_as_before(measure: Measure, table: str) -> None:
    run("rating", "review")
    column = "applies_to = '{x}'" if table == "moderation_ruleversion" else "kind = 'x'"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column}")


def test_a_log_of_now_calls_them_ratings(measure: Measure) -> None:
    from moderation.public_log import entries

    assert [entry.kind for entry in entries() if entry.event == "measure"] == ["rating"]
