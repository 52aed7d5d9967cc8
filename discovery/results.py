"""One page of search results: courses, moments in films, names of creators and institutions, and what was meant."""

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from courses import cards
from courses.facets import HAS_ONE
from courses.filters import Option, address_of, boxes, chosen_of, facets_of, left_out, orders, unfiltered
from courses.models import Category
from courses.paging import mark, read_mark
from courses.ways_out import ways_out
from discovery import asking, demand, moments, pace, titled
from discovery.asking import MOST_TOLD, PAGE_ROWS, Answer, Hit, Wish
from discovery.filters import ORDERS, SORTS, order_of, sort_words, words_of
from discovery.moments import Moment
from marketplace.lib import links


@dataclass
class Results:
    """What the page shows. `instead`: the words that were looked for as well, where those that were asked for found
    nothing; `is_loose`: no course has all of the words; `has_more_than_counted`: not all hits were looked at;
    `sorted_among`: so many of the most popular were put in the order that was asked for, 0 for all; `cards`: of `hits`,
    once they are drawn; `boxes`: by the `tally` of `chosen` and other filters, over a part for `partly`; `left_out`:
    labels of what was asked for and not understood.
    """

    words: str
    total: int = 0
    has_more_than_counted: bool = False
    hits: list[Hit] = field(default_factory=list)
    cards: list[SafeString] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    lessons: list[Moment] = field(default_factory=list)
    names: list[tuple[str, str, str]] = field(default_factory=list)
    instead: str = ""
    is_loose: bool = False
    sorted_among: int = 0
    before: str = ""
    after: str = ""
    boxes: list[tuple[str, list[Option]]] = field(default_factory=list)
    orders: list[Option] = field(default_factory=list)
    shelves: list[Category] = field(default_factory=list)
    ways_out: list[Option] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)
    left_out: list[Any] = field(default_factory=list)
    tally: Counter[tuple[str, Any]] = field(default_factory=Counter)
    partly: frozenset[str] = frozenset()

    @property
    def narrowed(self) -> list[Option]:
        return [option for _label, options in self.boxes for option in options if option.is_chosen]

    @property
    def called(self) -> list[tuple[str, str, str]]:
        """Kind, name and address of the creators and institutions."""
        pages = {"creator": "creators:detail", "institution": "institutions:institution"}
        return [(kind, name, links.of_slug(pages[kind], slug)) for kind, name, slug in self.names]

    @property
    def instead_address(self) -> str:
        return address_of({**self.chosen, "q": self.instead})


def page(request: HttpRequest) -> Results:
    """The page of results that `request` asks for; what was looked for is counted, without who did. Raises
    SearchesTooOften.
    """
    pace.search(request)
    words, sort, known = words_of(request.GET), order_of(request.GET), Category.objects.shelves()
    chosen, order = {**chosen_of(request.GET, SORTS), "q": words}, ORDERS[sort]
    narrowed = facets_of(chosen, known)
    by = {"creator": chosen["creator"]} if "creator" in chosen else {}
    begin, is_back = read_mark(order, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    is_first = begin is None and not narrowed and not by
    own = moments.courses_of(request.user) if is_first else None
    answer = asking.ask(words, Wish({**narrowed, **by}, order, begin, is_back, own))
    if is_first:
        demand.note(request, answer.question.line, answer.good)
    results = _told(answer, chosen, sort, known)
    results.left_out = left_out(request.GET, chosen)
    _cut(results, answer, chosen, begin is not None, is_back)
    if not results.total and begin is None:
        results.ways_out = ways_out(chosen, results.narrowed, partial(_left, answer))
    return results


def _told(answer: Answer, chosen: dict[str, str], sort: str, known: list[Category]) -> Results:
    """What `answer` says, without its page of hits."""
    return Results(
        words=chosen["q"],
        total=min(answer.total, MOST_TOLD),
        # Of none left there are no more to speak of.
        has_more_than_counted=answer.has_more and answer.total > 0,
        # The most popular stand first in these two in any case.
        sorted_among=MOST_TOLD if answer.has_more and sort not in ("relevance", "popular") else 0,
        names=answer.names,
        moments=moments.from_rows(answer.question, answer.films),
        lessons=titled.from_rows(answer.titled),
        instead=answer.question.instead,
        is_loose=not answer.question.needs_all,
        boxes=boxes(chosen, known, answer.counted, answer.partly),
        orders=orders(chosen, sort, sort_words(get_language() or "")),
        shelves=known,
        chosen=chosen,
        tally=answer.counted,
        partly=answer.partly,
    )


def _left(answer: Answer, without: str, rest: dict[str, str]) -> tuple[int, bool]:
    """How many courses the question finds with the rest of its filters: by what `answer` has counted, where a course is
    of one choice alone.
    """
    if without in HAS_ONE:
        counts = (number for (name, _value), number in answer.counted.items() if name == without)
        return sum(counts), without in answer.partly
    by = {"creator": rest["creator"]} if "creator" in rest else {}
    wish = Wish({**facets_of(rest, Category.objects.shelves()), **by}, ORDERS["relevance"])
    found = asking.ask(rest["q"], wish)
    return min(found.total, MOST_TOLD), found.has_more


def drawn(results: Results) -> SafeString:
    """What the page shows below its title."""
    narrowed = results.narrowed
    is_seldom = bool(results.before or results.narrowed)
    results.cards = cards.drawn(((hit.course_id, hit.stamp) for hit in results.hits), is_seldom=is_seldom)
    context = {
        "results": results,
        "page": results,
        "boxes": results.boxes,
        "narrowed": narrowed,
        "ways_out": results.ways_out,
        "orders": results.orders,
        "clear": reverse("discovery:search") + address_of(unfiltered(results.chosen)) if narrowed else "",
        "is_asked": True,
        "shelves": results.shelves,
        "before": results.before,
        "after": results.after,
    }
    return render_to_string("discovery/_results.html", context)


def _cut(results: Results, answer: Answer, chosen: dict[str, str], is_marked: bool, is_back: bool) -> None:
    """The page's own hits, and the addresses of its neighbors."""
    has_further, hits = len(answer.hits) > PAGE_ROWS, answer.hits
    hits = hits[-PAGE_ROWS:] if is_back else hits[:PAGE_ROWS]
    results.hits = hits
    if hits and (has_further or is_back):
        results.after = address_of({**chosen, "after": mark(hits[-1].key, hits[-1].course_id)})
    if hits and is_marked and (has_further or not is_back):
        results.before = address_of({**chosen, "before": mark(hits[0].key, hits[0].course_id)})
