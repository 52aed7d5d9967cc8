"""The public pages: counts, filters, order, one course."""

import re
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import product
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses import facets, shelves
from courses.filters import SORTS, CourseFilter, address_of, chosen_of, orders, sort_words
from courses.models import Course, Listing
from discovery.models import Attention, Newcomer
from discovery.models.attention import LOOKS_GRANTED
from marketplace.lib import links, window
from marketplace.lib.money import Money
from tests.courses.factories import make_category, make_course, make_skill
from tests.creators.institutions import make_institution

pytestmark = pytest.mark.django_db
WAY = re.compile(r'<a class="button button--small" href="([^"]*)" rel="nofollow"><svg.*?</svg>(Without.*?)</a>')


class _Cards(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.count += ("class", "course-card") in attrs


def cards(html: str) -> int:
    parser = _Cards()
    parser.feed(html)
    return parser.count


@pytest.fixture
def shop(ada: User) -> None:
    make_course(title="Free code", price=Money(0, "USD"), level="beginner", category=make_category("programming"))
    make_course(title="Deep code", level="advanced", category=make_category("programming"), lessons=1)
    make_course(
        title="手工剪纸", language="zh-hans", price=Money(12800, "CNY"), category=make_category("crafts-heritage")
    )
    make_course(title="Hidden", live=False)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("?category=programming", 2),
        ("?category=programming&price=free", 1),
        ("?price=paid", 2),
        ("?level=advanced", 1),
        ("?language=zh-hans", 1),
        ("?length=short", 3),
        ("?length=long", 0),
        ("?captions=en", 0),
        ("?updated=month", 3),
        ("?updated=year&price=free", 1),
        ("?creator=ada-lin-studio", 3),
        ("?category=no-such", 0),
        ("?level=nonsense", 3),
        ("?after=broken&sort=newest", 3),
    ],
)
def test_the_count_shown_equals_the_rows(client: Client, shop: None, query: str, count: int) -> None:
    response = client.get(reverse("courses:catalogue") + query)
    assert response.status_code == 200
    assert response.context["page"].total == count
    assert cards(response.content.decode()) == count


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("newest", ["手工剪纸", "Deep code", "Free code"]),
        ("price-low", ["Free code", "手工剪纸", "Deep code"]),
        ("price-high", ["Deep code", "手工剪纸", "Free code"]),
    ],
)
def test_the_order_is_the_one_asked_for(client: Client, shop: None, sort: str, titles: list[str]) -> None:
    response = client.get(reverse("courses:catalogue"), {"sort": sort})
    page = response.content.decode()
    assert sorted(titles, key=lambda title: page.index(f">{title}<")) == titles


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?level=beginner&price=free", ""),
        ("?level=beginner&creator=ada-lin-studio", "?creator=ada-lin-studio"),
        ("?level=beginner&creator=ada-lin-studio&sort=newest&more=skill", "?creator=ada-lin-studio&sort=newest"),
    ],
)
def test_clear_all_takes_filters_alone(client: Client, shop: None, query: str, left: str) -> None:
    page = client.get(f"/courses/{query}").content.decode()
    assert f'href="/courses/{left.replace("&", "&amp;")}">Clear all<' in page


