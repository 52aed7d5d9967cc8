"""The page of results: pages, filters with their counts, slips, and questions that mean harm."""

import re
import time
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from discovery import asking, index, names
from discovery.models import Name
from discovery.models.name import Written
from marketplace.lib.money import Money
from tests import cast
from tests.courses.factories import make_category, make_course
from tests.courses.test_catalogue import cards
from tests.creators.factories import make_creator
from tests.creators.institutions import make_institution
from tests.discovery.hostile import HOSTILE, PAGES

pytestmark = pytest.mark.django_db
WAY = re.compile(r'<a class="button button--small" href="([^"]*)" rel="nofollow"><svg.*?</svg>(Without.*?)</a>')


@pytest.fixture
def shop(ada: User) -> None:
    make_course(title="Free code", price=Money(0, "USD"), level="beginner", category=make_category("programming"))
    make_course(title="Deep code", level="advanced", category=make_category("design"), lessons=1)
    make_course(title="手工剪纸", language="zh-hans", category=make_category("crafts-heritage"))
    make_course(title="Hidden code", live=False)
    index.refresh()


def found(client: Client, query: str) -> list[str]:
    """Titles of the page's courses, from its cards."""
    page = client.get(f"{reverse('discovery:search')}?{query}").content.decode()
    return [title for title in ("Free code", "Deep code", "手工剪纸", "Hidden code") if f">{title}<" in page]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=code", ["Free code", "Deep code"]),
        ("q=code&price=free", ["Free code"]),
        ("q=code&level=advanced&sort=newest", ["Deep code"]),
        ("q=code&category=design", ["Deep code"]),
        ("q=code&category=no-such", []),
        ("q=code&language=zh-hans", []),
        ("q=code&updated=month&length=short", ["Free code", "Deep code"]),
        ("q=code&creator=ada-lin-studio", ["Free code", "Deep code"]),
        ("q=code&creator=nobody", []),
        ("q=code&level=nonsense", ["Free code", "Deep code"]),
        ("q=剪纸", ["手工剪纸"]),
        ("q=剪紙", ["手工剪纸"]),
        ("q=jianzhi", ["手工剪纸"]),
        ("q=jian zhi", ["手工剪纸"]),
        ("q=jz", ["手工剪纸"]),
        ("q=code&after=broken", ["Free code", "Deep code"]),
    ],
)
def test_words_and_filters_leave_what_they_say(client: Client, shop: None, query: str, titles: list[str]) -> None:
    response = client.get(f"{reverse('discovery:search')}?{query}")
    assert found(client, query) == titles
    assert response.context["results"].total == len(titles) == cards(response.content.decode())


def test_each_choice_says_how_many_it_leaves(client: Client, shop: None) -> None:
    def counts(query: str) -> dict[str, int]:
        results = client.get(f"{reverse('discovery:search')}?{query}").context["results"]
        return {str(option.label): option.count for _label, options in results.boxes for option in options}

    assert counts("q=code")["Free"] == 1
    narrowed = counts("q=code&price=free")
    assert (narrowed["Free"], narrowed["Paid"]) == (1, 1)
    assert narrowed["Beginner"] == 1
    assert "Advanced" not in narrowed
    for choice in ("price=free", "price=paid", "level=beginner", "category=design"):
        results = client.get(f"{reverse('discovery:search')}?q=code&{choice}").context["results"]
        assert results.narrowed[0].count == results.total == 1


@pytest.mark.parametrize("sort", ["", "newest", "price-low", "popular"])
def test_pages_show_every_answer_once_and_lead_back(client: Client, ada: User, sort: str) -> None:
    made = {make_course(title=f"Bowl {number}", lessons=1).pk for number in range(27)}
    index.refresh()
    address = reverse("discovery:search")
    first = client.get(address, {"q": "bowl", "sort": sort})
    assert cards(first.content.decode()) == 24
    second = client.get(address + first.context["results"].after)
    assert cards(second.content.decode()) == 3
    html = first.content.decode() + second.content.decode()
    assert all(
        f'/courses/{slug}/"' in html for slug in Course.objects.filter(pk__in=made).values_list("slug", flat=True)
    )
    assert second.context["results"].after == first.context["results"].before == ""
    back = client.get(address + second.context["results"].before)
    assert back.context["results"].cards == first.context["results"].cards


