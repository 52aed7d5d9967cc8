"""Reporting: one case a thing, whoever and however many report it, and an answer to everybody."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, reset_queries, transaction
from django.db.utils import InternalError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Notice, User
from courses.models import Course
from marketplace.lib import work
from marketplace.lib.emails import Mail
from moderation import appeals, measures, priority, report_mails, reports
from moderation.measures import waves
from moderation.models import Case, CaseAnswer, Evidence, Measure, Report
from moderation.reports import OF_ADDRESS_AN_HOUR, OF_PERSON_A_DAY, OwnThing, Sender, TooManyReports, WrongRule
from tests import cast
from tests.courses.factories import make_course, publish
from tests.faults.taken_away import index, lingering, planted, taken_away
from tests.moderation.decisions import answer_appeal, decide_case, report, target
from tests.moderation.factories import kim
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
REFUSED = (IntegrityError, InternalError)


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


class TestAReport:
    def test_opens_a_case_and_keeps_what_the_thing_showed(self, course: Course, lin: User) -> None:
        case = report("course", "glazes", lin, text="  Lesson 2 is mine. ")
        assert (case.kind, case.key, case.owner, case.reports_count) == ("course", "glazes", course.creator.user, 1)
        assert Report.objects.get().text == "Lesson 2 is mine."
        shown = Evidence.objects.get().shown
        assert shown["title"] == "Glazes"
        assert [lesson[1] for lesson in shown["lessons"]] == ["Lesson 1", "Lesson 2", "Lesson 3"]

    def test_of_the_same_thing_joins_the_open_case(self, course: Course, lin: User, cole: User) -> None:
        first, second = report("course", "glazes", lin), report("course", "glazes", cole, rule="grave_harm")
        assert first == second
        assert (second.reports_count, second.severity) == (2, 4)
        assert second.priority > first.priority
        assert Evidence.objects.count() == 1

    def test_said_again_by_the_same_person_is_the_first_one(self, course: Course, lin: User) -> None:
        report("course", "glazes", lin)
        assert report("course", "glazes", lin, rule="grave_harm").reports_count == 1
        assert report("course", "glazes", "192.0.2.1").reports_count == 2
        assert report("course", "glazes", "192.0.2.1").reports_count == 2

    def test_of_a_lesson_and_of_a_creator_are_cases_of_their_own(self, course: Course, lin: User) -> None:
        lesson = course.live_lessons()[0]
        cases = {report("course", "glazes", lin), report("lesson", lesson.key, lin, at_second=75)}
        cases.add(report("creator", course.creator.slug, lin, rule="honest_person"))
        assert len(cases) == 3

    def test_is_told_to_who_made_it_with_an_account_once(
        self, course: Course, lin: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            for sender in (lin, lin, "192.0.2.1"):
                report("course", "glazes", sender)
            assert not Mail.objects.exists()  # the case is held until the end
        mail = Mail.objects.get()
        assert (mail.to, mail.subject) == (lin.email, "Your report is in: Glazes")

    def test_is_told_by_a_sweep_where_that_failed(
        self, course: Course, lin: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        fault = planted("accounts_notice", "RAISE EXCEPTION 'spoiled';")
        with connection.cursor() as cursor:
            cursor.execute(fault.remove)
            with django_capture_on_commit_callbacks(execute=True):
                report("course", "glazes", lin)
                report("course", "glazes", "192.0.2.1")
            assert not Mail.objects.exists()  # no mail without its notice
            cursor.execute(fault.restore)
        now = timezone.now()
        assert report_mails.make_up(now) == 0  # the first try may be under way
        assert [report_mails.make_up(now + timedelta(minutes=10)) for _twice in range(2)] == [1, 0]
        mail = Mail.objects.get()
        assert (mail.key, mail.to) == (f"report:{Report.objects.get(reporter=lin).pk}", lin.email)
        assert Notice.objects.of(lin).get().key == mail.key

    def test_is_told_by_no_sweep_days_later_nor_to_who_is_gone(self, course: Course, lin: User, cole: User) -> None:
        report("course", "glazes", lin)
        report("course", "glazes", cole)
        User.objects.filter(pk=cole.pk).update(is_active=False)
        assert report_mails.make_up(timezone.now() + timedelta(days=4)) == 0
        assert report_mails.make_up(timezone.now() + timedelta(hours=1)) == 1
        assert Mail.objects.get().to == lin.email

    def test_names_a_rule_that_is_about_such_things(self, course: Course, lin: User) -> None:
        with pytest.raises(WrongRule):
            report("course", "glazes", lin, rule="respect")

    def test_is_not_of_ones_own(self, course: Course, ada: User) -> None:
        with pytest.raises(OwnThing):
            report("course", "glazes", ada)

    def test_is_limited_for_a_person_and_for_an_address(self, ada: User, lin: User) -> None:
        make_course(title="Course 0", lessons=1)
        case = report("course", "course-0", cast.cole())
        Report.objects.bulk_create(_past_reports(lin, case, OF_PERSON_A_DAY))
        with pytest.raises(TooManyReports):
            report("course", "course-0", lin)
        for _each in range(OF_ADDRESS_AN_HOUR):
            report("course", "course-0", "192.0.2.1")
        with pytest.raises(TooManyReports):
            report("course", "course-0", "192.0.2.1")

    def test_keeps_no_address(self, course: Course) -> None:
        report("course", "glazes", "192.0.2.1")
        row = Report.objects.get()
        assert "192.0.2.1" not in row.sender
        assert len(row.sender) == 64

    def test_is_never_changed_nor_is_its_evidence(self, course: Course, lin: User) -> None:
        case = report("course", "glazes", lin)
        for act in (
            lambda: Report.objects.update(text="Other"),
            lambda: Evidence.objects.all().delete(),
            lambda: Case.objects.filter(pk=case.pk).update(key="other"),
            lambda: Case.objects.filter(pk=case.pk).update(closed_at=timezone.now()),
        ):
            with pytest.raises(REFUSED), transaction.atomic():
                act()


def _past_reports(person: User, case: Case, times: int) -> list[Report]:
    """As many reports of a day, each of a case of its own."""
    rule = case.reports.get().rule
    cases = Case.objects.bulk_create(
        Case(kind="course", key=f"past-{number}", title="Past", url="/", owner=case.owner) for number in range(times)
    )
    return [Report(case=each, reporter=person, rule=rule, weight=1000) for each in cases]


class TestEvidence:
    def test_stays_when_the_creator_removes_the_lesson(self, course: Course, ada: User, lin: User, sam: User) -> None:
        lesson = course.live_lessons()[1]
        case = report("lesson", lesson.key, lin)
        draft = course.open_draft(ada)
        draft.lessons.get(key=lesson.key).remove()
        publish(draft)
        assert "Its owner has removed it" in page_of(sam, case)
        measure = decide_case(case, "warn", sam, reason="It was a copy.")
        assert measure.evidence.shown["title"] == "Lesson 2"
        assert measure.evidence.shown["film"] == str(lesson.video.asset)

    def test_is_taken_anew_when_the_thing_changes_and_both_stay(self, course: Course, ada: User, lin: User) -> None:
        slug = course.creator.slug
        case = report("creator", slug, lin, rule="honest_person")
        course.creator.edit({"name": "Professor Ada"})
        report("creator", slug, cast.cole(), rule="honest_person")
        assert [row.shown["name"] for row in case.evidence.order_by("id")] == ["Ada Lin Studio", "Professor Ada"]

    def test_does_not_fill_the_table(self, course: Course, lin: User) -> None:
        case = report("creator", course.creator.slug, lin, rule="honest_person")
        for number in range(40):
            course.creator.edit({"name": f"Ada {number}"})
            report("creator", course.creator.slug, f"192.0.2.{number}", rule="honest_person")
        assert case.evidence.count() == 20


class TestTrust:
    def test_follows_what_became_of_ones_reports(self, ada: User, lin: User, cole: User, sam: User) -> None:
        for number in range(3):
            make_course(title=f"Course {number}", lessons=1)
            decide_case(report("course", f"course-{number}", lin), "warn", sam)
        make_course(title="Fine", lessons=1)
        decide_case(report("course", "fine", cole), "dismiss", sam, is_bad_faith=True)
        assert reports.trust_of(lin) == priority.trust(3, 0) > priority.NEUTRAL
        assert reports.trust_of(cole) == priority.trust(0, 0, 1) < priority.NEUTRAL

    def test_falls_when_an_appeal_was_right(self, course: Course, ada: User, lin: User, sam: User) -> None:
        measure = decide_case(report("course", "glazes", lin), "warn", sam)
        appeal = appeals.make(measure, ada, "It is mine.")
        answer_appeal(appeal, kim(), verdict="overturned", reason="It is hers.")
        assert reports.trust_of(lin) == priority.trust(0, 1)

    def test_tires_of_a_thing_that_was_found_in_order(self, course: Course, lin: User, cole: User, sam: User) -> None:
        first = report("course", "glazes", lin)
        decide_case(first, "dismiss", sam)
        again = report("course", "glazes", cole)
        assert again != first
        assert again.priority == first.priority // 2


class TestTheAnswer:
    def test_goes_to_everybody_who_reported_once(self, course: Course, lin: User, cole: User, sam: User) -> None:
        case = report("course", "glazes", lin)
        report("course", "glazes", cole)
        report("course", "glazes", "192.0.2.1")
        measure = decide_case(case, "limit", sam)
        for _twice in range(2):
            work.run(CaseAnswer, CaseAnswer.objects.get(measure=measure).pk, waves.answer)
        mails = Mail.objects.filter(key__startswith="report-answer:")
        assert {mail.to for mail in mails} == {lin.email, cole.email}
        assert "The creator may use what is shown" in mails[0].text
        assert "What was decided: Not recommended" in mails[0].text

    def test_says_that_nothing_was_broken(self, course: Course, lin: User, sam: User) -> None:
        measure = decide_case(report("course", "glazes", lin), "dismiss", sam)
        work.run(CaseAnswer, CaseAnswer.objects.get(measure=measure).pk, waves.answer)
        mail = Mail.objects.get(key__startswith="report-answer:")
        assert mail.to == lin.email
        assert "found nothing that breaks the rules" in mail.text


class TestAFlood:
    @pytest.mark.slow
    def test_of_ten_thousand_is_one_case_at_a_bounded_cost(self, course: Course, sam: User) -> None:
        people = [User(email=f"p{number}@example.com", password="unusable") for number in range(200)]
        User.objects.bulk_create(people)
        found, costs = target("course", "glazes"), {}
        for number in range(1_000):
            person = people[number // 4] if number % 4 == 0 and number < 800 else None
            sender = Sender(person, "" if person else f"10.0.{number // 250}.{number % 250}")
            reset_queries()
            with CaptureQueriesContext(connection) as asked:
                reports.file(found, sender, rule_code="rights")
            costs[number] = len(asked)
        assert max(costs.values()) < 25
        # And once in a while the rule book, which a process keeps for some seconds.
        assert Counter(costs[number] for number in range(800, 1_000)).most_common(1)[0][0] == 2
        assert max(costs[number] for number in range(800, 1_000)) <= 3
        # What each of the rest comes to, after the rule was looked up and the address counted.
        for _each in range(9_000):
            assert Case.objects.count_drowned(found, 3) is not None
        case = Case.objects.get()
        assert case.reports_count == 10_000
        assert Report.objects.count() <= 200 + reports.KEPT_ANONYMOUS
        assert case.weight == 200 * priority.NEUTRAL
        assert case.anonymous_weight == priority.MOST_ANONYMOUS
        reset_queries()
        with CaptureQueriesContext(connection) as asked:
            assert "10,000" in page_of(sam, case)
        assert len(asked) < 45

    def test_still_hears_what_is_graver(self, course: Course) -> None:
        for number in range(reports.KEPT_ANONYMOUS + 5):
            case = report("course", "glazes", f"10.0.0.{number}", rule="sound_quality")
        assert (case.severity, case.reports_count) == (1, reports.KEPT_ANONYMOUS + 5)
        assert report("course", "glazes", "10.0.1.1", rule="grave_harm").severity == 4


def page_of(moderator: User, case: Case) -> str:
    client = Client()
    client.force_login(moderator)
    return client.get(reverse("moderation:reported_case", args=[case.pk])).content.decode()


class TestThePages:
    def test_have_a_link_on_course_creator_and_lesson_but_for_the_owner(self, course: Course, ada: User) -> None:
        key, slug = course.live_lessons()[0].key, course.creator.slug
        pages = {
            course.get_absolute_url(): reverse("reports:make", args=["course", "glazes"]),
            course.creator.get_absolute_url(): reverse("reports:make", args=["creator", slug]),
            reverse("learners:lesson", args=["glazes", key]): reverse("reports:make", args=["lesson", key]),
        }
        owner = Client()
        owner.force_login(ada)
        for page, link in pages.items():
            assert link in Client().get(page).content.decode()
            assert link not in owner.get(page).content.decode()

    def test_take_a_report_of_a_person_and_show_what_became_of_it(self, course: Course, lin: User, sam: User) -> None:
        client = Client()
        client.force_login(lin)
        address = reverse("reports:make", args=["course", "glazes"])
        assert "A course is not a cover" not in client.get(address).content.decode()
        assert client.post(address, {"rule_code": ""}).status_code == 422
        assert client.post(address, {"rule_code": "rights", "text": "Mine"}).url == reverse("reports:mine")
        assert "waits for a moderator" in client.get(reverse("reports:mine")).content.decode()
        decide_case(Case.objects.get(), "warn", sam)
        for words in ("you were right", "What was decided: Warning"):
            assert words in client.get(reverse("reports:mine")).content.decode()

    def test_take_a_report_without_an_account(self, course: Course) -> None:
        answer = Client().post(reverse("reports:make", args=["course", "glazes"]), {"rule_code": "rights"})
        assert answer.url == course.get_absolute_url()
        assert Report.objects.get().reporter is None

    def test_do_not_tell_strangers_of_what_is_not_public(self, lin: User) -> None:
        make_course(title="Draft", live=False)
        assert Client().get(reverse("reports:make", args=["course", "draft"])).status_code == 404
        assert Client().get(reverse("reports:make", args=["planet", "draft"])).status_code == 404
        assert Client().get(reverse("reports:make", args=["lesson", "not-a-key"])).status_code == 404

    def test_list_what_matters_most_first(self, course: Course, lin: User, cole: User, sam: User) -> None:
        make_course(title="Kilns")
        report("course", "glazes", lin, rule="sound_quality")
        report("course", "kilns", cole, rule="grave_harm")
        client = Client()
        client.force_login(sam)
        page = client.get(reverse("moderation:cases")).content.decode()
        assert page.index("Kilns") < page.index("Glazes")

    def test_explain_the_order(self) -> None:
        assert "log₂(2 + reach)" in Client().get(reverse("rules:reporting")).content.decode()


class TestTheApi:
    def test_takes_reports_of_everybody(self, course: Course, lin: User) -> None:
        address, client = "/api/v1/reports/course/glazes/", APIClient()
        assert client.post(address, {"rule_code": "rights"}).json()["is_new"] is True
        client.force_authenticate(lin)
        assert client.post(address, {"rule_code": "respect"}).json()["code"] == "wrong_rule"
        assert client.post(address, {"rule_code": "taste"}).json()["code"] == "unknown_rule"
        assert client.post(address, {"rule_code": "rights", "text": "Mine"}).status_code == 201
        assert client.post(address, {"rule_code": "rights"}).json()["is_new"] is False
        told = client.get("/api/v1/reports/").json()["results"][0]
        assert (told["outcome"], told["action"]) == (None, None)
        decide_case(Case.objects.get(), "limit", cast.sam())
        told = client.get("/api/v1/reports/").json()["results"][0]
        assert (told["outcome"], told["action"]) == ("upheld", "limit")


def _first_reports(people: list[User], **how: Any) -> list[Any]:
    return at_once(lambda n: report("course", "glazes", people[n]), len(people), **how)


@pytest.mark.django_db(transaction=True)
def test_many_first_reports_at_once_are_one_case() -> None:
    make_course(title="Glazes")
    people = [cast.person(f"P{number}") for number in range(8)]
    cases = _first_reports(people)
    assert len(set(cases)) == 1
    assert Case.objects.get().reports_count == Report.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_the_mail_that_a_report_is_in_is_drawn_when_the_case_is_free(monkeypatch: Any) -> None:
    make_course(title="Glazes")
    lin, found = cast.lin(), []

    def drawn(made: Report) -> None:
        with ThreadPoolExecutor(1) as other:
            found.append(other.submit(_is_free, made.case_id).result())

    monkeypatch.setattr(report_mails, "received", drawn)
    report("course", "glazes", lin)
    assert found == [True]


def _is_free(case_id: int) -> bool:
    """Whether another connection gets the case at once."""
    try:
        with transaction.atomic():
            return Case.objects.select_for_update(nowait=True).filter(pk=case_id).exists()
    except OperationalError:
        return False
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_without_the_index_the_same_reports_open_more_than_one() -> None:
    with taken_away(index("one_open_case_a_target"), lingering("moderation_case")):
        make_course(title="Glazes")
        people = [cast.person(f"P{number}") for number in range(8)]
        _first_reports(people)
        assert Case.objects.count() > 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_case_loses_count() -> None:
    make_course(title="Glazes")
    report("course", "glazes", cast.person("First"))
    people = [cast.person(f"P{number}") for number in range(8)]
    with taken_away(lingering("moderation_report")):
        _first_reports(people, without_locks=True)
        assert Case.objects.get().reports_count < Report.objects.count()


def test_dismissals_are_for_cases_and_never_reversed(course: Course, lin: User, sam: User) -> None:
    measure = decide_case(report("course", "glazes", lin), "dismiss", sam)
    with pytest.raises(measures.NotStanding):
        measures.reverse(measure, kim(), reason="No")
    assert not Measure.objects.standing().exclude(pk=measure.pk).exists()