@pytest.mark.parametrize("sort", ["popular", "newest", "price-low", "relevance"])
def test_pages_forth_and_back_show_each_course_once(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    made = {make_course(title=f"Bowl {number}", lessons=1).pk for number in range(27)}
    address, query = reverse("courses:catalogue"), {"sort": sort, "category": "programming"}
    first = client.get(address, query).context["page"]
    second = client.get(address, {**query, "after": first.after}).context["page"]
    assert (len(first.rows), len(second.rows), second.total) == (24, 3, 27)
    assert {course.pk for course in first.rows} | {course.pk for course in second.rows} == made
    assert (first.before, second.after) == ("", "")
    back = client.get(address, {**query, "before": second.before}).context["page"]
    assert (back.rows, back.before) == (first.rows, "")
    assert back.after == first.after


def test_an_empty_catalogue_and_an_empty_answer_say_so(client: Client, shop: None) -> None:
    answer = client.get(reverse("courses:catalogue"), {"length": "long"}).content.decode()
    assert "Nothing here answers that" in answer
    Course.objects.update(is_taken_down=True)
    assert "No courses yet" in client.get(reverse("courses:catalogue")).content.decode()


@pytest.mark.parametrize(
    ("query", "ways"),
    [
        ("?level=advanced&price=free&language=en", ["Without “Free”: 1 course", "Without “Advanced”: 1 course"]),
        ("?category=programming&length=long", ["Without “Over 3 hours”: 2 courses"]),
        ("?skill=no-such&price=paid", ["Without “Skill”: 2 courses"]),
        ("?creator=nobody&price=free", []),
        ("?category=no-such", ["Without “Category”: 3 courses"]),
        ("?price=free", []),
    ],
)
def test_an_empty_list_names_the_filter_whose_removal_leaves_some(
    client: Client, shop: None, query: str, ways: list[str]
) -> None:
    address = reverse("courses:catalogue")
    page = client.get(address + query).content.decode()
    offered = WAY.findall(page)
    assert [words for _address, words in offered] == ways
    for way, words in offered:
        assert f": {client.get(address + unescape(way)).context['page'].total} course" in words


def test_names_that_nobody_knows_are_not_kept(client: Client, shop: None, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    drawn = window.drawn
    monkeypatch.setattr(window, "drawn", lambda name, *rest, **more: kept.append(name) or drawn(name, *rest, **more))
    for name in ("category", "skill", "institution"):
        client.get(reverse("courses:catalogue"), {name: f"made-up-{name}"})
    assert not [name for name in kept if "made-up" in name]
    client.get(reverse("courses:catalogue"), {"category": "programming"})
    assert [name for name in kept if "category=programming" in name]


def test_home_shows_shelves_with_the_readers_language_first(client: Client, ada: User) -> None:
    make_course(title="English loom", category=make_category("crafts-heritage"))
    make_course(title="织布", language="zh-hans", category=make_category("crafts-heritage"))
    for language, titles in (("zh-hans", ["织布", "English loom"]), ("en", ["English loom", "织布"])):
        _shelf, cards = client.get("/", headers={"Accept-Language": language}).context["shelves"][0]
        assert [title in card for title, card in zip(titles, cards, strict=True)] == [True, True]


def test_a_shelf_of_the_first_page_has_the_first_of_its_category(client: Client, ada: User) -> None:
    for at in range(shelves.SHELF_ROWS + 1):
        make_course(title=f"Loom {at}", category=make_category("crafts-heritage"))
    make_course(title="Ledger", category=make_category("business"))
    make_course(title="Secret loom", category=make_category("crafts-heritage"), live=False)
    looms, ledgers = (cards for _shelf, cards in client.get("/", headers={"Accept-Language": "en"}).context["shelves"])
    assert [f"Loom {at}" in card for at, card in zip(range(8, 0, -1), looms, strict=True)] == [True] * 8
    assert all('<h3 class="course-card__title"' in card for card in (*looms, *ledgers))


def test_a_card_of_the_first_page_says_what_its_course_says_now(client: Client, ada: User) -> None:
    course = make_course(title="Loom", category=make_category("crafts-heritage"))
    assert "$19.99" in client.get("/").content.decode()
    course.set_price(Money(2500, "USD"), by=ada)
    page = client.get("/").content.decode()
    assert "$25.00" in page
    assert "$19.99" not in page


def test_the_first_page_shows_what_is_new_and_owed_looks(client: Client, ada: User) -> None:
    old, new = make_course(title="Old loom"), make_course(title="New loom")
    foreign = make_course(title="Metier", language="fr")
    chinese = make_course(title="织布", language="zh-hans")
    Course.objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=31))
    assert "New, and reviewed" not in client.get("/").content.decode()
    Newcomer.objects.follow(timezone.now())
    window.change()
    shown = client.get("/", headers={"Accept-Language": "en"}).context["new"]
    assert [course.title in card for course, card in zip((foreign, new), shown, strict=True)] == [True, True]
    other = client.get("/", headers={"Accept-Language": "zh-hans"}).context["new"]
    assert [course.title in card for course, card in zip((chinese, foreign), other, strict=True)] == [True, True]
    Attention.objects.add(timezone.now().date(), {new.pk: LOOKS_GRANTED, foreign.pk: LOOKS_GRANTED})
    window.change()
    assert client.get("/", headers={"Accept-Language": "en"}).context["new"] == []


