"""The shape of what makers of paths write."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .forms import DraftCharField, DraftForm, LinesField, LinesInput
from .models import Course, PathEdition
from .models.course import Language
from .models.path_edition import MOST_STAGES, Stage

_STAGE = re.compile(r"stage_([0-9])_title")


class StartPathForm(forms.Form):
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("Where the path leads: “From your first line to a site that sells”."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of the lessons"), choices=Language.choices)


class PathForm(DraftForm):
    """What the path says, and its stages: a name, a sentence and courses each. An empty one does not count."""

    title = forms.CharField(label=_("Title"), max_length=120)
    promise = DraftCharField(label=_("What somebody can do at its end"), max_length=200)
    about = forms.CharField(
        label=_("About this path"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Markdown: headings, lists, links, tables."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the lessons"), choices=Language.choices)

    def __init__(self, data: QueryDict | None = None, *, edition: PathEdition) -> None:
        stages = edition.ordered()
        super().__init__(data, initial=_shown(edition, stages))
        drawn = [int(found[1]) for name in data or () if (found := _STAGE.fullmatch(name))]
        count = max(drawn) + 1 if drawn else min(len(stages) + 1, MOST_STAGES)
        self.stage_numbers = range(min(count, MOST_STAGES))
        for at in self.stage_numbers:
            self.fields |= _stage_fields(at)

    @property
    def rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        parts = ("title", "words", "courses")
        return [(at + 1, [self[f"stage_{at}_{part}"] for part in parts]) for at in self.stage_numbers]

    @property
    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "promise", "about", "language")}

    @property
    def stages(self) -> list[Stage]:
        cleaned = self.cleaned_data
        rows = [(cleaned[f"stage_{n}_title"], cleaned[f"stage_{n}_words"], n) for n in self.stage_numbers]
        named = {course.slug: course for course in self._named()}
        return [
            Stage(title, words, tuple(named[slug] for slug in self._slugs(at)))
            for title, words, at in rows
            if title or words or self._slugs(at)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        known = {course.slug for course in self._named()}
        for at in self.stage_numbers:
            if unknown := [slug for slug in self._slugs(at) if slug not in known]:
                told = {"course": unknown[0]}
                self.add_error(
                    f"stage_{at}_courses", ValidationError(_("No course on sale is named %(course)s.") % told)
                )
        return cleaned

    def _slugs(self, at: int) -> list[str]:
        """Of what stands there: a course's address, or the end of it."""
        lines = self.cleaned_data.get(f"stage_{at}_courses", [])
        return [line.partition("?")[0].rstrip("/").rpartition("/")[2] for line in lines]

    def _named(self) -> list[Course]:
        slugs = [slug for at in self.stage_numbers for slug in self._slugs(at)]
        return list(Course.objects.on_sale().filter(slug__in=slugs))


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note to the moderator"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


def _stage_fields(at: int) -> dict[str, forms.Field]:
    return {
        f"stage_{at}_title": forms.CharField(label=_("Name of the stage"), max_length=80, required=False),
        f"stage_{at}_words": forms.CharField(label=_("What it is for"), max_length=400, required=False),
        f"stage_{at}_courses": LinesField(
            label=_("Its courses, in order"), required=False, widget=LinesInput(placeholder="/courses/knots/"),
            help_text=_("The address of a course's page, one a line."),
        ),
    }  # fmt: skip


def _shown(edition: PathEdition, stages: list[Stage]) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: getattr(edition, name) for name in ("title", "promise", "about", "language", "revision")
    }
    for at, stage in enumerate(stages):
        told |= {f"stage_{at}_title": stage.title, f"stage_{at}_words": stage.words}
        told[f"stage_{at}_courses"] = [course.get_absolute_url() for course in stage.courses]
    return told
