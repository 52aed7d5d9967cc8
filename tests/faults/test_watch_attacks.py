"""Who fakes watching, through the public API of a running server, with the merger beside it as a process of its own.

Whatever is sent, no more seconds are believed than wall time × the fastest speed since the first page was opened. The
same attacks against a merger whose bound was taken away get more: they do attack. And an honest learner loses no
more than one report, whatever is killed or emptied meanwhile.
"""

import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course, Lesson
from learners import bound, intervals, stream
from learners.models import LessonProgress, WatchReport, WatchSession
from tests import cast, workers
from tests.courses.factories import make_course
from tests.faults.rows import SEED, chance
from tests.faults.test_transcoding_killed import wait_for
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db(transaction=True)
FILM_S = 30
NO_GAPS = "from learners import bound\nbound._kept = lambda gaps, oldest: ()"
NO_BOUND = "from datetime import timedelta\nfrom learners import bound\nbound.GRACE = timedelta(days=1)"


@dataclass
class Site:
    """The running server as somebody outside sees it."""

    url: str
    lessons: list[Lesson]
    learner: User
    began: float

    @cached_property
    def browser(self) -> Client:
        """One log-in: as many tabs as one likes, and one of the devices that a learner may play on."""
        client = Client()
        client.force_login(self.learner)
        return client

    @property
    def session(self) -> str:
        return self.browser.cookies[settings.SESSION_COOKIE_NAME].value

    def token(self, lesson: int = 0) -> str:
        """Of a page that is opened now."""
        return self.browser.get(reverse("api-lesson-playback", args=[self.lessons[lesson].key])).json()["report_token"]

    def report(self, token: str, spans: Any, **told: Any) -> int:
        body = {"token": token, "intervals": spans, "position": spans[-1][1], "speed": 1.0, **told}
        asked = urllib.request.Request(f"{self.url}/api/v1/watch/reports/", json.dumps(body).encode(), method="POST")
        asked.add_header("Cookie", f"{settings.SESSION_COOKIE_NAME}={self.session}")
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def limit(self) -> float:
        return bound.FASTEST * (time.time() - self.began + bound.GRACE.total_seconds())


@pytest.fixture
def site(live_server: Any, ada: User, lin: User) -> Site:
    course: Course = make_course(lessons=3)
    enroll(lin, course)
    stream._rests_until = 0.0
    return Site(live_server.url, list(course.live_lessons()), lin, time.time())


def all_settled() -> None:
    wait_for(lambda: stream.figures().waiting == 0, 60)


def believed(learner: User) -> int:
    return sum(intervals.seconds(session.played) for session in WatchSession.objects.filter(learner=learner))


def replay(site: Site) -> None:
    """One report again and again, from pages opened anew as well."""
    for _ in range(10):
        token = site.token()
        for _ in range(20):
            site.report(token, [[0, FILM_S]], speed=3)


def seek_to_the_end(site: Site) -> None:
    for lesson in range(3):
        site.report(site.token(lesson), [[0, FILM_S]], position=FILM_S)


def sixteen_times(site: Site) -> None:
    for lesson in range(3):
        token = site.token(lesson)
        for until in range(2, FILM_S + 1, 2):
            site.report(token, [[0, until]], speed=16)


def twenty_tabs(site: Site) -> None:
    tokens = [site.token(tab % 3) for tab in range(20)]
    for token in tokens:
        site.report(token, [[0, FILM_S]], speed=3)


def a_clock_that_lies(site: Site) -> None:
    """The device says that hours have passed, or none, or that it lives in another year."""
    for said in ({"elapsed": 86_000}, {"elapsed": 0}, {"elapsed": -9e9}, {"started_at": 0}, {"received": "1-0"}):
        for lesson in range(3):
            site.report(site.token(lesson), [[0, FILM_S]], speed=3, **said)


def late_from_offline(site: Site) -> None:
    """Pages opened beside each other, all said to have played while the line was cut, all told at once."""
    tokens = [site.token(tab % 3) for tab in range(8)]
    time.sleep(2)
    for token in tokens:
        site.report(token, [[0, FILM_S]], speed=3, elapsed=FILM_S)


def the_latest_page_first(site: Site) -> None:
    """Pages opened one after the other, told from the last to the first: each leaves gaps for the ones before it."""
    tokens = []
    for tab in range(8):
        tokens.append(site.token(tab % 3))
        time.sleep(0.3)
    for _again in range(3):
        for token in reversed(tokens):
            site.report(token, [[0, FILM_S]], speed=3, elapsed=1)


def two_accounts_on_one_session(site: Site) -> None:
    """A friend logs in elsewhere and reports the other halves of these playbacks, beside playbacks of his own."""
    friend = Site(site.url, site.lessons, cast.person(f"FriendOf{site.learner.pk}"), site.began)
    enroll(friend.learner, site.lessons[0].version.course)
    for lesson in range(3):
        mine, his = site.token(lesson), friend.token(lesson)
        for token in (mine, his):
            site.report(token, [[0, FILM_S / 2]], speed=3)
            friend.report(token, [[0, FILM_S]], speed=3)


def all_of_it_again(site: Site) -> None:
    """What was never played is told as played more than once, in reports of one page and of many."""
    for lesson in range(3):
        token = site.token(lesson)
        for until in (1, FILM_S):
            site.report(token, [[0, until]], speed=3, again=[[0, FILM_S]])
        site.report(site.token(lesson), [[0, 1]], speed=3, again=[[second, second + 1] for second in range(FILM_S)])


