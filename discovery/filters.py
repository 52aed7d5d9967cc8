"""The catalogue's filters with words to look for, which have an order of their own: the best answer first."""

from collections.abc import Mapping
from functools import lru_cache

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courses import filters
from courses.filters import CourseFilter, chosen_of, facets_of
from courses.models import Category, Course
from courses.models.course import CourseQuerySet
from discovery import finding, pace
from discovery.questions import LONGEST_QUESTION

SORTS = [("relevance", _("Best answer")), *filters.SORTS]
ORDERS = {"relevance": ("-rank", "-id"), **filters.ORDERS}


@lru_cache(maxsize=len(settings.LANGUAGES) + 1)
def sort_words(language: str) -> list[tuple[str, str]]:
    """SORTS in `language`, which is the active one."""
    return [(key, str(label)) for key, label in SORTS]


def words_of(asked: Mapping[str, str]) -> str:
    """The words that are looked for, no more of them; none that no index could have."""
    words = asked.get("q", "").strip()
    return "" if "\0" in words else words[:LONGEST_QUESTION].rstrip()


def order_of(asked: Mapping[str, str]) -> str:
    """The name of the order that was asked for, or else the one that suits."""
    has_words = bool(words_of(asked))
    sort = chosen_of(asked, SORTS).get("sort") or ("relevance" if has_words else "popular")
    return sort if has_words or sort != "relevance" else "popular"


class SearchFilter(CourseFilter):
    # After the others: the words are looked for among what they left.
    q = django_filters.CharFilter(method="with_words", label=_("Words"), help_text="Words to look for.")
    sort = django_filters.ChoiceFilter(choices=SORTS, method="sorted_by", label=_("Sort by"))

    class Meta(CourseFilter.Meta):
        model = Course
        fields = [*CourseFilter.Meta.fields, "q"]

    def with_words(self, rows: CourseQuerySet, name: str, value: str) -> "QuerySet[Course]":
        pace.search(self.request)
        chosen = chosen_of(self.data)
        by = {"creator": chosen["creator"]} if "creator" in chosen else {}
        return finding.matching(rows, value, {**facets_of(chosen, Category.objects.shelves()), **by})
