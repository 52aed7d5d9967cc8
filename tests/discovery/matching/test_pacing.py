"""How many places new courses are granted: what they need, no more, and in time."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from bench.asked import Month
from courses.models import Course
from discovery.matching import choosing, exposure, pacing
from discovery.models import Attention, Newcomer, Pace, Taste
from discovery.models.attention import LOOKS_GRANTED
from tests.courses.factories import make_course

shares, draws = st.floats(0, 1), st.floats(0, 1, exclude_max=True)


@given(shares, st.integers(0, 60), draws)
def test_places_are_evenly_spread_and_never_more_than_every_fourth(share: float, count: int, draw: float) -> None:
    places = pacing.places(share, count, draw)
    assert len(places) <= count / pacing.EVERY
    assert all(place <= count for place in places)
    assert all(b - a >= pacing.EVERY for a, b in zip([0, *places], places, strict=False))


@given(st.floats(0, 1 / pacing.EVERY))
def test_all_lists_together_have_the_share(share: float) -> None:
    draws = [at / 1_000 for at in range(1_000)]
    for count in (8, 24):
        granted = sum(len(pacing.places(share, count, draw)) for draw in draws)
        assert granted == pytest.approx(1_000 * share * count, abs=1)


def test_what_is_owed_grows_as_the_days_pass() -> None:
    assert pacing.owed_a_day(0, 0) == pytest.approx(LOOKS_GRANTED / 28)
    assert pacing.owed_a_day(100, 18) == 10
    assert pacing.owed_a_day(100, 29) == 100
    assert pacing.owed_a_day(LOOKS_GRANTED - 1, 20) == pacing.owed_a_day(0, 0), "the last look does not come for ever"
    assert pacing.owed_a_day(LOOKS_GRANTED + 5, 3) == 0


def test_nothing_is_granted_that_is_not_owed_and_all_while_nothing_is_known() -> None:
    assert pacing.share([(0, 0), (0, 500)]) == 0
    assert pacing.share([(10, 1_000), (20, 1_000)]) == pytest.approx(0.03)
    assert pacing.share([(900, 1_000)]) == pacing.share([(1, 0)]) == pacing.share([]) == 0.25


@pytest.mark.parametrize("lists", [1_500, 4_000, 20_000])
def test_a_month_gives_all_their_looks_for_no_more_places_than_needed(lists: int) -> None:
    """Twenty new courses that nobody's score lifts."""
    new = range(20)
    month = Month(new, 100, lists)
    for n in range(lists):
        looks, places = month.granted(n * 0.618 % 1)
        month.note(looks[: len(places)])
    assert min(month.counts[one] for one in new) >= LOOKS_GRANTED
    assert month.places <= 20 * LOOKS_GRANTED * 1.02


@pytest.mark.django_db
def test_the_job_reckons_what_each_audience_needs_and_gives(ada: User, lin: User) -> None:
    old = [make_course(title=language, language=language) for language in ("en", "de", "zh-hans")]
    Course.objects.update(published_at=timezone.now() - timedelta(days=90))
    make_course(title="New")
    Newcomer.objects.follow(timezone.now())
    today = timezone.now().date()
    for days, count in ((0, 10_000), (1, 70), (7, 70), (8, 10_000)):
        Attention.objects.add(today - timedelta(days=days), {course.pk: count for course in old})
    exposure.reckon()
    rates = {pace.audience: (pace.owed_a_day, pace.looks_a_day) for pace in Pace.objects.all()}
    assert rates["en"] == (pytest.approx(LOOKS_GRANTED / 28, rel=0.01), 20)
    assert rates["zh-hans"] == (0, 20)
    assert rates[""] == (0, 60)


@pytest.mark.django_db
def test_a_list_has_as_many_new_courses_as_are_needed(ada: User, lin: User) -> None:
    for n in range(30):
        make_course(title=f"Old {n}")
    Course.objects.update(published_at=timezone.now() - timedelta(days=90), learners_count=5000)
    for n in range(8):
        make_course(title=f"New {n}")
    Newcomer.objects.follow(timezone.now())

    def granted() -> list[int]:
        shown = choosing.for_learner(lin, Taste.objects.of(lin))
        return [at for at, one in enumerate(shown, 1) if one.is_look]

    assert granted() == [4, 8, 12, 16, 20, 24]
    Pace.objects.put({"en": (100, 800), "": (0, 0)})
    assert granted() == [8, 16, 24]
    Pace.objects.put({"en": (5, 240), "": (0, 0)})
    counts = []
    for day in range(28):
        with time_machine.travel(timezone.now() + timedelta(days=day), tick=False):
            counts.append(len(granted()))
    assert set(counts) == {0, 1}