ATTACKS: list[Callable[[Site], None]] = [
    replay, seek_to_the_end, sixteen_times, twenty_tabs, a_clock_that_lies, late_from_offline,
    the_latest_page_first, two_accounts_on_one_session, all_of_it_again,
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_goes_above_the_bound(site: Site, tmp_path: Path, attack: Callable[[Site], None]) -> None:
    with workers.merging(tmp_path / "watch.log"):
        attack(site)
        all_settled()
    playing = User.objects.filter(pk__in=WatchSession.objects.values("learner"))
    assert site.learner in playing
    for person in playing:
        seen = LessonProgress.objects.filter(learner=person)
        assert 0 < believed(person) <= site.limit()
        assert sum(row.covered_s for row in seen) <= believed(person)
    for session in WatchSession.objects.all():
        assert intervals.without(session.replayed, session.played) == ()


def test_without_the_bound_each_of_them_gets_all_that_it_claims(site: Site, tmp_path: Path) -> None:
    """The control: the bound is what holds them, not the shape of what they send."""
    fruitless = []
    with workers.merging(tmp_path / "watch.log", NO_BOUND):
        for number, attack in enumerate(ATTACKS):
            mine = Site(site.url, site.lessons, cast.person(f"Cheat{number}"), time.time())
            enroll(mine.learner, mine.lessons[0].version.course)
            attack(mine)
            all_settled()
            # Long before the last report, one film's length of wall time has not passed even once.
            if believed(mine.learner) < FILM_S:
                fruitless.append(attack.__name__)
    assert not fruitless


def test_a_token_opens_nothing_for_another_account_and_not_when_it_is_altered(site: Site, cole: User) -> None:
    token = site.token()
    places = chance(SEED).sample(range(len(token)), 20)
    altered = [token[:at] + random.Random(at).choice("xyz_-") + token[at + 1 :] for at in places]
    answers = {site.report(one, [[0, 5]]) for one in altered if one != token}
    assert answers == {403}
    client = Client()
    client.force_login(cole)
    body = json.dumps({"token": token, "intervals": [[0, 5]], "position": 5})
    assert client.generic("POST", "/api/v1/watch/reports/", body, "text/plain").status_code == 202
    assert {one.report.ticket.learner_id for one in stream.take(1_000)} == {site.learner.pk}


@pytest.fixture
def honest(site: Site) -> "Honest":
    return Honest(site, site.token(), time.monotonic())


@dataclass
class Honest:
    """A learner who watches, by a player that reports every half second."""

    site: Site
    token: str
    began: float
    reports: int = 0
    told: int = 0

    def watch(self, seconds: float, only_news: bool = False) -> int:
        """Up to which whole second she has reported, afterwards."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.5)
            before, self.told = self.told, min(FILM_S, int(time.monotonic() - self.began))
            if self.told:
                assert self.site.report(self.token, [[before if only_news else 0, self.told]]) == 202
                self.reports += 1
        return self.told

    def covered(self) -> int:
        row = LessonProgress.objects.filter(learner=self.site.learner).first()
        return row.covered_s if row else 0


def test_an_honest_learner_loses_nothing_when_the_merger_is_killed_again_and_again(
    honest: Honest, tmp_path: Path
) -> None:
    dice = chance(SEED)
    told = 0
    for turn in range(4):
        with workers.merging(tmp_path / f"watch{turn}.log") as process:
            told = honest.watch(dice.uniform(1.5, 3.5))
            process.kill()
    with workers.merging(tmp_path / "watch.log"):
        all_settled()
    assert (honest.covered(), believed(honest.site.learner)) == (told, told)
    added = WatchReport.objects.values_list("accepted_s", flat=True)
    assert sum(added) == told
    assert len(added) <= honest.reports


def test_an_honest_learner_loses_one_report_at_most_when_valkey_is_emptied(honest: Honest, tmp_path: Path) -> None:
    with workers.merging(tmp_path / "watch.log"):
        honest.watch(3)
        stream._line().flushdb()
        told = honest.watch(2)
        all_settled()
        wait_for(lambda: honest.covered() == told)
    stream._line().flushdb()
    assert honest.covered() == told


def test_if_reports_told_only_what_is_new_an_emptied_valkey_would_cost_more(honest: Honest, tmp_path: Path) -> None:
    """The control: what heals is that each report tells everything."""
    honest.watch(3, only_news=True)
    stream._line().flushdb()
    with workers.merging(tmp_path / "watch.log"):
        told = honest.watch(2, only_news=True)
        all_settled()
    assert honest.covered() < told


def phone_then_laptop(site: Site, offline_s: int) -> tuple[int, int]:
    """A phone plays without a line, then a laptop with one, then the phone is heard: which seconds were played."""
    phone = site.token(0)
    time.sleep(offline_s)
    laptop = Honest(site, site.token(1), time.monotonic())
    told = laptop.watch(2)
    assert site.report(phone, [[0, offline_s]], elapsed=offline_s) == 202
    all_settled()
    return offline_s, told


def covered_of(site: Site) -> tuple[int, ...]:
    seen = dict(LessonProgress.objects.filter(learner=site.learner).values_list("lesson_key", "covered_s"))
    return tuple(seen[lesson.key] for lesson in site.lessons[:2])


def test_an_honest_learner_of_two_devices_loses_nothing_that_one_of_them_held_back(site: Site, tmp_path: Path) -> None:
    with workers.merging(tmp_path / "watch.log"):
        played = phone_then_laptop(site, 6)
    assert covered_of(site) == played


def test_a_meter_without_gaps_loses_what_the_phone_held_back(site: Site, tmp_path: Path) -> None:
    """The control: it is the gaps that keep it."""
    with workers.merging(tmp_path / "watch.log", NO_GAPS):
        offline_s, told = phone_then_laptop(site, 6)
    phone, laptop = covered_of(site)
    assert (laptop, phone < offline_s) == (told, True)
