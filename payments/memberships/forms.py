"""Forms of memberships: the shape of input, no rules."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import InvalidAmount, Money, currency_choices

from ..models import MembershipOffer
from .agreeing import Agreed


class AgreeForm(forms.Form):
    """What the member saw, and that she lets her means of payment be kept."""

    total = forms.IntegerField(min_value=1)
    currency = forms.ChoiceField(choices=currency_choices())
    first_on = forms.DateField()
    agrees = forms.BooleanField(
        label=_("Take each month from the card that I pay the first one with, until I cancel."),
        error_messages={"required": _("Without this a membership cannot begin.")},
    )  # fmt: skip

    def agreed(self) -> Agreed:
        told = self.cleaned_data
        return Agreed(Money(told["total"], told["currency"]), told["first_on"])


class OfferForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As it stands on receipts and on your pages."))
    description = forms.CharField(
        label=_("What members get"), max_length=1_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    amount = forms.CharField(
        label=_("Price of a month"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("For new members. Who is a member keeps the price that she agreed to."),
    )  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices())
    opens = forms.ChoiceField(label=_("What it opens"), choices=MembershipOffer.Opens.choices)
    is_open = forms.BooleanField(label=_("Take new members"), required=False)

    def __init__(self, *args: Any, offer: MembershipOffer | None = None, **kwargs: Any) -> None:
        if offer is not None:
            kwargs["initial"] = {
                "name": offer.name, "description": offer.description, "amount": offer.price.decimal_text(),
                "currency": offer.currency, "opens": offer.opens, "is_open": offer.is_open,
            }  # fmt: skip
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                told["price"] = Money.parse(told["amount"], told["currency"])
            except InvalidAmount as wrong:
                raise ValidationError({"amount": str(wrong)}) from None
        return told

    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "description", "price", "opens", "is_open")}


class PassForm(OfferForm):
    """Of the whole site: it opens what creators let it open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["opens"]

    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "description", "price", "is_open")}


class ClosingForm(forms.Form):
    ends_on = forms.DateField(
        label=_("From which day on"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("More than 30 days from today. Months that begin before it are still taken and last to their end."),
    )  # fmt: skip

    def moment(self) -> datetime:
        return datetime.combine(self.cleaned_data["ends_on"], time.min, tzinfo=UTC)
