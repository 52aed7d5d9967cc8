"""What the pages of earnings may be asked for. What cannot be read is left out; these pages refuse nobody for it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import currency_choices

from .incomes.page import Asked
from .incomes.sales import SaleState

FIRST_YEAR, LAST_YEAR = 2020, 2100


class EarningsFilter(forms.Form):
    currency = forms.ChoiceField(choices=currency_choices(), required=False)
    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)
    course = forms.CharField(max_length=120, required=False)
    month = forms.RegexField(r"^20\d\d-(0[1-9]|1[0-2])$", required=False)
    state = forms.ChoiceField(choices=[("", _("Every state")), *SaleState.choices], required=False)
    before = forms.CharField(max_length=40, required=False)

    @property
    def asked(self) -> Asked:
        self.is_valid()
        told: dict[str, Any] = self.cleaned_data
        month = told.get("month")
        return Asked(
            currency=told.get("currency") or "", year=told.get("year"), course=told.get("course") or "",
            month=date.fromisoformat(f"{month}-01") if month else None, state=told.get("state") or "",
            place=told.get("before") or "",
        )  # fmt: skip
