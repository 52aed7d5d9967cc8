"""The shape of what creators write about an assignment: its rules, and one criterion."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .assignments.shape import ANSWER_LABELS, REVIEWING_LABELS, Assignment, Criterion
from .forms import DraftCharField, DraftForm, LinesField, LinesInput, UntilPublished

SPARE_LEVELS = 2
_LEVEL = re.compile(r"levels-(\d{1,3})-title")


class LevelsInput(forms.Widget):
    """Levels as rows: name, points, what it looks like. The autosave's fields.ts reads the same rows."""

    template_name = "studio/widgets/levels.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        numbers = sorted(int(found[1]) for key in data if (found := _LEVEL.fullmatch(key)))
        return [{part: data.get(f"levels-{n}-{part}", "") for part in ("id", "title", "points", "text")}
                for n in numbers]  # fmt: skip

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(_LEVEL.fullmatch(key) for key in data)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        spare = SPARE_LEVELS if value else SPARE_LEVELS + 1
        context["widget"]["rows"] = [*(value or []), *[{}] * spare]
        return context


class LevelsField(UntilPublished, forms.Field):
    widget = LevelsInput

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        rows = [row for row in value or [] if row["title"].strip()]
        points = forms.IntegerField(min_value=0, max_value=100)
        return [{**row, "points": points.clean(row["points"]) if row["points"] != "" else 0} for row in rows]


def _number(label: Any, least: int, most: int, *, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    widget = forms.NumberInput(attrs={} if required else {"data-empty": "null"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, help_text=help_text, widget=widget
    )


class AssignmentForm(DraftForm):
    """Task and rules, with the lesson's title."""

    title = forms.CharField(label=_("Title"), max_length=120)
    task = DraftCharField(
        label=_("Task"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Markdown: what is to be made, what may be used, what a good work looks like."),
    )
    answer = forms.ChoiceField(label=_("What is handed in"), choices=ANSWER_LABELS.items())
    most_files = _number(_("Files at most"), 1, 10)
    most_mb = _number(_("MB a file at most"), 1, 100)
    endings = LinesField(
        label=_("Kinds of files"),
        required=False,
        widget=LinesInput(placeholder="pdf"),
        help_text=_("By their ending. Empty: every kind that can be looked at without danger."),
    )
    reviewing = forms.ChoiceField(label=_("Who reviews"), choices=REVIEWING_LABELS.items(), widget=forms.RadioSelect)
    own_reviews = _number(
        _("Reviews to give"), 0, 10, help_text=_("With peers: so many works of others before one sees the own result.")
    )
    fallback_days = _number(_("Days to wait for peers"), 1, 60, help_text=_("After them the work comes to you."))
    pass_percent = _number(_("Pass mark in percent"), 1, 100)
    due_days = _number(
        _("Due, days after enrolling"), 1, 730, required=False,
        help_text=_("Empty: whenever. What comes later is taken, and marked as late."),
    )  # fmt: skip
    attempts = _number(_("Hand-ins allowed"), 1, 20, required=False, help_text=_("Empty: as many as somebody likes."))

    @classmethod
    def of(cls, title: str, assignment: Assignment, revision: int, data: Any = None) -> "AssignmentForm":
        told = {name: getattr(assignment, name) for name in Assignment.RULES}
        return cls(data, initial={**told, "title": title, "revision": revision})


class CriterionForm(DraftForm):
    title = DraftCharField(label=_("Criterion"), max_length=120, help_text=_("What is looked at, in a few words."))
    text = forms.CharField(
        label=_("Explanation"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    levels = LevelsField(label=_("Levels"))

    @classmethod
    def of(cls, criterion: Criterion, revision: int, data: Any = None) -> "CriterionForm":
        levels = [
            {"id": each.id, "title": each.title, "points": each.points, "text": each.text} for each in criterion.levels
        ]
        return cls(
            data,
            initial={"title": criterion.title, "text": criterion.text, "levels": levels, "revision": revision},
        )
