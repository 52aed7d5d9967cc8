"""The shape of a collection as its curators write it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courses.forms import LinesField, LinesInput
from courses.models import CollectionEdition, Course
from courses.models.collection import WORDS, may_hold


class CollectionForm(forms.ModelForm):
    courses = LinesField(
        label=_("Its courses, in order"), widget=LinesInput(placeholder="/courses/knots/"),
        help_text=_("The address of a course's page, one a line."),
    )  # fmt: skip
    why = forms.CharField(label=_("Why this change"), max_length=400, help_text=_("It stays on record."))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = CollectionEdition
        fields = WORDS
        widgets = {
            "words_en": forms.Textarea(attrs={"rows": 2}),
            "words_zh": forms.Textarea(attrs={"rows": 2}),
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, present: CollectionEdition | None = None, **kwargs: Any) -> None:
        """`present`: the edition that is written anew."""
        super().__init__(*args, **kwargs)
        self.present = present

    @property
    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WORDS}

    def clean_courses(self) -> list[Course]:
        slugs = [line.partition("?")[0].rstrip("/").rpartition("/")[2] for line in self.cleaned_data["courses"]]
        known = {course.slug: course for course in may_hold(self.present).filter(slug__in=slugs)}
        for slug in slugs:
            if slug not in known:
                raise ValidationError(_("No course on sale is named %(course)s.") % {"course": slug})
        return [known[slug] for slug in slugs]

    def _post_clean(self) -> None:
        """The row is looked at when it is written, with its courses and its number."""
