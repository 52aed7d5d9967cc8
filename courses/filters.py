"""What lists of courses can be asked: the same questions for pages and for the API, each of them a parameter."""

from collections import Counter
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from creators.models import Institution

from .facets import FACETS, HALF_HOUR, MONTH, THREE_HOURS, YEAR
from .models import Category, Course, Skill
from .models.course import CourseQuerySet, Language, Level
from .models.rated import AT_LEAST_STARS, LEAST_SHOWN

# Of skills and institutions so many choices stand in a list at first, and so many where more are asked for.
MOST_SKILLS, MOST_CHOICES = 12, 200
PRICES = [("free", _("Free")), ("paid", pgettext_lazy("price", "Paid"))]
LENGTHS = [("short", _("Under 30 minutes")), ("medium", _("30 minutes to 3 hours")), ("long", _("Over 3 hours"))]
CAPTIONS = [("en", pgettext_lazy("captions", "In English")), ("zh", pgettext_lazy("captions", "In Chinese"))]
UPDATED = [("month", _("In the last month")), ("year", _("In the last year"))]
RATINGS = [("4.5", _("4.5 and up")), ("4", _("4 and up"))]
SORTS = [
    ("popular", _("Most learners")),
    ("rating", _("Best rated")),
    ("newest", _("Newest")),
    ("price-low", _("Lowest price")),
    ("price-high", _("Highest price")),
]
# Each order is one column and the id, so that every page can begin where the last one ended.
ORDERS = {
    "popular": ("-learners_count", "-id"),
    # By the interval's lower end: few good ratings do not stand above many.
    "rating": ("-rating_low", "-id"),
    "newest": ("-published_at", "-id"),
    "price-low": ("price_rank", "id"),
    "price-high": ("-price_rank", "-id"),
}


# What may be asked for, by parameter; the others are a slug. Their order is that of every address that we write.
OFFERED: dict[str, list[tuple[str, Any]]] = {
    "price": PRICES, "level": Level.choices, "language": Language.choices, "length": LENGTHS, "captions": CAPTIONS,
    "updated": UPDATED, "rating": RATINGS,
}  # fmt: skip
LABELS = {
    "category": _("Category"), "price": _("Price"), "level": _("Level"), "language": _("Language"),
    "length": _("Length"), "captions": _("Captions"), "updated": _("Updated"), "rating": _("Rating"),
    "skill": _("Skill"), "institution": _("Institution"),
}  # fmt: skip
# What leads to all choices of a filter, and back.
MORE = {
    "skill": (_("More skills…"), _("Fewer skills")),
    "institution": (_("More institutions…"), _("Fewer institutions")),
}
_KNOWN = {"more": frozenset(MORE)} | {name: frozenset(key for key, _label in told) for name, told in OFFERED.items()}
# Stands for a value in an address that is written once for many: what is chosen has none, and no text is written so.
_PLACE, _PLACE_WRITTEN = "\0", "%00"
_ASKED_BY = {**LABELS, "creator": _("Creator"), "sort": _("Sort by")}
_NAMES = ("category", *OFFERED, "skill", "institution", "creator")
# Key, label and number of courses of one choice.
Told = tuple[str, str, int]


def chosen_of(asked: Mapping[str, str], sorts: list[tuple[str, Any]] = SORTS) -> dict[str, str]:
    """What was asked and understood, by parameter: what CourseFilter reads too, without building a form for it."""
    chosen = {name: asked.get(name, "").strip() for name in (*_NAMES, "sort", "more")}
    known = {**_KNOWN, "sort": {key for key, _label in sorts}}
    return {
        name: value
        for name, value in chosen.items()
        if value and "\0" not in value and (name not in known or value in known[name])
    }


def left_out(asked: Mapping[str, str], chosen: dict[str, str]) -> list[Any]:
    """Labels of what was asked for and not understood: it is not among what `chosen_of` chose."""
    return [label for name, label in _ASKED_BY.items() if asked.get(name, "").strip() and name not in chosen]


def unfiltered(chosen: dict[str, str]) -> dict[str, str]:
    """`chosen` without any filter: the same words or the same creator, in the same order."""
    return {name: value for name, value in chosen.items() if name not in LABELS and name != "more"}


def is_common(chosen: dict[str, str]) -> bool:
    """Whether many ask the same: one filter at most."""
    narrowed = [name for name in chosen if name not in ("sort", "more")]
    return not narrowed or (len(narrowed) == 1 and narrowed[0] != "creator")


def narrow(rows: CourseQuerySet, chosen: dict[str, str]) -> CourseQuerySet:
    """The rows that `chosen` leaves."""
    for name, value in chosen.items():
        if name in _NARROWING:
            rows = _NARROWING[name](rows, value)
    return rows


