"""What a person chooses about matching: of two choices at once both are taken, one after the other."""

from typing import Any

import pytest

from accounts.models import User
from courses.models import Category
from discovery.models import Taste
from tests.faults.taken_away import meeting, taken_away
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
SLOW = meeting("discovery_taste")  # so that the two meet
GOAL = "languages"


@pytest.mark.django_db(transaction=True)
def test_of_two_first_choices_at_once_both_are_taken(lin: User) -> None:
    goal, _new = Category.objects.get_or_create(slug=GOAL, defaults={"name_en": "Languages", "name_zh": "语言"})
    switches = [{"uses_goals": False}, {"uses_language": False}]

    def choose(n: int) -> Any:
        return Taste.objects.of(lin).choose(switches[n], [goal])

    with taken_away(SLOW):
        assert at_once(choose, 2) == [None, None]
        taste = Taste.objects.of(lin)
        assert (taste.uses_goals, taste.uses_language, taste.uses_history) == (False, False, True)
        assert taste.goal_ids() == {goal.pk}