@pytest.mark.parametrize(
    ("sort", "among"), [("newest", 500), ("price-high", 500), ("rating", 500), ("popular", 0), ("relevance", 0)]
)
def test_an_order_among_the_most_popular_says_so(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch, sort: str, among: int
) -> None:
    for number in range(5):
        make_course(title=f"Bowl {number}")
    index.refresh()
    words = {
        "en": "Sorted among the 500 most popular of these courses.",
        "zh-hans": "只在其中最热门的 500 门课程里排序。",
    }

    def said() -> list[bool]:
        pages = [
            client.get("/search/", {"q": "bowl", "sort": sort}, headers={"Accept-Language": each}) for each in words
        ]
        return [text in page.content.decode() for page, text in zip(pages, words.values(), strict=True)]

    assert said() == [False, False]
    monkeypatch.setattr(asking, "MOST_RANKED", 4)
    assert said() == [among > 0] * 2
    assert client.get("/api/v1/search/", {"q": "bowl", "sort": sort}).json()["sorted_among"] == among


def test_a_slip_asks_whether_something_else_was_meant(client: Client, ada: User) -> None:
    make_course(title="Pottery for two")
    index.refresh()
    page = client.get(reverse("discovery:search"), {"q": "potery"})
    assert page.context["results"].instead == "pottery"
    assert cards(page.content.decode()) == 1
    assert "Did you mean:" in page.content.decode()


def test_what_was_meant_is_looked_for_among_what_was_chosen(client: Client, ada: User) -> None:
    make_course(title="Pottery for two", level="beginner", lessons=1)
    make_course(title="Pottery for ten", level="advanced", lessons=1)
    index.refresh()
    page = client.get("/search/", {"q": "potery", "level": "beginner", "sort": "newest"})
    way = page.context["results"].instead_address
    assert unescape(re.findall(r'Did you mean:</?[^>]*> ?<a href="([^"]*)"|$', page.content.decode())[0]) in ("", way)
    assert client.get(f"/search/{way}").context["results"].chosen == {
        "level": "beginner", "sort": "newest", "q": "pottery",
    }  # fmt: skip
    assert client.get(f"/search/{way}").context["results"].total == 1


def test_clear_all_takes_filters_alone(client: Client, shop: None) -> None:
    page = client.get("/search/?q=code&price=free&creator=ada-lin-studio&sort=newest").content.decode()
    assert re.findall(r'href="([^"]*)">Clear all<', unescape(page)) == [
        "/search/?creator=ada-lin-studio&sort=newest&q=code"
    ]


def test_of_a_long_text_the_beginning_is_asked_and_written(client: Client, shop: None) -> None:
    short = client.get("/search/", {"q": "code"})
    for words, total in (("code " * 2_000, 2), ("code" + " 手工剪纸" * 2_000, 3)):
        page = client.get("/search/", {"q": words})
        assert page.context["results"].total == total
        assert page.context["results"].words == words[:200].strip()
        # Its own address stands there too, to come back to, of which a server takes no more than 4,094 signs.
        html = page.content.decode().replace(page.request["QUERY_STRING"], "")
        assert len(html) < len(short.content) + 60_000
        assert client.get("/api/v1/search/", {"q": words}).json()["words"] == words[:200].strip()


