"""First pages of lists are asked by statements that were written before: they have the rows that the query has."""

from itertools import product

import pytest
from django.utils import timezone

from accounts.models import User
from courses import first_rows
from courses.filters import LABELS, OFFERED, ORDERS
from courses.models import Course
from marketplace.lib.money import Money
from tests.courses.factories import make_category, make_course, make_skill

pytestmark = pytest.mark.django_db

CHOICES = [{}, *({name: key} for name, offered in OFFERED.items() for key, _label in offered)]


@pytest.fixture
def shop(ada: User) -> None:
    for at, (level, language) in enumerate(product(("beginner", "advanced"), ("en", "zh-hans"))):
        price = Money(0, "USD") if at % 2 else None
        more = {"skills": {make_skill("firing"): 1}} if at else {}
        made = make_course(title=f"Bowl {at}", lessons=1, level=level, language=language, **more)
        facts = {"duration_s": 1_000 * (1 + 6 * at), "captions": ["en"] if at % 2 else [], "learners_count": at // 2}
        rated = {"rating_count": 3 * at, "rating_score": 1_500 * at, "rating_low": 1_000 * at}
        free = {"price_minor": 0, "price_rank": 0} if price is not None else {}
        Course.objects.filter(pk=made.pk).update(**facts, **rated, **free, renewed_at=timezone.now())


@pytest.mark.parametrize("order", ORDERS)
def test_they_are_the_rows_of_the_query(shop: None, order: str) -> None:
    wide = [{"skill": "firing"}, {"creator": "ada-lin-studio"}, {"category": "programming", "level": "beginner"}]
    for chosen in [*CHOICES, *wide, {"price": "free", "more": "skill"}, {"category": "nowhere"}]:
        asked = tuple(sorted((name, value) for name, value in chosen.items() if name in LABELS or name == "creator"))
        as_ever = list(first_rows._rows(asked, order))
        for _written_then_known in range(2):
            found = first_rows.rows_of({**chosen, "sort": order}, order)
            assert found == as_ever, chosen
            assert [row._fields for row in found] == [row._fields for row in as_ever]
    assert len(first_rows.rows_of({}, order)) == 4


def test_they_are_asked_each_time(shop: None) -> None:
    before = first_rows.rows_of({"category": "programming"}, "newest")
    Course.objects.filter(pk=before[0].pk).update(title="A bowl of another name", is_limited=False)
    Course.objects.filter(pk=before[1].pk).update(is_taken_down=True)
    after = first_rows.rows_of({"category": "programming"}, "newest")
    assert after[0].title == "A bowl of another name"
    assert before[1].pk not in [row.pk for row in after]


def test_a_skill_that_is_new_is_known_at_once(ada: User) -> None:
    assert first_rows.rows_of({"skill": "glazing"}, "popular") == []
    course = make_course(title="Glazes", skills={make_skill("glazing"): 1}, category=make_category())
    assert [row.pk for row in first_rows.rows_of({"skill": "glazing"}, "popular")] == [course.pk]
