"""The shape of a tip as the page asks for it: a suggested amount by its button, or one's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money

from . import terms


class TipForm(forms.Form):
    amount = forms.CharField(max_length=40, required=False)
    own = forms.CharField(
        label=_("Your own amount"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    shows_name = forms.BooleanField(
        label=_("Show my name to the creator"), required=False,
        help_text=_("Otherwise the creator sees the tip and not who gave it."),
    )  # fmt: skip

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course = course
        bounds = terms.of_currency(course.currency)
        self.fields["own"].label = _("Your own amount, in %(currency)s") % {"currency": course.currency}
        self.fields["own"].help_text = _("From %(least)s to %(most)s.") % {
            "least": bounds.least.format(), "most": bounds.most.format(),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        try:
            told["money"] = Money.parse(told.get("amount") or told.get("own") or "", self.course.currency)
            terms.must_fit(self.course, told["money"])
        except DomainError as refusal:
            self.add_error("own", str(refusal))
        return told
