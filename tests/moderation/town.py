"""A town of honest buyers with fraud planted in it, the same for the same seed, and how well each detector finds it.

Honest are families on one address and one card, internet cafés of villages, students behind one network who use their
teacher's coupon, companies and grandmothers who pay for others, colleagues who learn from each other, people with bad
cards, classes with many devices, travelers, creators and fans who rate; and many who buy and never watch. The planted
are of all sizes, some too small to be told from chance: recall says how many.
"""

import itertools
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import connection

from accounts.models import User
from community.models import Rating
from courses.models import Course
from creators.models import Creator
from learners.models import LessonProgress
from moderation import fraud
from moderation.flags import Finding
from payments.models import CardTrace, Coupon, CouponUse, Order
from payments.models.card_trace import card_name
from tests.moderation.crowd_sales import item_of, order_of, past_the_triggers
from videos.models import PlaceDay

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
BROWSERS = [f"Mozilla/5.0 (common browser {n})" for n in range(5)]
_unique = itertools.count(1)


def _count(kinds: Iterable[type]) -> None:
    """As autovacuum would long have done: a planner that thinks tables to be empty takes ten times as long."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(kind._meta.db_table for kind in (User, Course, *kinds))}")  # type: ignore[attr-defined]


@dataclass
class Score:
    """Of one detector: planted groups, those of them that were found, and findings that hit an honest one."""

    code: str
    planted: int
    found: int
    wrong: int

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 1.0


@dataclass
class Town:
    """`scale`: how many of each kind; 1 is some 1,500 accounts. Rows are gathered and written at the end."""

    seed: int
    scale: int = 1
    rows: dict[type, list[Any]] = field(default_factory=dict)
    # By detector: groups of keys; a finding at any key of a group has found it.
    planted: dict[str, list[set[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.bought: set[tuple[int, int]] = set()
        self.rated: set[tuple[int, int]] = set()
        self.people = iter(self._people(1800 * self.scale))
        self.creators = [self._creator(n) for n in range(30 * self.scale)]
        made = iter(self._courses(3 * len(self.creators)))
        self.courses = {creator.pk: [next(made) for _ in range(3)] for creator in self.creators}
        self.free = iter(self.creators)
        self.honest()
        self.plant()
        self.rate()
        with past_the_triggers():
            for kind, rows in self.rows.items():
                kind._default_manager.bulk_create(rows, batch_size=2000)  # type: ignore[attr-defined]
        _count(self.rows)

    # Pieces

    def _people(self, count: int) -> Iterator[User]:
        first = next(_unique)
        old = NOW - timedelta(days=400)
        made = (User(email=f"t{first}-{n}@example.com", name="", password="!", joined_at=old) for n in range(count))
        return iter(User.objects.bulk_create(made, batch_size=2000))

    def _creator(self, n: int) -> Creator:
        person = next(self.people)
        self.log_in(person, self.address(), self.browser())
        return Creator.objects.create(user=person, name=f"Creator {self.seed}-{n}", slug=f"creator-{next(_unique)}")

    def _courses(self, count: int) -> list[Course]:
        """Three of each creator; nobody opens them, so a title is all they need."""
        first = next(_unique)
        made = (
            Course(creator=self.creators[n // 3], title=f"Course {n}", slug=f"course-{first}-{n}", price_minor=2000)
            for n in range(count)
        )
        return Course.objects.bulk_create(made)

    def address(self) -> str:
        return ".".join(str(self.dice.randrange(1, 250)) for _ in range(4))

    def browser(self) -> str:
        """Most have one of few; the rest are told apart by their versions."""
        return self.dice.choice(BROWSERS) if self.dice.random() < 0.6 else f"Mozilla/5.0 (rare {self.dice.random()})"

    def card(self) -> str:
        return f"card {self.dice.random()}"

    def some_day(self, most: int = 150) -> datetime:
        return NOW - timedelta(days=self.dice.randrange(10, most), seconds=self.dice.randrange(86_400))

    def add(self, row: Any) -> Any:
        self.rows.setdefault(type(row), []).append(row)
        return row

    def log_in(self, person: User, address: str, browser: str) -> None:
        key = f"{next(_unique)}x{self.dice.getrandbits(128):x}"[:40]
        self.add(UserSession(user=person, ip=address, user_agent=browser, session_key=key))

    def buy(
        self, person: User, creator: Creator, card: str, *, watches: float, at: datetime | None = None,
        coupon: Coupon | None = None, course: Course | None = None,
    ) -> None:  # fmt: skip
        """Nothing for who has the course already."""
        course, at = course or self.dice.choice(self.courses[creator.pk]), at or self.some_day()
        if (person.pk, course.pk) in self.bought:
            return
        self.bought.add((person.pk, course.pk))
        order = self.add(order_of(person, at, 2000 if card else 0))
        self.add(item_of(order, course, at))
        if card:
            self.try_card(order, card, at, is_declined=False)
        if self.dice.random() < watches:
            seconds = self.dice.randrange(70, 4000)
            self.add(LessonProgress(learner=person, course=course, lesson_key=uuid.uuid4(), covered_s=seconds))
        if coupon is not None:
            person.joined_at = at - timedelta(hours=1)
            self.joined.append(person)
            self.add(CouponUse(coupon=coupon, order=order, buyer=person, state="used", reserved_at=at, used_at=at))

    def try_card(self, order: Order, card: str, at: datetime, *, is_declined: bool) -> None:
        self.add(CardTrace(event_id=f"evt_{next(_unique)}", order=order, buyer=order.buyer, card=card_name(card),
                           is_declined=is_declined, tried_at=at))  # fmt: skip

    def coupon(self) -> Coupon:
        maker = self.creators[0].user
        return Coupon.objects.create(code=f"TOWN{next(_unique)}", kind="free", bearer="platform", cap_person=1,
                                     most_minor=10_000, most_currency="USD", cap_total=100,
                                     starts_at=NOW - timedelta(days=300), made_by=maker, made_at=NOW)  # fmt: skip

    def plant_one(self, code: str, keys: set[str]) -> None:
        self.planted.setdefault(code, []).append(keys)

    # Honest people

    def honest(self) -> None:
        self.joined: list[User] = []
        for _ in range(40 * self.scale):
            self.family()
            self.gift()
            self.unlucky()
        for _ in range(4 * self.scale):
            self.cafe()
            self.company()
            self.classroom()
            self.traveler()
        for _ in range(2 * self.scale):
            self.campus()
        for _ in range(10 * self.scale):
            self.colleagues()
        for _ in range(400 * self.scale):
            person = next(self.people)
            self.log_in(person, self.address(), self.browser())
            self.buy(person, self.dice.choice(self.creators), self.card(), watches=0.75)

    def family(self) -> None:
        """Two to four accounts on one address, a tablet that all use, one card of the mother's or the father's."""
        address, tablet, card = self.address(), self.browser(), self.card()
        favorite = self.dice.choice(self.creators)
        for _ in range(self.dice.randrange(2, 5)):
            person = next(self.people)
            self.log_in(person, address, tablet)
            self.log_in(person, address, self.browser())
            self.buy(person, self.dice.choice([favorite, *self.creators]), card, watches=0.75)

    def gift(self) -> None:
        """A grandmother pays for three grandchildren; one of them looks into it."""
        card, creator = self.card(), self.dice.choice(self.creators)
        for _ in range(3):
            person = next(self.people)
            self.log_in(person, self.address(), self.browser())
            self.buy(person, creator, card, watches=0.5)

    def unlucky(self) -> None:
        """Declined up to five times in an evening, with a card or two."""
        person, at = next(self.people), self.some_day(28)
        self.log_in(person, self.address(), self.browser())
        order = self.add(order_of(person, at, 2000))
        cards = [self.card(), self.card()]
        for n in range(self.dice.randrange(1, 6)):
            self.try_card(order, self.dice.choice(cards), at + timedelta(minutes=n), is_declined=True)

    def cafe(self) -> None:
        """Twenty-five people of a village, one address, three machines alike."""
        address, machines = self.address(), [self.browser() for _ in range(3)]
        for _ in range(25):
            person = next(self.people)
            for machine in machines:
                self.log_in(person, address, machine)
            self.buy(person, self.dice.choice(self.creators), self.card(), watches=0.7)

    def company(self) -> None:
        """Eight colleagues, new here, one card of the company, one coupon, one course; most look into it."""
        address, card, coupon, creator = self.address(), self.card(), self.coupon(), self.dice.choice(self.creators)
        at = self.some_day(80)
        for _ in range(8):
            person = next(self.people)
            self.log_in(person, address, f"Mozilla/5.0 (laptop {self.dice.random()})")
            self.buy(person, creator, card, watches=0.7, at=at, coupon=coupon)

    def classroom(self) -> None:
        """A teacher shows films on ten computers of a school with her own log-in."""
        person, address = next(self.people), self.address()
        self.log_in(person, address, self.browser())
        for n in range(8):
            self.played(person, n, self.dice.randrange(8, 13), 4)

    def traveler(self) -> None:
        person = next(self.people)
        for _ in range(10):
            self.log_in(person, self.address(), self.browser())
        for n in range(10):
            self.played(person, n, 4, 0)

    def campus(self) -> None:
        """A hundred students behind one network, new here on the day of the lecture, with the lecture's free coupon;
        some of them buy what their professor, who sits behind the same network, has made.
        """
        address, coupon, professor = self.address(), self.coupon(), self.dice.choice(self.creators)
        self.log_in(professor.user, address, BROWSERS[0])
        at = self.some_day(60)
        for _ in range(100):
            person = next(self.people)
            self.log_in(person, address, self.dice.choice(BROWSERS))
            self.buy(person, self.dice.choice(self.creators), "", watches=0.65, at=at, coupon=coupon)
            if self.dice.random() < 0.3:
                self.buy(person, professor, self.card(), watches=0.7)

    def colleagues(self) -> None:
        """Creators who buy two courses of each other, and watch."""
        one, other = self.dice.sample(self.creators, 2)
        for buyer, seller in ((one, other), (other, one)):
            card = self.card()
            for course in self.courses[seller.pk][:2]:
                self.buy(buyer.user, seller, card, watches=0.75, course=course)

    def played(self, person: User, days_ago: int, devices: int, refused: int) -> None:
        day = (NOW - timedelta(days=days_ago)).date()
        self.add(PlaceDay(person=person, day=day, devices=devices, refused_devices=refused))

    # Planted

    def plant(self) -> None:
        for n in range(10 * self.scale):
            self.plant_self_purchase(("card", "device", "shared_card")[n % 3])
            self.plant_farm(with_card=bool(n % 2))
            self.plant_card_test(accounts=1 if n % 2 else 3)
            self.plant_sharing()
        for n in range(3 * self.scale):
            self.plant_ring(2 + n % 3)
        User.objects.bulk_update(self.joined, ["joined_at"], batch_size=2000)

    def plant_self_purchase(self, tie: str) -> None:
        """Two to nine accounts of a creator's own, which nobody watches with."""
        creator, card = next(self.free), self.card()
        home, browser = self.address(), self.browser()
        self.log_in(creator.user, home, browser)
        if tie == "card":
            self.buy(creator.user, self.dice.choice(self.creators[-5:]), card, watches=0.9)
        for _ in range(self.dice.randrange(2, 10)):
            person = next(self.people)
            here = (home, browser) if tie == "device" else (self.address(), self.browser())
            self.log_in(person, *here)
            self.buy(person, creator, self.card() if tie == "device" else card, watches=0.05)
        self.plant_one("self_purchase", {creator.slug})

    def plant_ring(self, size: int) -> None:
        """Each buys one to three courses of the next one; the last one of the first."""
        circle = [next(self.free) for _ in range(size)]
        bought = 1 if self.dice.random() < 0.15 else self.dice.randrange(2, 4)
        for buyer, seller in zip(circle, circle[1:] + circle[:1], strict=True):
            for course in self.courses[seller.pk][:bought]:
                self.buy(buyer.user, seller, self.card(), watches=0.05, course=course)
        self.plant_one("rings", {creator.slug for creator in circle})

    def plant_farm(self, *, with_card: bool) -> None:
        """One person's new accounts at one machine, one coupon; with a card she gets cheap what she watches herself."""
        address, browser, coupon = self.address(), self.browser(), self.coupon()
        card, at, accounts = self.card() if with_card else "", self.some_day(80), set()
        for n in range(self.dice.randrange(3, 15)):
            person = next(self.people)
            accounts.add(str(person.pk))
            self.log_in(person, address, browser)
            creator = self.dice.choice(self.creators)
            self.buy(person, creator, card, watches=0.6 if with_card else 0.05, at=at + timedelta(hours=n),
                     coupon=coupon)  # fmt: skip
        self.plant_one("coupon_farming", accounts)

    def plant_card_test(self, *, accounts: int) -> None:
        """A list of stolen cards, one after the other; few of them work."""
        address, browser, at = self.address(), self.browser(), self.some_day(28)
        testers = [next(self.people) for _ in range(accounts)]
        orders = [self.add(order_of(person, at, 100)) for person in testers]
        for person in testers:
            self.log_in(person, address, browser)
        for n in range(self.dice.randrange(5, 40) * accounts):
            self.try_card(self.dice.choice(orders), self.card(), at + timedelta(minutes=n),
                          is_declined=self.dice.random() < 0.92)  # fmt: skip
        self.plant_one("card_testing", {str(person.pk) for person in testers})

    def plant_sharing(self) -> None:
        person = next(self.people)
        for _ in range(self.dice.randrange(5, 14)):
            self.log_in(person, self.address(), self.browser())
        for n in range(self.dice.randrange(4, 15)):
            self.played(person, n, self.dice.randrange(7, 20), self.dice.randrange(3, 9))
        self.plant_one("account_sharing", {str(person.pk)})

    # Ratings, honest and planted

    def rate(self) -> None:
        for _ in range(10 * self.scale):
            self.friends()
            self.exchange()
        for _ in range(200 * self.scale):
            self.fan()
        for n in range(3 * self.scale):
            self.plant_rating_ring(2 + n % 2, alone=n % 3 == 0)

    def say(self, person: User, course: Course, stars: int, learned: int) -> None:
        if (person.pk, course.pk) not in self.rated:
            self.rated.add((person.pk, course.pk))
            at = self.some_day()
            self.add(Rating(learner=person, course=course, stars=stars, learned=learned, first_at=at, said_at=at))

    def friends(self) -> None:
        """Creators who rate two courses of each other as they found them, after seeing a good part."""
        one, other = self.dice.sample(self.creators, 2)
        for rater, seller in ((one, other), (other, one)):
            for course in self.courses[seller.pk][:2]:
                self.say(rater.user, course, self.dice.choice([3, 4, 5, 5]), self.dice.randrange(20, 101))

    def exchange(self) -> None:
        """Each looked into one course of the other and was kind."""
        one, other = self.dice.sample(self.creators, 2)
        self.say(one.user, self.courses[other.pk][0], 5, 12)
        self.say(other.user, self.courses[one.pk][0], 5, 12)

    def fan(self) -> None:
        """Five stars for all that somebody makes, after a first look."""
        person, creator = next(self.people), self.dice.choice(self.creators)
        self.log_in(person, self.address(), self.browser())
        for course in self.courses[creator.pk]:
            self.say(person, course, 5, self.dice.randrange(10, 40))

    def plant_rating_ring(self, size: int, *, alone: bool) -> None:
        """Each praises one to three courses of the next one, by herself or by a few accounts at her device."""
        circle = [next(self.free) for _ in range(size)]
        times = 1 if alone and self.dice.random() < 0.2 else self.dice.randrange(2, 4)
        for rater, seller in zip(circle, circle[1:] + circle[:1], strict=True):
            voices = [rater.user]
            if not alone:
                home, browser = self.address(), self.browser()
                voices = [next(self.people) for _ in range(self.dice.randrange(2, 5))]
                for person in (rater.user, *voices):
                    self.log_in(person, home, browser)
            for person in voices:
                for course in self.courses[seller.pk][:times]:
                    learned = 60 if self.dice.random() < 0.05 else self.dice.randrange(10, 20)
                    self.say(person, course, 5, learned)
        self.plant_one("rating_rings", {creator.slug for creator in circle})

    # What comes of it

    def score(self, code: str, findings: list[Finding]) -> Score:
        groups = self.planted.get(code, [])
        hit = [[n for n, group in enumerate(groups) if finding.key in group] for finding in findings]
        found = {n for which in hit for n in which}
        return Score(code, len(groups), len(found), sum(not which for which in hit))

    def scores(self) -> list[Score]:
        return [self.score(code, list(find(NOW))) for code, find in fraud.DETECTORS.items()]

    @property
    def size(self) -> dict[str, int]:
        counted = {kind.__name__: len(rows) for kind, rows in self.rows.items()}
        return {"accounts": len({order.buyer_id for order in self.rows[Order]}), **counted}
