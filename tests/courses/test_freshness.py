"""How fresh a course is: what its creator checked it with, reminders, and the rule by which it is out of date."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses import freshness as rule
from courses import reminding
from courses.models import Category, Course, Lesson, ReminderChoice, SubjectCheck
from courses.models.check import TooManySubjects
from discovery import index
from discovery.models import Entry
from learners import freshness
from learners.models import OutdatedReport
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from tests import cast
from tests.courses.factories import make_course, publish
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def course(ada: User, sam: User) -> Course:
    course = make_course()
    Category.objects.filter(slug="programming").update(is_fast_moving=True)
    return fresh(course)


def fresh(course: Course) -> Course:
    return Course.objects.select_related("creator__user", "category", "live_version").get(pk=course.pk)


def check(course: Course, subject: str = "Django", version: str = "5.2", on: date | None = None) -> SubjectCheck:
    return SubjectCheck.objects.note(
        course, subject=subject, version=version, checked_on=on or timezone.localdate(), by=course.creator.user
    )


def names(course: Course) -> list[str]:
    return [row.name for row in SubjectCheck.objects.present(course)]


def learners(course: Course, *people: str) -> list[User]:
    found = [cast.person(name) for name in people]
    for one in found:
        enroll(one, course)
    return found


class TestTheRule:
    @pytest.mark.parametrize(
        ("days", "reports", "is_fast", "expected"),
        [
            (0, 0, True, ""), (548, 0, True, ""), (549, 0, True, "age"), (5000, 0, False, ""), (0, 2, False, ""),
            (0, 3, False, "reports"), (549, 3, True, "reports"),
        ],
    )  # fmt: skip
    def test_is_eighteen_months_on_fast_shelves_or_three_reports(
        self, days: int, reports: int, is_fast: bool, expected: str
    ) -> None:
        last = NOW - timedelta(days=days)
        assert rule.verdict(last_at=last, reports=reports, is_fast_moving=is_fast, now=NOW) == expected

    @pytest.mark.parametrize(("days", "spans"), [(0, 0), (89, 0), (90, 1), (179, 1), (180, 2), (-5, 0)])
    def test_reminds_once_a_span(self, days: int, spans: int) -> None:
        assert rule.reminder_due(last_at=NOW - timedelta(days=days), after_days=90, now=NOW) == spans


class TestChecks:
    def test_the_newest_of_a_thing_counts_and_all_stay(self, course: Course) -> None:
        check(course, "Django", "5.1", date(2025, 1, 2))
        check(course, "PostgreSQL", "17", date(2026, 3, 1))
        check(course, "django", "5.2", date(2026, 11, 1))
        assert names(course) == ["django 5.2", "PostgreSQL 17"]
        assert SubjectCheck.objects.of(course).count() == 3

    def test_one_that_is_taken_away_stays_on_record(self, course: Course) -> None:
        check(course)
        SubjectCheck.objects.drop(course, subject=" DJANGO ", by=course.creator.user)
        assert names(course) == []
        assert SubjectCheck.objects.of(course).count() == 2
        check(course, version="5.3")
        assert names(course) == ["Django 5.3"]

    @pytest.mark.parametrize(
        "wish",
        [
            {"subject": " "}, {"subject": "x" * 41}, {"version": "x" * 25}, {"on": date(1999, 12, 31)},
            {"on": timezone.localdate() + timedelta(days=3)},
        ],
    )  # fmt: skip
    def test_what_is_none_is_refused(self, course: Course, wish: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            check(course, **wish)
        assert names(course) == []

    def test_of_at_most_twenty_things(self, course: Course) -> None:
        for number in range(20):
            check(course, f"Thing {number}")
        with pytest.raises(TooManySubjects):
            check(course, "One more")
        check(course, "thing 7", "new")  # known already

    def test_only_by_the_creator(self, course: Course, cole: User) -> None:
        with pytest.raises(NotAllowed):
            SubjectCheck.objects.note(course, subject="x", version="", checked_on=timezone.localdate(), by=cole)
        with pytest.raises(NotAllowed):
            SubjectCheck.objects.drop(course, subject="x", by=cole)
        with pytest.raises(NotAllowed):
            ReminderChoice.choose(course, 90, cole)

    @pytest.mark.parametrize(
        "sql", ["UPDATE courses_subjectcheck SET version = '6'", "DELETE FROM courses_subjectcheck"]
    )
    def test_stay_as_they_are_whoever_writes(self, course: Course, sql: str) -> None:
        check(course)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    def test_stand_on_the_course_page_in_the_data_and_in_the_api(self, client: Client, course: Course) -> None:
        client.get(course.get_absolute_url())  # kept: what the creator says shows at once all the same
        Course.objects.filter(pk=course.pk).update(renewed_at=NOW - timedelta(days=400))
        check(course, on=date(2026, 11, 1))
        page = client.get(course.get_absolute_url()).content.decode()
        assert "Checked with Django 5.2 on Nov. 1, 2026" in page
        data = json.loads(page.split('type="application/ld+json"')[1].split(">", 1)[1].split("</script>")[0])
        assert data["dateModified"] == "2026-11-01"
        told = client.get(reverse("api-course", args=[course.slug])).json()
        assert told["checks"] == [{"subject": "Django", "version": "5.2", "checked_on": "2026-11-01"}]


class TestBeingOutOfDate:
    def age(self, course: Course, days: int) -> Course:
        Course.objects.filter(pk=course.pk).update(renewed_at=timezone.now() - timedelta(days=days))
        return fresh(course)

    def test_is_found_at_night_and_ended_by_a_check(self, client: Client, course: Course) -> None:
        self.age(course, 600)
        assert freshness.judge_all(timezone.now()) == 1
        assert fresh(course).stale_reason == "age"
        assert "This course may be out of date." in client.get(course.get_absolute_url()).content.decode()
        assert freshness.judge_all(timezone.now()) == 1
        check(fresh(course))
        assert fresh(course).stale_at is None
        assert "may be out of date" not in client.get(course.get_absolute_url()).content.decode()

    def test_is_ended_by_a_new_version(self, ada: User, course: Course) -> None:
        self.age(course, 600)
        freshness.judge_all(timezone.now())
        publish(fresh(course).open_draft(by=ada))
        assert (fresh(course).stale_at, freshness.judge_all(timezone.now())) == (None, 0)

    def test_is_not_averted_by_an_old_check(self, course: Course) -> None:
        self.age(course, 600)
        check(fresh(course), on=timezone.localdate() - timedelta(days=590))
        assert freshness.judge_all(timezone.now()) == 1

    def test_never_comes_to_a_slow_shelf_by_age(self, course: Course) -> None:
        Category.objects.update(is_fast_moving=False)
        self.age(course, 3000)
        assert freshness.judge_all(timezone.now()) == 0

    def test_comes_with_the_third_learner_who_says_so(self, course: Course) -> None:
        Category.objects.update(is_fast_moving=False)
        one, two, three = learners(course, "Lin", "Bo", "Mei")
        for person in (one, two, one):
            freshness.report(person, course, text="The menu is gone")
        assert fresh(course).stale_at is None
        freshness.report(three, course, text="The menu is gone")
        assert fresh(course).stale_reason == "reports"
        check(fresh(course))
        assert (fresh(course).stale_at, freshness.judge_all(timezone.now())) == (None, 0)

    def test_lowers_a_course_in_search(self, course: Course) -> None:
        index.refresh(everything=True)
        before = Entry.objects.get(pk=course.pk).quality
        fresh(course).grow_stale("age")
        index.refresh(everything=True)
        assert Entry.objects.get(pk=course.pk).quality == pytest.approx(before * 0.8, rel=0.01)


class TestALearner:
    def test_who_has_not_the_course_says_nothing(self, course: Course, cole: User) -> None:
        with pytest.raises(NotAllowed):
            freshness.report(cole, course, text="Old")
        assert not OutdatedReport.objects.exists()

    @pytest.mark.parametrize("text", ["", "  ", "x" * 301])
    def test_says_something_and_not_too_much(self, course: Course, text: str) -> None:
        (lin,) = learners(course, "Lin")
        with pytest.raises(ValidationError):
            freshness.report(lin, course, text=text)

    def test_names_a_lesson_of_the_course(self, course: Course) -> None:
        (lin,) = learners(course, "Lin")
        with pytest.raises(Http404):
            freshness.report(lin, course, text="Old", lesson_key=make_course(title="B").live_lessons()[0].key)

    def test_says_it_on_the_lesson_s_page_and_the_creator_reads_it_without_a_name(
        self, client: Client, course: Course
    ) -> None:
        (lin,) = learners(course, "Lin")
        lesson: Lesson = course.live_lessons()[0]
        client.force_login(lin)
        assert "Something here is out of date" in client.get(
            reverse("learners:lesson", args=[course.slug, lesson.key])
        ).content.decode()  # fmt: skip
        told = {"text": "The kiln is not sold any more", "lesson_key": str(lesson.key)}
        client.post(reverse("learners:report_outdated", args=[course.slug]), told)
        client.force_login(course.creator.user)
        page = client.get(reverse("studio:freshness", args=[course.slug])).content.decode()
        assert "The kiln is not sold any more" in page
        assert lin.email not in page
        assert f">{lin.name}<" not in page

    def test_says_it_over_the_api(self, client: Client, course: Course) -> None:
        (lin,) = learners(course, "Lin")
        client.force_login(lin)
        address = reverse("api-out-of-date", args=[course.slug])
        assert client.post(address, {"text": "Old"}, "application/json").status_code == 201
        for wrong in ({}, {"text": "x" * 301}, {"text": "x", "lesson": "no"}):
            assert client.post(address, wrong, "application/json").status_code == 400


class TestReminders:
    def age(self, course: Course, days: int) -> None:
        Course.objects.filter(pk=course.pk).update(renewed_at=timezone.now() - timedelta(days=days))

    def sent(self) -> int:
        return Mail.objects.filter(key__startswith="freshness:").count()

    def test_come_once_a_span(self, course: Course) -> None:
        self.age(course, 366)
        for _night in range(3):
            reminding.remind_all(timezone.now())
        assert self.sent() == 1
        self.age(course, 366)
        mail = Mail.objects.get(key__startswith="freshness:")
        assert mail.to == course.creator.user.email
        assert reverse("studio:freshness", args=[course.slug]) in mail.text

    def test_come_as_the_creator_chose_or_never(self, course: Course) -> None:
        self.age(course, 100)
        assert reminding.remind_all(timezone.now()) == 0
        ReminderChoice.choose(course, 90, course.creator.user)
        assert reminding.remind_all(timezone.now()) == 1
        ReminderChoice.choose(fresh(course), None, course.creator.user)
        self.age(course, 3000)
        assert reminding.remind_all(timezone.now()) == 0
        with pytest.raises(ValidationError):
            ReminderChoice.choose(course, 7, course.creator.user)

    def test_leave_slow_courses_without_checks_in_peace(self, course: Course) -> None:
        Category.objects.update(is_fast_moving=False)
        self.age(course, 3000)
        assert reminding.remind_all(timezone.now()) == 0
        check(course, on=timezone.localdate() - timedelta(days=800))
        assert reminding.remind_all(timezone.now()) == 1


class TestTheStudio:
    @pytest.fixture
    def studio(self, client: Client, ada: User) -> Client:
        client.force_login(ada)
        return client

    def test_writes_down_takes_away_and_chooses(self, studio: Client, course: Course) -> None:
        told = {"subject": "Django", "version": "5.2", "checked_on": "2026-11-01"}
        studio.post(reverse("studio:check", args=[course.slug]), told)
        page = studio.get(reverse("studio:freshness", args=[course.slug])).content.decode()
        assert "Django 5.2" in page
        studio.post(reverse("studio:choose_reminder", args=[course.slug]), {"after_days": "180"})
        assert fresh(course).remind_after_days == 180
        studio.post(reverse("studio:drop_check", args=[course.slug]), {"subject": "Django"})
        assert names(course) == []

    @pytest.mark.parametrize(
        "told",
        [
            {},
            {"subject": "x", "checked_on": "no"},
            {"subject": "x", "checked_on": "2099-01-01"},
            {"checked_on": "2026-01-01"},
        ],
    )
    def test_says_what_is_wrong(self, studio: Client, course: Course, told: dict[str, str]) -> None:
        answer = studio.post(reverse("studio:check", args=[course.slug]), told, follow=True)
        assert answer.status_code == 200
        assert names(course) == []
        answer = studio.post(reverse("api-studio-checks", args=[course.slug]), told, "application/json")
        assert answer.status_code == 400

    @pytest.mark.parametrize("days", ["", "7", "x"])
    def test_knows_no_other_reminders(self, studio: Client, course: Course, days: str) -> None:
        studio.post(reverse("studio:choose_reminder", args=[course.slug]), {"after_days": days})
        assert fresh(course).remind_after_days == 365
        address = reverse("api-studio-reminder", args=[course.slug])
        assert studio.post(address, {"after_days": days}, "application/json").status_code == 400

    def test_does_the_same_over_the_api(self, studio: Client, course: Course) -> None:
        address = reverse("api-studio-checks", args=[course.slug])
        told = {"subject": "Django", "version": "5.2", "checked_on": "2026-11-01"}
        assert studio.post(address, told, "application/json").status_code == 201
        drop = reverse("api-studio-drop-check", args=[course.slug])
        assert studio.post(drop, {"subject": "django"}, "application/json").status_code == 204
        assert [row["is_dropped"] for row in studio.get(address).json()] == [True, False]
        reminder = reverse("api-studio-reminder", args=[course.slug])
        assert studio.post(reminder, {"after_days": None}, "application/json").json() == {"after_days": None}
        assert fresh(course).remind_after_days is None