def _of_length(rows: CourseQuerySet, value: str) -> CourseQuerySet:
    least, most = {"short": (0, HALF_HOUR), "medium": (HALF_HOUR, THREE_HOURS), "long": (THREE_HOURS, None)}[value]
    rows = rows.filter(duration_s__gte=least)
    return rows if most is None else rows.filter(duration_s__lt=most)


_NARROWING: dict[str, Callable[[CourseQuerySet, str], CourseQuerySet]] = {
    "category": lambda rows, value: rows.filter(category__slug=value),
    "price": lambda rows, value: rows.filter(price_minor=0) if value == "free" else rows.filter(price_minor__gt=0),
    "level": lambda rows, value: rows.filter(level=value),
    "language": lambda rows, value: rows.filter(language=value),
    "length": _of_length,
    "captions": lambda rows, value: rows.filter(captions__contains=[value]),
    "updated": lambda rows, value: rows.filter(renewed_at__gte=timezone.now() - {"month": MONTH, "year": YEAR}[value]),
    "rating": lambda rows, value: rows.filter(rating_count__gte=LEAST_SHOWN, rating_score__gte=AT_LEAST_STARS[value]),
    "skill": lambda rows, value: rows.filter(skill_ids__contains=[_ids_of_skills().get(value, 0)]),
    "institution": lambda rows, value: rows.filter(institution__slug=value, institution__is_verified=True),
    "creator": lambda rows, value: rows.filter(creator__slug=value),
}


