"""The catalogue's filters with words to look for, which have an order of their own: the best answer first."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courses import filters
from courses.filters import CourseFilter
from courses.models import Course
from courses.models.course import CourseQuerySet
from discovery import asking

SORTS = [("relevance", _("Best answer")), *filters.SORTS]
ORDERS = {"relevance": ("-rank", "-id"), **filters.ORDERS}


class SearchFilter(CourseFilter):
    # After the others: the words are looked for among what they left.
    q = django_filters.CharFilter(method="with_words", label=_("Words"), help_text="Words to look for.")
    sort = django_filters.ChoiceFilter(choices=SORTS, method="sorted_by", label=_("Sort by"))

    class Meta(CourseFilter.Meta):
        model = Course
        fields = [*CourseFilter.Meta.fields, "q"]

    @property
    def words(self) -> str:
        self.is_valid()
        return self.form.cleaned_data.get("q", "").strip()

    @property
    def order(self) -> str:
        self.is_valid()
        chosen = self.form.cleaned_data.get("sort") or ("relevance" if self.words else "popular")
        return chosen if self.words or chosen != "relevance" else "popular"

    def with_words(self, rows: CourseQuerySet, name: str, value: str) -> "QuerySet[Course]":
        return asking.matching(rows, value)
