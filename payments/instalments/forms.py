"""Forms of a price in parts: the shape of input, no rules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import InvalidAmount, Money, currency_choices

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


class GiveBackForm(forms.Form):
    """Of a plan's parts: all that is left, or a sum of it. `left` is what the person saw."""

    left = forms.IntegerField(min_value=0, max_value=2**53, widget=forms.HiddenInput)
    amount = forms.CharField(
        label=_("Amount"), required=False, max_length=20,
        help_text=_("Empty: all that is left. A sum is spread over the parts."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    keeps_access = forms.BooleanField(
        label=_("The buyer keeps the course"), required=False,
        help_text=_("Her plan goes on. Else the course goes back and the open parts are canceled."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("For the record; the buyer does not see it.")
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_left(self) -> Money:
        return Money(self.cleaned_data["left"], self.currency)

    def clean_amount(self) -> Money | None:
        text = self.cleaned_data["amount"].strip()
        try:
            return Money.parse(text, self.currency) if text else None
        except InvalidAmount as error:
            raise ValidationError(str(error)) from None

    @property
    def wish(self) -> dict[str, Any]:
        """As `giving_back.give_back` takes it."""
        told = self.cleaned_data
        chosen = {name: told[name] for name in ("left", "amount", "reason")}
        return {**chosen, "ends_access": not told["keeps_access"]}
