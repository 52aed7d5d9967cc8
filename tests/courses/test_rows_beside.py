"""Rows that a query brings along: each course its own, however often the one query is asked."""

import pytest
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts.models import User
from courses.models import Course, PriceChange, Version
from courses.views.catalogue import _shown
from marketplace.lib.money import Money
from marketplace.lib.rows import RowsBeside
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def courses(ada: User) -> list[Course]:
    made = [make_course(title=title) for title in ("Kilns", "Glazes")]
    made[1].set_price(Money(2500, "USD"), by=ada)
    return made


def prices_of(rows: QuerySet[Version], course: Course) -> list[int]:
    version = rows.filter(course__slug=course.slug).first()
    assert version is not None
    return [row["minor"] for row in version.prices]


def test_one_query_brings_each_course_its_own_rows(courses: list[Course]) -> None:
    for _twice in range(2):
        assert prices_of(_shown(), courses[0]) == [1999]
        assert prices_of(_shown(), courses[1]) == [1999, 2500]


def test_in_another_query_they_are_written_anew(courses: list[Course]) -> None:
    beside = RowsBeside(
        PriceChange.objects.filter(course=OuterRef("pk")).order_by("pk").values(row=JSONObject(minor="price_minor"))
    )
    alone = Course.objects.annotate(prices=beside)
    assert [len(course.prices) for course in alone.order_by("pk")] == [1, 2]
    # Here the same table stands under a name of its own.
    within = Version.objects.filter(course__in=alone.filter(prices__len=2).values("pk"))
    assert [version.course_id for version in within] == [courses[1].pk]
    both = alone.filter(title="Kilns") | alone.filter(title="Glazes")
    assert sorted(len(course.prices) for course in both) == [1, 2]
