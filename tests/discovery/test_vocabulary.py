"""The vocabulary speaks for courses in lists alone, and entries for creators as they are called now."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Restriction, Takedown
from creators.models import Suspension
from discovery import index
from discovery.finding import matching
from discovery.models import Entry, Word
from marketplace.lib import window
from tests.courses.factories import make_course, publish
from tests.creators.factories import make_creator

pytestmark = pytest.mark.django_db

MEASURES = ["take down", "limit", "suspend"]


@pytest.fixture
def course(ada: User) -> Course:
    made = make_course(title="Xylograph", lessons=1)
    index.refresh()
    return made


def measure(kind: str, course: Course, sam: User) -> Restriction:
    rule = {"rule_code": "spam", "reason": "Spam", "by": sam}
    if kind == "take down":
        return course.take_down(**rule)
    if kind == "limit":
        return Restriction.objects.impose("limit", course, rule_version=1, **rule)
    return Suspension.objects.suspend(creator=course.creator, **rule)


def offered(client: Client) -> bool:
    """Whether the box, or the page of results, says the word to somebody who comes near it."""
    box = client.get("/search/suggest/", {"q": "xylo"}).json()["suggestions"]
    return bool(box) or "xylograph" in client.get("/search/", {"q": "xylogrph"}).content.decode()


@pytest.mark.parametrize("kind", MEASURES)
def test_a_word_goes_with_the_only_course_that_has_it_and_comes_back_with_it(
    client: Client, course: Course, sam: User, kind: str
) -> None:
    assert offered(client)
    restraint = measure(kind, course, sam)
    assert not offered(client)
    index.refresh()
    assert Word.objects.get(text="xylograph").courses == 0
    assert not offered(client)
    restraint.lift(by=sam, reason="No spam")
    index.refresh()
    assert Word.objects.get(text="xylograph").courses == 1
    assert offered(client)


def test_a_word_that_another_course_has_stays(client: Client, course: Course, sam: User) -> None:
    make_course(title="Xylograph for two", lessons=1)
    index.refresh()
    measure("take down", course, sam)
    assert offered(client)
    index.refresh()
    assert Word.objects.get(text="xylograph").courses == 1
    assert offered(client)


def test_a_new_version_of_a_course_that_is_in_no_list_adds_no_words(course: Course, ada: User, sam: User) -> None:
    restraint = measure("limit", course, sam)
    index.refresh()
    draft = course.open_draft(ada)
    draft.edit({"title": "Xylograph and burin"}, by=ada, revision=draft.revision)
    publish(draft)
    index.refresh()
    assert not Word.objects.filter(text="burin", courses__gt=0).exists()
    restraint.lift(by=sam, reason="No spam")
    index.refresh()
    assert Word.objects.get(text="burin").courses == 1


def test_moderators_go_on_finding_a_limited_course_by_its_words(course: Course, sam: User) -> None:
    measure("limit", course, sam)
    index.refresh()
    assert matching(Course.objects.on_sale(), "xylograph").get() == course


def test_a_takedown_in_another_process_is_not_undone_by_what_this_one_has_at_hand(
    client: Client, course: Course, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert offered(client)
    # The other process clears what it has at hand itself, and changes the state of the window for all.
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(window, "_near", {})
        measure("take down", course, sam)
    assert not offered(client)


@pytest.mark.parametrize("kind", MEASURES)
def test_it_is_not_offered_again_while_no_worker_is_there_and_goes_with_the_first_refresh(
    client: Client, course: Course, sam: User, kind: str
) -> None:
    measure(kind, course, sam)
    long_ago = timezone.now() - timedelta(days=1)
    Takedown.objects.update(taken_down_at=long_ago)
    Restriction.objects.update(imposed_at=long_ago)
    Suspension.objects.update(suspended_at=long_ago)
    cache.clear()
    window.forget()
    assert not offered(client)
    assert index.refresh() == 1
    assert Word.objects.get(text="xylograph").courses == 0
    assert index.refresh() == index.refresh(everything=True) == 0


def test_nothing_is_written_twice(course: Course, sam: User) -> None:
    measure("take down", course, sam)
    assert index.refresh() == 1
    assert index.refresh() == index.refresh(everything=True) == 0


def make_old(*courses: Course) -> None:
    """Renewed so long ago that no refresh looks at them for that."""
    Course.objects.filter(pk__in=[course.pk for course in courses]).update(
        renewed_at=timezone.now() - timedelta(days=1)
    )  # fmt: skip


def test_a_creator_is_found_by_her_new_name_and_not_by_the_old_one(
    client: Client, course: Course, ada: User, lin: User
) -> None:
    make_course(make_creator(lin, "Zed Quist"), title="Newer", lessons=1)
    make_old(course)
    index.refresh()
    ada.creator.edit({"name": "Marguerite Okafor"})
    assert index.refresh() == 1
    assert Entry.objects.get(pk=course.pk).creator_name == "Marguerite Okafor"
    assert matching(Course.objects.listed(), "okafor").get() == course
    assert not matching(Course.objects.listed(), "Ada Lin Studio").exists()
    assert not Word.objects.filter(text="studio", courses__gt=0).exists()
    assert client.get("/search/", {"q": "okafor"}).context["results"].total == 1


def test_a_renamed_creators_courses_are_all_written_before_her_name_is_known(
    course: Course, ada: User, lin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "BATCH", 1)
    make_course(make_creator(lin, "Zed Quist"), title="Newer", lessons=1)
    make_old(course, *(make_course(title=f"Print {number}", lessons=1) for number in range(3)))
    while index.refresh():
        pass
    ada.creator.edit({"name": "Marguerite Okafor"})
    assert index.refresh() == 4
    assert set(Entry.objects.values_list("creator_name", flat=True)) == {"Marguerite Okafor", "Zed Quist"}
    assert index.refresh() == 0
