"""What learners say of a course is a rating in cases, decisions, rules and the log; "review" is what moderators do."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from moderation.models import Case, Measure, RuleVersion
from tests import cast
from tests.community.factories import rate
from tests.courses.factories import make_course
from tests.moderation.decisions import decide_case, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure(ada: User, lin: User, sam: User) -> Measure:
    rating = rate(lin, make_course(), 1, text="The creator is a fool.")
    return decide_case(report("rating", rating.pk, cast.cole(), rule="respect"), "warn", sam, rule="respect")


def test_case_and_decision_call_it_a_rating(measure: Measure) -> None:
    assert (measure.kind, Case.objects.get(pk=measure.case_id).kind) == ("rating", "rating")


def test_no_rule_is_about_a_review() -> None:
    assert "rating" in RuleVersion.objects.get(code="respect", number=1).applies_to
    assert [rule.code for rule in RuleVersion.objects.all() if "review" in rule.applies_to] == []


@pytest.mark.parametrize("table", ["moderation_measure", "moderation_ruleversion", "moderation_case"])
def test_the_database_refuses_another_word(measure: Measure, table: str) -> None:
    column = "applies_to = '{x}'" if table == "moderation_ruleversion" else "kind = 'x'"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column}")


def test_a_log_of_now_calls_them_ratings(measure: Measure) -> None:
    from moderation.public_log import entries

    assert [entry.kind for entry in entries() if entry.event == "measure"] == ["rating"]
