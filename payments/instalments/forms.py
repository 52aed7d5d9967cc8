"""Forms of a price in parts: the shape of input, no rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import Money, currency_choices

from . import schedule
from .plans import Agreed


class AgreeForm(forms.Form):
    """What the buyer saw, and that she lets her means of payment be kept."""

    total = forms.IntegerField(min_value=1)
    currency = forms.ChoiceField(choices=currency_choices())
    months = forms.IntegerField(min_value=schedule.FEWEST)
    first_on = forms.DateField()
    agrees = forms.BooleanField(
        label=_("Take the later parts on these days from the card that I pay the first one with."),
        error_messages={"required": _("Without this only the whole price can be paid at once.")},
    )  # fmt: skip

    def total_said(self) -> Money:
        return Money(self.cleaned_data["total"], self.cleaned_data["currency"])

    def agreed(self) -> Agreed:
        return Agreed(self.cleaned_data["months"], self.cleaned_data["first_on"])


class OfferForm(forms.Form):
    months = forms.TypedChoiceField(
        label=_("Monthly parts"), coerce=int,
        choices=[(0, _("Not in parts")), *((n, str(n)) for n in range(schedule.FEWEST, schedule.MOST + 1))],
    )  # fmt: skip
