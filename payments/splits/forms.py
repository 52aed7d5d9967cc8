"""Forms of sharing a course: the shape of input, no rules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from creators.models import Creator

from ..coupons.terms import basis_points
from ..models.course_split import MOST

ANSWERS = ("accept", "decline", "withdraw")


class PartForm(forms.Form):
    """One co-author and her part; an empty row names nobody."""

    creator = forms.ModelChoiceField(
        label=_("Co-author"), queryset=Creator.objects.visible(), to_field_name="slug", required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid_choice": _("There is no creator of this address.")},
    )  # fmt: skip
    percent = forms.CharField(
        label=_("Percent"), max_length=8, required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip

    def clean_percent(self) -> int | None:
        text = self.cleaned_data["percent"]
        return basis_points(text) if text else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned.get("creator")) != bool(cleaned.get("percent")):
            raise ValidationError(_("Say who, and how many percent."))
        return cleaned


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[(word, word) for word in ANSWERS])


class Parts(forms.BaseFormSet):
    """Every row; `parts` are those that were filled in."""

    @property
    def parts(self) -> list[tuple[Creator, int]]:
        filled = (form.cleaned_data for form in self.forms if form.cleaned_data.get("creator"))
        return [(row["creator"], row["percent"]) for row in filled]


PartsForm = forms.formset_factory(PartForm, formset=Parts, extra=2, max_num=MOST, absolute_max=MOST, validate_max=True)
