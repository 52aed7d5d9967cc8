"""What the catalogue can be asked: the same questions for the page and for the API, each of them a parameter."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Category, Course
from .models.course import CourseQuerySet, Language, Level

HALF_HOUR, THREE_HOURS = 1_800, 10_800
PRICES = [("free", _("Free")), ("paid", pgettext_lazy("price", "Paid"))]
LENGTHS = [("short", _("Under 30 minutes")), ("medium", _("30 minutes to 3 hours")), ("long", _("Over 3 hours"))]
SORTS = [
    ("relevance", _("Best answer")),
    ("popular", _("Most learners")),
    ("newest", _("Newest")),
    ("price-low", _("Lowest price")),
    ("price-high", _("Highest price")),
]
# Each order is one column and the id, so that every page can begin where the last one ended.
ORDERS = {
    "relevance": ("-rank", "-id"),
    "popular": ("-learners_count", "-id"),
    "newest": ("-published_at", "-id"),
    "price-low": ("price_rank", "id"),
    "price-high": ("-price_rank", "-id"),
}


class CourseFilter(django_filters.FilterSet):
    """Filters of the catalogue. `order` says which of ORDERS holds."""

    category = django_filters.CharFilter(
        field_name="category__slug", label=_("Category"), help_text="Slug of a category."
    )
    price = django_filters.ChoiceFilter(choices=PRICES, method="with_price", label=_("Price"))
    level = django_filters.ChoiceFilter(choices=Level.choices, label=_("Level"))
    language = django_filters.ChoiceFilter(choices=Language.choices, label=_("Language"))
    length = django_filters.ChoiceFilter(choices=LENGTHS, method="of_length", label=_("Length"))
    creator = django_filters.CharFilter(field_name="creator__slug", help_text="Slug of a creator.")
    # After the others: the words are looked for among what they left.
    q = django_filters.CharFilter(method="with_words", label=_("Words"), help_text="Words to look for.")
    sort = django_filters.ChoiceFilter(choices=SORTS, method="sorted_by", label=_("Sort by"))

    class Meta:
        model = Course
        fields = ["category", "price", "level", "language", "length", "creator", "q", "sort"]

    @property
    def order(self) -> str:
        self.is_valid()
        asked = self.form.cleaned_data
        has_words = bool(asked.get("q", "").strip())
        chosen = asked.get("sort") or ("relevance" if has_words else "popular")
        return chosen if has_words or chosen != "relevance" else "popular"

    @property
    def chosen(self) -> dict[str, str]:
        """What was asked and understood, by parameter."""
        self.is_valid()
        asked = self.form.cleaned_data
        return {name: str(self.data[name]) for name in self.filters if asked.get(name) and self.data.get(name)}

    @property
    def is_common(self) -> bool:
        """Whether many ask the same: no words of their own, and one filter at most."""
        narrowed = [name for name in self.chosen if name != "sort"]
        return not narrowed or (len(narrowed) == 1 and narrowed[0] not in ("q", "creator"))

    def with_price(self, rows: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        return rows.filter(price_minor=0) if value == "free" else rows.filter(price_minor__gt=0)

    def of_length(self, rows: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        least, most = {"short": (0, HALF_HOUR), "medium": (HALF_HOUR, THREE_HOURS), "long": (THREE_HOURS, None)}[value]
        rows = rows.filter(duration_s__gte=least)
        return rows if most is None else rows.filter(duration_s__lt=most)

    def with_words(self, rows: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        return rows.matching(value[:200])

    def sorted_by(self, rows: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        # Pages order by `order`, since the order of the words' rank holds unless another is asked for.
        return rows


@dataclass(frozen=True)
class Option:
    """One choice of a filter. Its address takes the choice, or takes it back where it `is_chosen`."""

    label: Any
    address: str
    is_chosen: bool


def boxes(chosen: dict[str, str], shelves: list[Category]) -> list[tuple[Any, list[Option]]]:
    """(label, options) of each filter that the page draws, with everything else that was chosen kept."""
    groups: list[tuple[str, Any, list[tuple[str, Any]]]] = [
        ("category", _("Category"), [(c.slug, c.name) for c in shelves]),
        ("price", _("Price"), PRICES),
        ("level", _("Level"), Level.choices),
        ("language", _("Language"), Language.choices),
        ("length", _("Length"), LENGTHS),
    ]
    return [(label, [_option(chosen, name, *choice) for choice in choices]) for name, label, choices in groups]


def orders(chosen: dict[str, str], present: str) -> list[Option]:
    """The orders that may be asked for; the best answer needs words."""
    offered = SORTS if chosen.get("q") else SORTS[1:]
    return [Option(label, address_of({**chosen, "sort": key}), key == present) for key, label in offered]


def _option(chosen: dict[str, str], name: str, key: str, label: Any) -> Option:
    is_chosen = chosen.get(name) == key
    others = {other: value for other, value in chosen.items() if other != name}
    return Option(label, address_of(others if is_chosen else {**others, name: key}), is_chosen)


def address_of(chosen: dict[str, str]) -> str:
    """The query string that asks for `chosen`."""
    return "?" + urlencode(chosen)