def test_what_is_new_stands_on_the_first_page_in_turn() -> None:
    new = list(range(shelves.NEW_IN_TURN))
    begin = timezone.now()
    seen: list[int] = []
    for turn in range(shelves.NEW_IN_TURN // shelves.SHELF_ROWS):
        shown = shelves.in_turn(new, begin + turn * timedelta(seconds=shelves.TURN_S))
        assert len(shown) == shelves.SHELF_ROWS
        seen += shown
    assert sorted(seen) == new
    assert shelves.in_turn([], begin) == []
    assert sorted(shelves.in_turn(new[:3], begin)) == new[:3]


def test_home_without_courses_invites_the_first_one(client: Client, db: None) -> None:
    assert "The shelves are still empty" in client.get("/").content.decode()


def test_the_course_page_says_what_is_bought_and_until_when_the_money_comes_back(client: Client, ada: User) -> None:
    course = make_course()
    page = client.get(course.get_absolute_url()).content.decode()
    for text in ("$19.99", "Make one yourself", "Ada Lin Studio", "Free preview", "(14 days)", "application/ld+json"):
        assert text in page


def test_unpublished_and_taken_down_courses_are_not_found(client: Client, ada: User, sam: User) -> None:
    draft, live = make_course(title="Draft", live=False), make_course(title="Live")
    assert client.get(draft.get_absolute_url()).status_code == 404
    live.take_down(by=sam, rule_code="spam", reason="Spam")
    assert client.get(live.get_absolute_url()).status_code == 404


def test_a_course_page_costs_the_same_for_3_and_30_lessons(
    client: Client, ada: User, django_assert_num_queries: object
) -> None:
    few, many = make_course(title="Few"), make_course(title="Many", lessons=30)
    client.get(make_course(title="Other").get_absolute_url())  # the rule of refunds is drawn once for all strangers
    for course in (few, many):
        with django_assert_num_queries(6):
            client.get(course.get_absolute_url())


def test_each_preview_plays_in_its_place_and_no_other_lesson_does(client: Client, ada: User) -> None:
    course = make_course()
    free, paid, _last = course.live_lessons()
    assert client.get(course.get_absolute_url(), {"preview": free.key}).context["preview"] == free
    page = client.get(course.get_absolute_url(), {"preview": paid.key})
    assert page.context["preview"] == free
    assert f'href="?preview={paid.key}' not in page.content.decode()


def test_catalogue_and_home_keep_their_number_of_queries(
    client: Client, shop: None, ada: User, django_assert_max_num_queries: object
) -> None:
    # Whatever lists name stands beside them: categories, skills, a verified institution.
    course = make_course(title="Taught and listed", skills={make_skill("python"): 1})
    Listing.objects.list_course(course, make_institution(ada), by=ada)
    # Home: categories, what staff collected, the shelves, cards. The catalogue: counts, skills, institutions, rows,
    # cards.
    limits = {"/": 4, "/courses/": 5, "/courses/?category=programming&sort=newest": 3}
    for address, most in limits.items():
        with django_assert_max_num_queries(most):
            client.get(address)
    # Drawn anew after a change: sums and rows; cells and rows; what a course page says, and its lessons.
    again = {"/": 3, "/courses/": 2, "/courses/?category=programming&sort=newest": 2}
    for address, most in again.items():
        window.change()
        with django_assert_max_num_queries(most):
            client.get(address)


def test_a_course_page_drawn_anew_asks_for_itself_and_its_lessons(
    client: Client, ada: User, django_assert_max_num_queries: object
) -> None:
    course = make_course(lessons=0, price=Money(0, "USD"))
    client.get(course.get_absolute_url())
    window.change()
    with django_assert_max_num_queries(2):
        client.get(course.get_absolute_url())


def test_structured_data_cannot_end_its_element(client: Client, ada: User) -> None:
    course = make_course(title="</script><script>alert(1)</script>")
    page = client.get(course.get_absolute_url()).content.decode()
    assert "</script><script>alert" not in page


def test_search_engines_get_their_files(client: Client, shop: None) -> None:
    assert "Sitemap: http" in client.get("/robots.txt").content.decode()
    index = client.get("/sitemap.xml").content.decode()
    # Parts are ranges of keys, and keys go on from test to test.
    parts = re.findall(r"<loc>https?://[^/<]+(/sitemap-courses\.xml[^<]*)</loc>", index)
    listed = "".join(client.get(unescape(part)).content.decode() for part in parts)
    assert "/courses/deep-code/" in listed
    assert "/courses/hidden/" not in listed
    filtered = client.get("/courses/?level=advanced").content.decode()
    assert 'content="noindex, follow"' in filtered


@pytest.mark.parametrize(
    "query",
    [
        "category=design&price=free&level=beginner&language=en&length=short&captions=en&updated=month&skill=python&institution=x&creator=ada&sort=newest",
        "price=nonsense&level=&sort=relevance",
        "category=+design+&price=free&price=paid",
        "category=%00&creator=a%00b&level=advanced",
        "q=words&x=1",
    ],
)
def test_pages_and_the_api_understand_the_same(query: str) -> None:
    asked = QueryDict(query)
    read = CourseFilter(asked, Course.objects.none())
    read.is_valid()
    assert chosen_of(asked) == {name: value for name, value in read.form.cleaned_data.items() if value}


@pytest.mark.parametrize(
    "chosen",
    [{}, {"price": "free"}, {"captions": "zh", "level": "any"}, {"updated": "year", "rating": "4"}, {"category": 0}],
)
def test_the_number_alone_is_that_of_the_counts(chosen: dict[str, object]) -> None:
    held = (["free", "paid"], ["any", "beginner"], [("en",), ("en", "zh")], ["month", "older"], ["4.5", "none"])
    cells = [
        (at % 3, price, level, "en", "short", captions, updated, rating, at + 1)
        for at, (price, level, captions, updated, rating) in enumerate(product(*held))
    ]
    total, counted = facets.counts(cells, chosen)
    assert facets.total(facets.sifted(cells, facets.wanted(chosen))) == total > 0

    def holds(cell: tuple, name: str, value: str) -> bool:
        return value in facets.values_of(name, cell[facets.FACETS.index(name)])

    for name in facets.FACETS:
        others = {other: value for other, value in chosen.items() if other != name}
        for value in {each for cell in cells for each in facets.values_of(name, cell[facets.FACETS.index(name)])}:
            left = [c for c in cells if holds(c, name, value) and all(holds(c, *other) for other in others.items())]
            assert counted[name, value] == sum(cell[-1] for cell in left)


@pytest.mark.parametrize("words", ["clay", '100%00 ~~ &"<', "陶", "a\tb"])
@pytest.mark.parametrize("more", [{}, {"sort": "newest", "level": "beginner"}])
def test_an_order_s_address_asks_for_the_rest_as_well(words: str, more: dict[str, str]) -> None:
    chosen = {**more, "q": words}
    for option, (key, _label) in zip(orders(chosen, "newest", sort_words("en")), SORTS, strict=True):
        assert option.address == address_of({**chosen, "sort": key})


def test_an_address_of_a_slug_is_the_one_that_its_view_has() -> None:
    for name in ("courses:detail", "courses:skill", "creators:detail", "institutions:institution"):
        assert links.of_slug(name, "raku-kiln") == reverse(name, args=["raku-kiln"])
    key = uuid4()
    assert links.of_slug("learners:lesson", "raku-kiln", key) == reverse("learners:lesson", args=["raku-kiln", key])


def test_filters_cannot_be_written_out_of_their_place(client: Client, shop: None) -> None:
    words = "\"><script>alert(1)</script>'&amp;"
    page = client.get("/search/", {"q": words, "level": "beginner"}).content.decode()
    assert "<script>alert(1)" not in page
    assert "&amp;level=beginner" in client.get("/courses/", {"price": "free"}).content.decode()
