"""A course whose rows the tests lay down is as one that a creator made and a moderator approved."""

from typing import Any

import pytest
from django.core.files.storage import default_storage

from accounts.models import User
from courses.models import Course
from marketplace.lib.money import Money
from tests.courses.factories import make_course, make_course_by_verbs, make_skill
from tests.rows_written import written_by

pytestmark = pytest.mark.django_db

CASES = {
    "as most are": {},
    "a draft": {"live": False},
    "eleven lessons": {"lessons": 11},
    "none": {"lessons": 0, "live": False},
    "no cover": {"cover": False, "live": False},
    "no price": {"price": None, "live": False},
    "free": {"price": Money(0, "USD"), "preview_first": False},
    "in yen": {"price": Money(1500, "JPY")},
    "no preview": {"preview_first": False, "live": False},
    "other words": {"subtitle": " Slowly ", "outcomes": ["A bowl", " "], "language": "zh-hans"},
    "a title in Chinese": {"title": "陶艺"},
}


@pytest.mark.parametrize("asked", CASES.values(), ids=CASES)
@pytest.mark.parametrize("is_with_skills", [True, False])
def test_laid_or_made_by_verbs_it_is_the_same(ada: User, asked: dict[str, Any], is_with_skills: bool) -> None:
    """Of a creator who has one already, and whoever approves is there or comes into being."""
    make_course(title="Before")
    skills = {make_skill("python"): 2, make_skill("sql"): 1} if is_with_skills else None
    laid, laid_after = written_by(lambda: make_course(ada.creator, skills=skills, **asked))
    made, made_after = written_by(lambda: make_course_by_verbs(ada.creator, skills=skills, **asked))
    assert sorted(laid) == sorted(made)
    for table, rows in made.items():
        assert laid[table] == rows, table
    assert laid_after == made_after


def test_the_first_course_brings_its_people_into_being() -> None:
    laid, _after = written_by(make_course)
    made, _after = written_by(make_course_by_verbs)
    assert laid == made
    assert {"accounts_user", "accounts_rolegrant", "creators_creator"} <= set(laid)


def test_the_control_finds_what_a_verb_writes_beside() -> None:
    """A row that is laid down otherwise is found, in whatever table."""

    def otherwise() -> Course:
        course = make_course(live=False)
        course.versions.update(revision=7)
        return course

    laid, made = written_by(otherwise)[0], written_by(lambda: make_course_by_verbs(live=False))[0]
    assert {table for table in made if laid[table] != made[table]} == {
        "courses_version", "courses_section", "courses_lesson",
    }  # fmt: skip


def test_its_pictures_are_there(ada: User) -> None:
    course, by_verbs = make_course(title="Glazes"), make_course_by_verbs(title="Kilns")
    for name in ("cover", "cover_small"):
        laid, made = getattr(course, name), getattr(by_verbs, name)
        assert default_storage.open(laid.name).read() == default_storage.open(made.name).read()
        assert (laid.width, laid.height) == (made.width, made.height)
