"""Two people of a seeded shop: somebody with some courses, and somebody who has hundreds, all goals, and follows many.
Rows are written once and kept with the shop's.
"""

import random
import time
from collections.abc import Callable
from typing import Any

from bench.zipf import SEED

# Courses that each has, a half of them finished; goals; creators that she follows.
READERS = {"a reader": (40, 3, 5), "a reader of 500": (600, 12, 40)}
LINKED, LINKS, STEP = 3_000, 400, 0.001


def readers() -> dict[str, Any]:
    """By name. The most popular courses are linked as a night leaves it, new ones are owed looks."""
    from django.utils import timezone

    from courses.models import Course
    from discovery.models import Links, Newcomer

    popular = list(Course.objects.listed().order_by("-learners_count", "-id").values_list("pk", flat=True)[:LINKED])
    dice = random.Random(SEED)
    Newcomer.objects.follow(timezone.now())
    if not Links.objects.exists():
        Links.objects.replace(
            (course, [(other, STEP * dice.random()) for other in dice.sample(popular, min(LINKS, len(popular)))])
            for course in popular
        )
    return {name: _reader(name, popular, dice) for name in READERS}


def _reader(name: str, popular: list[int], dice: random.Random) -> Any:
    from django.utils import timezone

    from accounts.models import User
    from courses.models import Category
    from creators.models import Creator
    from discovery.forms import SWITCHES
    from discovery.models import Follow, Taste
    from learners.models import Enrollment

    courses, goals, follows = READERS[name]
    email = f"{name.replace(' ', '-')}@example.com"
    if found := User.objects.filter(email=email).first():
        return found
    person = User.objects.create(email=email, password="!", name=name, language="en")
    taken = dice.sample(popular, min(courses, len(popular) // 2))
    now = timezone.now()
    Enrollment.objects.bulk_create(
        Enrollment(learner=person, course_id=pk, source="staff", completed_at=None if at % 2 else now)
        for at, pk in enumerate(taken)
    )
    Taste.objects.of(person).choose(dict.fromkeys(SWITCHES, True), list(Category.objects.order_by("pk")[:goals]))
    makers = list(Creator.objects.order_by("pk")[:20_000])
    Follow.objects.bulk_create(Follow(learner=person, creator=maker) for maker in makers[:: len(makers) // follows])
    return person


def pages() -> dict[str, tuple[Any, str]]:
    """By name, who asks and for what."""
    from django.test import Client

    found = {}
    for name, person in readers().items():
        client = Client(headers={"accept-language": "en"})
        client.force_login(person)
        found |= {f"home of {name}": (client, "/"), f"list of {name}": (client, "/for-you/")}
    return found


def processor_ms(act: Callable[[], object], times: int = 7) -> float:
    """The least of this process's own milliseconds."""
    took = []
    for _ in range(times):
        began = time.process_time()
        act()
        took.append(1000 * (time.process_time() - began))
    return min(took)