def test_what_is_not_understood_is_left_out_with_a_word(client: Client, shop: None) -> None:
    words = {
        "en": "Unknown choice left out: Level · Sort by",
        "zh-hans": "未识别的选项已略过：难度 · 排序",
    }
    for language, text in words.items():
        for address in ("/search/?q=code&", "/courses/?"):
            for query in ("level=expert&sort=loudest&price=free", "level=expert&sort=loudest"):
                page = client.get(address + query, headers={"Accept-Language": language}).content.decode()
                assert text in page, address
            plain = client.get(f"{address}level=beginner&sort=newest", headers={"Accept-Language": language})
            assert text[:8] not in plain.content.decode(), address
    assert client.get("/search/?q=%00")["Location"] == "/courses/"


def test_signs_that_sound_the_same_are_understood(client: Client, ada: User) -> None:
    make_course(title="机器学习入门", language="zh-hans")
    index.refresh()
    page = client.get(reverse("discovery:search"), {"q": "机气学习"})
    assert page.context["results"].instead == "机器学习"
    assert cards(page.content.decode()) == 1


def test_a_creator_is_found_by_her_name_and_by_the_new_one(client: Client, ada: User) -> None:
    make_course(title="Bowls")
    index.refresh()
    assert "/creators/ada-lin-studio/" in client.get(reverse("discovery:search"), {"q": "ada lin"}).content.decode()
    ada.creator.edit({"name": "Wheel House"})
    index.refresh(everything=True)
    results = client.get(reverse("discovery:search"), {"q": "wheel house"}).context["results"]
    assert (results.total, results.names) == (1, [("creator", "Wheel House", "ada-lin-studio")])


def test_what_leaves_the_sale_leaves_the_answers_at_once(client: Client, shop: None, sam: User) -> None:
    Course.objects.get(title="Deep code").take_down(by=sam, rule_code="spam", reason="Spam")
    assert found(client, "q=code") == ["Free code"]


def test_a_card_is_drawn_once_and_again_when_its_course_changes(
    client: Client, shop: None, ada: User, django_assert_num_queries: object
) -> None:
    address = f"{reverse('discovery:search')}?q=code"
    client.get(address)
    Course.objects.get(title="Deep code").set_price(Money(2500, "USD"), by=ada)
    assert "$25.00" in client.get(address).content.decode()
    ada.creator.edit({"name": "Ada & Daughters"})
    assert "Ada &amp; Daughters" in client.get(address).content.decode()


def test_a_search_is_three_questions_to_the_database(
    client: Client, ada: User, django_assert_max_num_queries: object
) -> None:
    for number in range(5):
        make_course(title=f"Code {number}", lessons=1)
    index.refresh()
    client.get("/search/?q=code")
    for query in ("q=code", "q=code&price=paid&sort=newest"):
        with django_assert_max_num_queries(3):
            client.get(f"/search/?{query}")


def test_words_in_the_catalogue_lead_to_the_search(client: Client, shop: None) -> None:
    answer = client.get("/courses/?q=code&price=free")
    assert (answer.status_code, answer["Location"]) == (302, "/search/?q=code&price=free")
    assert client.get("/search/?q=%20")["Location"] == "/courses/"


def named(client: Client, words: str) -> list[str]:
    """Slugs of the creators and institutions that the page names."""
    return [slug for _kind, _name, slug in client.get("/search/", {"q": words}).context["results"].names]


def test_a_verified_institution_is_found_by_words_of_its_name(client: Client, ada: User) -> None:
    shown = make_institution(name="North River 大学")
    hidden = make_institution(name="North Lake 大学", domain="lake.example.edu", verified=False)
    index.refresh()
    assert named(client, "river north") == named(client, "大学") == [shown.slug]
    assert named(client, "lake") == []
    hidden.follow(True)
    assert set(named(client, "north")) == {shown.slug, hidden.slug}
    assert f'href="{hidden.get_absolute_url()}"' in client.get("/search/", {"q": "lake"}).content.decode()


def make_names(kind: str, count: int) -> None:
    """Names of owners that the public cannot see."""
    Name.objects.write([Written(kind, 10**9 + at, f"North {at}", f"north {at}", "") for at in range(count)])


