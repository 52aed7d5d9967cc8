"""Forms of tax details and of years: the shape of input, no rules."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from creators import countries

from .models import TaxIdentity
from .models.tax_identity import TaxDetails

NUMBER = re.compile(r"[A-Z0-9][A-Z0-9 ./-]{1,38}[A-Z0-9]", re.ASCII)


def number(text: str) -> str:
    """Upper case, without spaces at the ends. Every country has its own form, so only its signs are looked at."""
    cleaned = text.strip().upper()
    if cleaned and not NUMBER.fullmatch(cleaned):
        raise forms.ValidationError(
            _("A tax number has 3 to 40 letters and digits; spaces, dots, slashes and hyphens may stand between."),
            code="number",
        )
    return cleaned


class TaxIdentityForm(forms.Form):
    kind = forms.ChoiceField(label=_("You are"), choices=TaxIdentity.Kind.choices)
    legal_name = forms.CharField(
        label=_("Legal name"), max_length=200, help_text=_("As it stands in your papers or in the company register.")
    )
    country = forms.ChoiceField(label=_("Country where you pay taxes"))
    tax_number = forms.CharField(
        label=_("Tax number"), max_length=40, required=False,
        help_text=_("TIN, SSN or EIN, Steuer-ID, taxpayer number: the one that your tax office knows you by."),
    )  # fmt: skip
    vat_id = forms.CharField(label=_("VAT number, if you have one"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = countries.choices()  # type: ignore[attr-defined]

    def clean_tax_number(self) -> str:
        return number(self.cleaned_data["tax_number"])

    def clean_vat_id(self) -> str:
        return number(self.cleaned_data["vat_id"])

    @property
    def details(self) -> TaxDetails:
        return TaxDetails(**self.cleaned_data)


class IssueYearForm(forms.Form):
    reason = forms.CharField(label=_("Why they are made again"), max_length=500, required=False)
