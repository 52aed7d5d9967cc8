"""What is looked for in vain: counted without persons, shown when it is many."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError

from accounts.models import User
from courses.models import Course
from discovery import asking, demand, index, wanted
from discovery.models import Demand
from tests.courses.factories import make_course
from tests.videos.films import text_file
from videos import captions

pytestmark = pytest.mark.django_db


def visitor(name: str, **headers: str) -> Client:
    """Each comes from an address of her own."""
    return Client(REMOTE_ADDR=f"203.0.113.{ord(name)}", headers=headers)


@pytest.fixture(autouse=True)
def nothing_waits() -> None:
    """What other tests looked for."""
    demand._waiting.clear()


def search(words: str, *people: str) -> None:
    for name in people:
        visitor(name).get("/search/", {"q": words})


def held(words: str) -> bool:
    """Whether they are counted in this week."""
    return bool(cache._cache.get_client(None).hexists(demand._key(demand.weeks_ago(0), "searches"), words))


FIVE = ("a", "b", "c", "d", "e")


def test_five_people_make_a_row_and_four_do_not() -> None:
    search("beekeeping", *FIVE)
    search("blacksmith", *FIVE[:4])
    demand.gather()
    row = Demand.objects.get()
    assert (row.words, row.people, row.searches, row.courses) == ("beekeeping", 5, 5, 0)


def test_one_who_asks_often_is_one() -> None:
    search("beekeeping", *["a"] * 9)
    demand.gather()
    assert not Demand.objects.exists()


def test_one_who_calls_her_browser_otherwise_each_time_is_one() -> None:
    for browser in FIVE:
        visitor("a", **{"User-Agent": browser}).get("/search/", {"q": "beekeeping"})
    demand.gather()
    assert not Demand.objects.exists()


def test_five_people_behind_our_proxy_are_five(settings: object) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # type: ignore[attr-defined]
    for number in range(5):
        told = {"X-Forwarded-For": f"made up, 203.0.113.{number}"}
        Client(REMOTE_ADDR="10.0.0.2", headers=told).get("/search/", {"q": "beekeeping"})
    demand.gather()
    assert Demand.objects.get().people == 5


def test_one_behind_our_proxy_is_one_whatever_she_says_of_herself(settings: object) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # type: ignore[attr-defined]
    for number in range(5):
        told = {"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"}
        Client(REMOTE_ADDR="10.0.0.2", headers=told).get("/search/", {"q": "beekeeping"})
    demand.gather()
    assert not Demand.objects.exists()


def test_one_household_is_one_however_many_of_the_newer_addresses_it_takes() -> None:
    for number in range(5):
        Client(REMOTE_ADDR=f"2001:db8:1:2::{number}").get("/search/", {"q": "beekeeping"})
        Client(REMOTE_ADDR=f"2001:db8:1:{number}::1").get("/search/", {"q": "wool"})
    demand.gather()
    assert [(row.words, row.people) for row in Demand.objects.all()] == [("wool", 5)]


def test_five_older_addresses_written_as_newer_ones_are_five() -> None:
    for number in range(5):
        Client(REMOTE_ADDR=f"::ffff:203.0.113.{number}").get("/search/", {"q": "beekeeping"})
    demand.gather()
    assert Demand.objects.get().people == 5


def test_one_who_begins_session_after_session_is_one() -> None:
    for _ in FIVE:
        again = visitor("a")
        session = again.session
        session["coupon"] = "KILN"
        session.save()
        again.get("/search/", {"q": "beekeeping"})
    demand.gather()
    assert not Demand.objects.exists()


def test_gathered_again_it_is_the_same_row_with_new_counts() -> None:
    search("beekeeping", *FIVE)
    demand.gather()
    search("Beekeeping ", "f")
    demand.gather()
    assert Demand.objects.get().people == 6


def test_many_are_sent_together_and_none_is_sent_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demand, "MOST_WAITING", 5)
    search("beekeeping", *FIVE)
    assert not demand._waiting
    demand.send()
    demand.gather()
    row = Demand.objects.get()
    assert (row.people, row.searches) == (5, 5)


def test_what_has_waited_is_sent_with_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    search("beekeeping", *FIVE[:2])
    assert len(demand._waiting) == 2
    monkeypatch.setattr(demand, "LONGEST_WAIT_S", 0)
    search("beekeeping", *FIVE[2:])
    assert not demand._waiting


def test_without_valkey_searches_are_answered_and_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> None:
        raise ConnectionError("no Valkey")

    monkeypatch.setattr(demand.valkey, "client", down)
    search("beekeeping", *FIVE)
    demand.send()
    assert not demand._waiting


@pytest.mark.parametrize(
    "words", ["ada@example.com", "call 138 0013 8000", "https://example.com/x", "6222-0000-1111-2222"]
)
def test_what_may_name_a_person_is_not_counted(words: str) -> None:
    search(words, *FIVE)
    demand.gather()
    assert not Demand.objects.exists()


def test_valkey_holds_no_name_and_forgets() -> None:
    search("beekeeping", *FIVE)
    demand.send()
    line = cache._cache.get_client(None, write=True)
    keys = list(line.keys("*demand*"))
    # Three of the words, and of each of the five how many new ones she brought: the first did.
    assert len(keys) == 4
    for key in keys:
        assert 0 < line.ttl(key) <= 9 * 86_400
        assert b"203.0.113" not in key
        held = line.get(key) if line.type(key) == b"string" else str(line.hgetall(key)).encode()
        assert b"203.0.113" not in held


def test_one_brings_so_many_new_words_a_day_and_the_others_of_all_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demand, "MOST_NEW_A_DAY", 2)
    search("beekeeping", *FIVE[1:])
    for words in ("wool", "ink", "clay", "beekeeping"):
        search(words, "a")
    search("clay", *FIVE[1:], "f")
    for word in ("wool", "ink"):
        search(word, *FIVE[1:])
    demand.gather()
    found = {row.words: row.people for row in Demand.objects.all()}
    assert found == {"beekeeping": 5, "wool": 5, "ink": 5, "clay": 5}
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        search("paper", "a")
        demand.send()
        assert held("paper")


def test_when_there_is_no_room_a_line_and_a_figure_say_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, client: Client
) -> None:
    monkeypatch.setattr(demand, "MOST_WORDS", 1)
    search("beekeeping", "a")
    demand.send()
    assert "kezhan_demand_dropped 0.0" in client.get("/metrics").content.decode()
    for words in ("wool", "ink", "beekeeping"):
        search(words, "b")
        demand.send()
    assert [record.message for record in caplog.records if record.name == "discovery.demand"] == [
        "1 words were looked for this week: searches with others are not counted"
    ]
    assert "kezhan_demand_dropped 2.0" in client.get("/metrics").content.decode()
    assert (held("beekeeping"), held("wool")) == (True, False)


def test_the_database_refuses_a_row_of_few() -> None:
    with pytest.raises(IntegrityError):
        Demand.objects.put(week=demand.weeks_ago(0), words="x", people=4, searches=9, courses=0)


def test_filters_and_further_pages_are_not_counted(ada: User) -> None:
    for name in FIVE:
        visitor(name).get("/search/?q=beekeeping&price=free")
    demand.gather()
    assert not Demand.objects.exists()


def test_topics_with_most_room_come_first() -> None:
    for words, people, courses in (("bees", 20, 0), ("wool", 9, 0), ("code", 40, 3), ("ink", 30, 2), ("rare", 6, 200)):
        Demand.objects.put(week=demand.weeks_ago(1), words=words, people=people, searches=people, courses=courses)
    Demand.objects.put(week=demand.weeks_ago(20), words="old", people=50, searches=50, courses=0)
    answers = {"bees": 0, "wool": 0, "code": 3, "ink": 2}
    unanswered, few = wanted.reckoned(answers.__getitem__)
    assert [topic.words for topic in unanswered] == ["bees", "wool"]
    assert [topic.words for topic in few] == ["code", "ink"]


def test_a_topic_that_was_answered_since_is_no_longer_in_vain_though_nobody_asked_again(
    client: Client, ada: User
) -> None:
    Demand.objects.put(week=demand.weeks_ago(7), words="bees", people=9, searches=9, courses=0)
    client.force_login(ada)
    assert [topic.words for topic in wanted.topics()[0]] == ["bees"]
    make("Bees at work", "Bees at rest")
    wanted.gather()
    unanswered, few = wanted.topics()
    assert (unanswered, [(topic.words, topic.courses) for topic in few]) == ([], [("bees", 2)])
    page = client.get("/studio/demand/").content.decode()
    assert ("Without a good answer" in page, "Many searches, few courses" in page) == (False, True)
    told = client.get("/api/v1/studio/demand/").json()
    assert (told["unanswered"], told["few_courses"][0]["courses"]) == ([], 2)


def test_a_topic_whose_courses_are_poor_by_now_has_no_good_answer(client: Client, ada: User) -> None:
    Demand.objects.put(week=demand.weeks_ago(1), words="wool", people=9, searches=9, courses=1)
    (stale,) = make("Wool")
    Course.objects.filter(pk=stale.pk).update(stale_at=timezone.now())
    wanted.gather()
    client.force_login(ada)
    page = client.get("/studio/demand/").content.decode()
    assert page.index("Without a good answer") < page.index("that are out of date") < page.index("wool")
    assert "Many searches, few courses" not in page


def test_what_is_shown_is_kept_and_a_visit_asks_nothing_of_it(ada: User, django_assert_num_queries: Any) -> None:
    Demand.objects.put(week=demand.weeks_ago(1), words="wool", people=9, searches=9, courses=1)
    wanted.gather()
    with django_assert_num_queries(0):
        unanswered, _few = wanted.topics()
    assert [topic.words for topic in unanswered] == ["wool"]


class TestAVisitWithNothingKept:
    @pytest.fixture(autouse=True)
    def _index(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nobody may ask it."""

        def asked(*_: object, **__: object) -> None:
            raise AssertionError("the index was asked")

        Demand.objects.put(week=demand.weeks_ago(1), words="wool", people=9, searches=9, courses=0)
        Demand.objects.put(week=demand.weeks_ago(1), words="bees", people=9, searches=9, courses=2)
        monkeypatch.setattr(asking, "_run", asked)
        with pytest.raises(AssertionError, match="was asked"):
            wanted.gather()

    def test_shows_what_answered_last_and_asks_the_index_nothing(self, client: Client, ada: User) -> None:
        client.force_login(ada)
        page = client.get("/studio/demand/").content.decode()
        assert page.index("When last asked, no course") < page.index("wool") < page.index("bees")
        told = client.get("/api/v1/studio/demand/").json()
        assert [topic["words"] for topic in told["unanswered"]] == ["wool"]
        assert [(topic["words"], topic["courses"]) for topic in told["few_courses"]] == [("bees", 2)]

    def test_is_answered_so_without_valkey(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wanted, "cache", Down())
        unanswered, few = wanted.topics()
        assert [topic.words for topic in (*unanswered, *few)] == ["wool", "bees"]