def test_names_that_nobody_may_see_hide_no_other(client: Client, ada: User, lin: User) -> None:
    make_course(make_creator(lin, "The North Wind of the River"), title="Bowls")
    school = make_institution(name="A North School of Winds and Rivers")
    index.refresh()
    make_names("institution", 1_200)
    make_names("creator", 900)
    assert set(named(client, "north")) == {school.slug, Creator.objects.get(user=lin).slug}


def test_more_names_are_looked_at_where_too_few_of_the_first_may_be_shown(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "_FEW_FOUND", 2)
    make_names("creator", 6)  # hidden ones, which come first
    shown = make_creator(cast.person("Later"), "The North Wind")
    make_course(shown, title="Bowls")
    index.refresh()
    names.refresh()
    assert named(client, "north") == [shown.slug]


def test_the_exact_name_is_first_however_many_share_its_words(client: Client, ada: User, lin: User) -> None:
    make_names("creator", 1_200)
    make_course(make_creator(lin, "North"), title="Bowls")
    for at in range(5):
        make_institution(name=f"North {at} of Winds", domain=f"n{at}.example.edu")
    index.refresh()
    names.refresh()
    own = Creator.objects.get(user=lin).slug
    assert named(client, "north")[0] == own
    assert len(named(client, "north")) == 4


def test_institutions_leave_room_for_creators(client: Client, ada: User, lin: User) -> None:
    make_course(make_creator(lin, "The North Wind of the River"), title="Bowls")
    for at in range(5):
        make_institution(name=f"North {at}", domain=f"n{at}.example.edu")
    index.refresh()
    assert named(client, "north")[1] == Creator.objects.get(user=lin).slug


def test_a_creator_whose_courses_are_all_taken_down_is_not_named(client: Client, ada: User, sam: User) -> None:
    course = make_course(title="Bowls")
    index.refresh()
    assert named(client, "lin") == ["ada-lin-studio"]
    course.take_down(by=sam, rule_code="spam", reason="Spam")
    assert named(client, "lin") == []


def test_nothing_found_leads_on(client: Client, shop: None) -> None:
    page = client.get("/search/", {"q": "zeppelin"}).content.decode()
    assert "Nothing here answers that" in page
    assert "?category=crafts-heritage" in page


@pytest.mark.parametrize(
    ("query", "ways"),
    [
        ("q=code&level=advanced&price=free", ["Without “Free”: 1 course", "Without “Advanced”: 1 course"]),
        ("q=code&captions=en", ["Without “In English”: 2 courses"]),
        ("q=code&category=no-such", ["Without “Category”: 2 courses"]),
        ("q=zeppelin&price=free", []),
    ],
)
def test_a_search_names_the_filter_whose_removal_leaves_some(
    client: Client, shop: None, query: str, ways: list[str]
) -> None:
    page = client.get(f"/search/?{query}").content.decode()
    assert "Nothing here answers that" in page
    offered = WAY.findall(page)
    assert [words for _address, words in offered] == ways
    for way, words in offered:
        assert f": {cards(client.get('/search/' + unescape(way)).content.decode())} course" in words


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_questions_are_answered_fast_and_clean(client: Client, shop: None, name: str) -> None:
    client.get("/search/?q=warm")
    for address in PAGES:
        words = HOSTILE[name].encode("utf-8", "surrogatepass")
        began = time.process_time()
        answer = client.get(address, {"q": words})
        assert answer.status_code in (200, 302, 400, 404), address
        assert time.process_time() - began < 1.5, address
        # JSON says what was asked as it was asked.
        assert "json" in answer["Content-Type"] or "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize(
    "mark", ["bm9uZQ", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTlfMQ", "MjAyNi0wMS0wMV8x", "%00", "x" * 5_000]
)
@pytest.mark.parametrize("sort", ["relevance", "newest", "popular"])
def test_marks_that_were_not_ours_are_the_first_page(client: Client, shop: None, mark: str, sort: str) -> None:
    for address in (f"/search/?q=code&sort={sort}&after={mark}", f"/courses/?sort={sort}&before={mark}"):
        assert client.get(address).status_code == 200
