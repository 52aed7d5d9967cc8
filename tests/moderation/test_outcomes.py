"""Who reported hears when the outcome changes: by mail and notice, on the page and over the API in one voice."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import Notice, User
from courses.models import Course
from marketplace.lib import work
from marketplace.lib.emails import Mail
from moderation import appeals, measures, outcomes
from moderation.measures import waves
from moderation.models import Case, CaseAnswer, Measure, OutcomeChange
from tests.courses.factories import make_course
from tests.moderation.decisions import answer_appeal, decide, decide_case, report
from tests.moderation.factories import kim

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


@pytest.fixture
def measure(course: Course, lin: User, cole: User, sam: User) -> Measure:
    """Reported by two people and an address; both people have their first answer."""
    case = report("course", "glazes", lin)
    report("course", "glazes", cole)
    report("course", "glazes", "192.0.2.1")
    made = decide_case(case, "unpublish", sam, days=3)
    work.run(CaseAnswer, made.answer.pk, waves.answer)
    return made


def overturn(measure: Measure) -> None:
    answer_appeal(appeals.make(measure, measure.owner, "x"), kim(), verdict="overturned", reason="It is hers.")


def tell_all() -> list[Mail]:
    OutcomeChange.objects.update(due_at=Now())  # whatever time it is in the test, the workers go by the database's
    for row in OutcomeChange.objects.order_by("pk"):
        work.run(OutcomeChange, row.pk, outcomes.tell)
    return list(Mail.objects.filter(key__startswith="report-outcome:").order_by("pk"))


def said_to(person: User) -> tuple[str, str]:
    """What the page and the API say of her one report."""
    page, api = Client(), APIClient()
    page.force_login(person)
    api.force_authenticate(person)
    found = page.get(reverse("reports:mine")).content.decode()
    labels = [outcome.value for outcome in outcomes.Outcome if f"{outcome.label}</span>" in found]
    return ",".join(labels), str(api.get("/api/v1/reports/").json()["results"][0]["outcome"])


class TestTheOutcome:
    def test_of_what_waits_is_none(self, course: Course, lin: User) -> None:
        assert outcomes.outcome_of(report("course", "glazes", lin)) is None

    def test_of_what_was_found_in_order(self, course: Course, lin: User, sam: User) -> None:
        decide_case(report("course", "glazes", lin), "dismiss", sam)
        assert said_to(lin) == ("dismissed", "dismissed")

    def test_of_what_ended_by_its_time_stays_right(self, measure: Measure, lin: User) -> None:
        assert measure.ends_at
        with time_machine.travel(measure.ends_at, tick=False):
            assert measures.end_overdue() == 1
            assert said_to(lin) == ("upheld", "upheld")
        assert tell_all() == []


class TestWhoReported:
    def test_hears_that_it_was_taken_back_once(self, measure: Measure, lin: User, cole: User) -> None:
        measures.reverse(measure, kim(), reason="She has changed it.")
        for _twice in range(2):
            mails = tell_all()
        assert {mail.to for mail in mails} == {lin.email, cole.email}
        assert "taken that decision back" in mails[0].text
        assert Notice.objects.filter(person=lin, key=mails[0].key).exists()
        assert said_to(lin) == ("taken_back", "taken_back")

    def test_hears_that_it_was_overturned_on_appeal(self, measure: Measure, lin: User, cole: User) -> None:
        overturn(measure)
        for _twice in range(2):
            mails = tell_all()
        assert {mail.to for mail in mails} == {lin.email, cole.email}
        assert "overturned the decision" in mails[0].text
        assert said_to(lin) == ("overturned", "overturned")

    def test_hears_of_an_appeal_won_after_its_time_was_up(self, measure: Measure, lin: User) -> None:
        appeal = appeals.make(measure, measure.owner, "x")
        assert measure.ends_at
        with time_machine.travel(measure.ends_at + timedelta(days=1), tick=False):
            measures.end_overdue()
            answer_appeal(appeal, kim(), verdict="overturned", reason="It is hers.")
            assert said_to(lin) == ("overturned", "overturned")
            assert len(tell_all()) == 2

    def test_hears_of_both_when_it_was_taken_back_and_then_overturned(self, measure: Measure, sam: User) -> None:
        appeal = appeals.make(measure, measure.owner, "x")
        measures.reverse(measure, sam, reason="She has changed it.")
        answer_appeal(appeal, kim(), verdict="overturned", reason="It was hers all along.")
        assert list(OutcomeChange.objects.order_by("pk").values_list("outcome", flat=True)) == [
            "taken_back", "overturned",
        ]  # fmt: skip
        assert len(tell_all()) == 4

    def test_hears_of_both_in_their_order(self, measure: Measure, sam: User) -> None:
        appeal = appeals.make(measure, measure.owner, "x")
        measures.reverse(measure, sam, reason="She has changed it.")
        answer_appeal(appeal, kim(), verdict="overturned", reason="It was hers all along.")
        first, second = OutcomeChange.objects.order_by("pk")
        work.run(OutcomeChange, second.pk, outcomes.tell)
        assert not Mail.objects.filter(key__startswith="report-outcome:").exists()
        work.run(OutcomeChange, first.pk, outcomes.tell)
        assert [mail.key.rpartition(":")[2] for mail in tell_all()] == ["taken_back"] * 2 + ["overturned"] * 2

    def test_whose_account_is_closed_hears_nothing_more(self, measure: Measure, lin: User, cole: User) -> None:
        User.objects.filter(pk=cole.pk).update(is_active=False)
        measures.reverse(measure, kim(), reason="She has changed it.")
        assert [mail.to for mail in tell_all()] == [lin.email]

    def test_hears_nothing_of_an_appeal_that_was_lost(self, measure: Measure, lin: User) -> None:
        answer_appeal(appeals.make(measure, measure.owner, "x"), kim(), verdict="upheld", reason="Copied.")
        assert tell_all() == []
        assert said_to(lin) == ("upheld", "upheld")

    def test_has_the_first_answer_first(self, course: Course, lin: User, sam: User) -> None:
        made = decide_case(report("course", "glazes", lin), "warn", sam)
        measures.reverse(made, kim(), reason="x")
        assert tell_all() == []
        work.run(CaseAnswer, made.answer.pk, waves.answer)
        assert OutcomeChange.objects.get().finished_at is None
        assert [mail.to for mail in tell_all()] == [lin.email]


class TestTheWork:
    def test_is_none_of_what_nobody_reported(self, course: Course, sam: User) -> None:
        measures.reverse(decide("warn", "course", "glazes", sam), kim(), reason="x")
        assert not OutcomeChange.objects.exists()

    def test_is_one_row_a_change(self, measure: Measure) -> None:
        measures.reverse(measure, kim(), reason="x")
        for wrong in ("taken_back", "upheld"):
            with pytest.raises(IntegrityError), transaction.atomic():
                OutcomeChange.objects.create(measure=measure, outcome=wrong)

    def test_goes_on_where_it_was_cut_short(self, measure: Measure) -> None:
        measures.reverse(measure, kim(), reason="x")
        first = Case.objects.get().reports.order_by("pk")[0]
        OutcomeChange.objects.update(through_report_id=first.pk)
        assert [mail.to for mail in tell_all()] == [cole_of(measure)]


def cole_of(measure: Measure) -> str:
    assert measure.case
    return str(measure.case.reports.filter(reporter__isnull=False).order_by("pk")[1].reporter.email)  # type: ignore[union-attr]