class Down:
    """A Valkey that is not there."""

    def get(self, _name: str) -> None:
        raise ConnectionError("no Valkey")

    def set(self, *_kept: object) -> None:
        raise ConnectionError("no Valkey")


def test_without_valkey_the_worker_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    Demand.objects.put(week=demand.weeks_ago(1), words="wool", people=9, searches=9, courses=1)
    monkeypatch.setattr(wanted, "cache", Down())
    wanted.gather()
    assert [topic.words for topic in wanted.topics()[1]] == ["wool"], "by what answered last"


def test_the_studio_shows_it_to_creators(client: Client, ada: User) -> None:
    make_course(title="Wool")
    index.refresh()
    search("beekeeping", *FIVE)
    search("wool", *FIVE)
    demand.gather()
    client.force_login(ada)
    page = client.get("/studio/demand/").content.decode()
    assert "beekeeping" in page
    assert page.index("beekeeping") < page.index("wool")


def test_an_empty_page_says_what_will_be_there(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert "Topics with room will stand here" in client.get("/studio/demand/").content.decode()


def test_last_week_is_gathered_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    week_ago = timezone.now() - timedelta(days=7)
    with monkeypatch.context() as patch:
        patch.setattr(demand.timezone, "now", lambda: week_ago)
        search("beekeeping", *FIVE)
    demand.gather()
    assert Demand.objects.get().week == demand.weeks_ago(1)


def test_creators_read_it_over_the_api_and_nobody_else(client: Client, ada: User, lin: User) -> None:
    search("beekeeping", *FIVE)
    demand.gather()
    client.force_login(ada)
    told = client.get("/api/v1/studio/demand/").json()
    assert told["unanswered"] == [{"words": "beekeeping", "people": 5, "searches": 5, "courses": 0}]
    client.force_login(lin)
    assert client.get("/api/v1/studio/demand/").status_code == 403


def counted(words: str) -> int:
    """How many courses answered well when five people looked for it."""
    search(words, *FIVE)
    demand.gather()
    return Demand.objects.get(words=words).courses


def make(*titles: str) -> list[Course]:
    courses = [make_course(title=title, lessons=1) for title in titles]
    index.refresh()
    return courses


def test_one_course_that_has_the_word_is_one_whatever_it_is_a_part_of(ada: User) -> None:
    make("Art for two", "Start a party", "Smart starts")
    assert counted("art") == 1


def test_a_course_that_has_it_in_another_form_counts(ada: User) -> None:
    make("Databases without fear", "大他八色")
    assert counted("database") == 1


def test_what_only_a_film_says_is_no_course_about_it(ada: User) -> None:
    course, _other = make("Bees at work", "Dance at home")
    said = "WEBVTT\n\n00:00:05.000 --> 00:00:09.000\nA dance of bees\n"
    captions.put(course.live_lessons()[0].video, language="en", file=text_file(said))
    index.refresh()
    assert counted("dance") == 1


def test_a_slip_has_no_good_answer(ada: User) -> None:
    make("Pottery for two")
    assert counted("potery") == 0


def test_what_is_out_of_date_or_badly_rated_is_no_good_answer(ada: User) -> None:
    stale, bad, fair, few = make("Wool one", "Wool two", "Wool three", "Wool four")
    Course.objects.filter(pk=stale.pk).update(stale_at=timezone.now())
    bad.be_rated(score=2100, low=1700, high=2500, counts=[15, 10, 5, 0, 0])
    fair.be_rated(score=3000, low=2000, high=4000, counts=[1, 1, 1, 1, 1])
    few.be_rated(score=1000, low=0, high=3000, counts=[2, 0, 0, 0, 0])
    assert counted("wool") == 2


def test_a_course_that_was_just_taken_down_is_no_answer(ada: User, sam: User) -> None:
    gone, _left = make("Wool one", "Wool two")
    gone.take_down(by=sam, rule_code="spam", reason="Spam")
    assert counted("wool") == 1


def test_the_same_stems_in_any_order_are_one_topic() -> None:
    search("bee hives", "a", "b", "c")
    search("hive bees", "c", "d")
    search("bees hive", "e")
    demand.gather()
    row = Demand.objects.get()
    assert (row.words, row.people, row.searches) == ("bee hives", 5, 6)
    search("hive bees", *FIVE)
    demand.gather()
    row = Demand.objects.get()
    assert (row.words, row.people, row.searches) == ("hive bees", 5, 11)


def test_four_people_with_many_forms_of_a_word_are_no_row() -> None:
    for words in ("beekeeping", "beekeepings", "beekeeping the"):
        search(words, *FIVE[:4])
    demand.gather()
    assert not Demand.objects.exists()


def test_a_topic_that_has_another_name_each_week_is_one() -> None:
    for weeks, words, courses in ((2, "bee hive", 0), (0, "bee hives", 2)):
        Demand.objects.put(week=demand.weeks_ago(weeks), words=words, people=9, searches=9, courses=courses)
    unanswered, few = wanted.reckoned(lambda _words: 2)
    assert unanswered == []
    assert [(topic.words, topic.people, topic.searches, topic.courses) for topic in few] == [("bee hives", 9, 18, 2)]