class CourseFilter(django_filters.FilterSet):
    """Filters of the catalogue for the API, which documents each of them."""

    category = django_filters.CharFilter(method="narrowed", label=_("Category"), help_text="Slug of a category.")
    price = django_filters.ChoiceFilter(choices=PRICES, method="narrowed", label=_("Price"))
    level = django_filters.ChoiceFilter(choices=Level.choices, label=_("Level"))
    language = django_filters.ChoiceFilter(choices=Language.choices, label=_("Language"))
    length = django_filters.ChoiceFilter(choices=LENGTHS, method="narrowed", label=_("Length"))
    captions = django_filters.ChoiceFilter(
        choices=CAPTIONS, method="narrowed", label=_("Captions"), help_text="All films have them in this language."
    )
    updated = django_filters.ChoiceFilter(choices=UPDATED, method="narrowed", label=_("Updated"))
    rating = django_filters.ChoiceFilter(
        choices=RATINGS, method="narrowed", label=_("Rating"), help_text="Stars at least, of three ratings or more."
    )
    skill = django_filters.CharFilter(method="narrowed", label=_("Skill"), help_text="Slug of a skill.")
    institution = django_filters.CharFilter(
        method="narrowed", label=_("Institution"), help_text="Slug of a verified institution."
    )
    creator = django_filters.CharFilter(method="narrowed", help_text="Slug of a creator.")
    sort = django_filters.ChoiceFilter(choices=SORTS, method="sorted_by", label=_("Sort by"))

    class Meta:
        model = Course
        fields = ["category", *OFFERED, "skill", "institution", "creator", "sort"]

    def narrowed(self, rows: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        return narrow(rows, {name: value})

    def sorted_by(self, rows: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        # Pages order by `sort` themselves.
        return rows


@dataclass(slots=True)  # a frozen one takes twice as long to make, and every list has fifty
class Option:
    """One choice of a filter. Its address takes the choice, or takes it back where it `is_chosen`. `count`: how many
    courses it would leave, None where that is not known; `has_more`: they were not all looked at.
    """

    label: str
    address: str
    is_chosen: bool
    count: int | None = None
    has_more: bool = False


def boxes(
    chosen: dict[str, str], shelves: list[Category], counted: Counter[tuple[str, Any]], partly: Container[str] = ()
) -> list[tuple[str, list[Option]]]:
    """(label, options) of each filter that the page draws, with everything else that was chosen kept. Choices that
    would leave nothing are left out, where they are not chosen. `partly`: facets that were counted over a part of all,
    so that a choice may fit others: it stands without a number.
    """
    labels, _choices = _words_in(get_language() or "")
    told, whole = told_of(chosen, shelves, counted, MOST_SKILLS + 1), address_of(chosen)
    drawn = ((name, _options(chosen, whole, name, each, name in partly)) for name, each in told.items())
    return [(labels[name], _with_more(chosen, name, options)) for name, options in drawn if options]


def _with_more(chosen: dict[str, str], name: str, options: list[Option]) -> list[Option]:
    """Of a filter of many choices the first, and the way to all of them; or all, and the way back."""
    if name not in MORE or len(options) <= MOST_SKILLS:
        return options
    (more, fewer), rest = MORE[name], {other: value for other, value in chosen.items() if other != "more"}
    if chosen.get("more") == name:
        return [*options, Option(str(fewer), address_of(rest), is_chosen=False)]
    return [*options[:MOST_SKILLS], Option(str(more), address_of({**rest, "more": name}), is_chosen=False)]


def told_of(
    chosen: dict[str, str], shelves: list[Category], counted: Counter[tuple[str, Any]], most: int = MOST_CHOICES
) -> dict[str, list[Told]]:
    """The choices of each filter, by its name, with how many courses each would leave. Of skills and institutions
    `most`, or MOST_CHOICES of those of which `more` are asked for.
    """
    language = get_language() or ""
    _labels, choices = _words_in(language)
    told = {"category": [(each.slug, each.named(language), counted["category", each.id]) for each in shelves]}
    for name, offered in choices.items():
        told[name] = [(key, text, counted[name, key]) for key, text in offered]
    limits = {name: MOST_CHOICES if chosen.get("more") == name else most for name in MORE}
    told["skill"] = _skills(chosen, counted, language, limits["skill"])
    return told | {"institution": _institutions(chosen, counted, limits["institution"])}


@lru_cache(maxsize=len(settings.LANGUAGES) + 1)
def _words_in(language: str) -> tuple[dict[str, str], dict[str, list[tuple[str, str]]]]:
    """Labels and choices of the filters in `language`, which is the active one: every list has dozens of them."""
    labels = {name: str(label) for name, label in LABELS.items()}
    return labels, {name: [(key, str(text)) for key, text in choices] for name, choices in OFFERED.items()}


def _institutions(chosen: dict[str, str], counted: Counter[tuple[str, Any]], most: int) -> list[Told]:
    """Those with most courses here, and the chosen one."""
    held = {pk: count for (name, pk), count in counted.items() if name == "institution" and count}
    if not held and "institution" not in chosen:
        return []
    known = Institution.objects.known()
    asked = next((pk for pk, (slug, _name) in known.items() if slug == chosen.get("institution")), None)
    first = sorted(known.keys() & held.keys(), key=lambda pk: (-held[pk], pk))[:most]
    shown = [pk for pk in (asked, *first) if pk is not None]
    return [(*known[pk], held.get(pk, 0)) for pk in dict.fromkeys(shown)][:most]


def _skills(chosen: dict[str, str], counted: Counter[tuple[str, Any]], language: str, most: int) -> list[Told]:
    """Those that most courses teach, and the chosen one."""
    held = {pk: count for (name, pk), count in counted.items() if name == "skill" and count}
    known, asked = Skill.objects.known(), chosen.get("skill")
    first = sorted((-held[skill.id], at) for at, skill in enumerate(known) if skill.id in held)[:most]
    shown = [skill for skill in known if skill.slug == asked] if asked else []
    shown += [known[at] for _count, at in first if known[at].slug != asked]
    return [(skill.slug, skill.named(language), held.get(skill.id, 0)) for skill in shown[:most]]


def facets_of(chosen: dict[str, str], shelves: list[Category]) -> dict[str, Any]:
    """What was chosen of the facets, as cells name it: category and skill by their ids, unknown ones by 0."""
    facets: dict[str, Any] = {name: chosen[name] for name in FACETS if name in chosen}
    if "institution" in chosen:
        ids = {slug: pk for pk, (slug, _name) in Institution.objects.known().items()}
        facets["institution"] = ids.get(chosen["institution"], 0)
    if "skill" in chosen:
        facets["skill"] = _ids_of_skills().get(chosen["skill"], 0)
    if "category" in facets:
        ids = {category.slug: category.pk for category in shelves}
        facets["category"] = ids.get(chosen["category"], 0)
    return facets


def _ids_of_skills() -> dict[str, int]:
    return {skill.slug: skill.pk for skill in Skill.objects.known()}


def orders(chosen: dict[str, str], present: str, offered: list[tuple[str, str]]) -> list[Option]:
    """The orders that may be asked for, from their keys and labels in the reader's language (`sort_words`)."""
    start, end = address_of({**chosen, "sort": _PLACE}).split(_PLACE_WRITTEN)
    return [Option(label, f"{start}{key}{end}", key == present) for key, label in offered]


@lru_cache(maxsize=len(settings.LANGUAGES) + 1)
def sort_words(language: str) -> list[tuple[str, str]]:
    """SORTS in `language`, which is the active one."""
    return [(key, str(label)) for key, label in SORTS]


def _options(chosen: dict[str, str], whole: str, name: str, told: list[Told], has_more: bool) -> list[Option]:
    """Those that leave something, or may, and the chosen one; `whole` asks for all that is `chosen`."""
    asked = chosen.get(name)
    back = address_of({other: value for other, value in chosen.items() if other != name}) if asked else whole
    # Each adds itself to what the others ask for: written once for all of them. A key is a slug, or a word of ours.
    start = f"{back}{'' if back == '?' else '&'}{name}="
    return [
        Option(label, back if key == asked else start + key, key == asked, count, has_more)
        for key, label, count in told
        if count or key == asked or has_more
    ]


def address_of(chosen: dict[str, str]) -> str:
    """The query string that asks for `chosen`."""
    return "?" + urlencode(chosen)
