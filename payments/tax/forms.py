"""Forms of tax and of billing: the shape of input, no rules."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from creators import countries
from marketplace.lib.money import InvalidAmount, Money, currency_choices

from ..coupons.forms import AmountField
from ..models import Billing, BillingDetails
from ..models.tax_rate import MOST_BPS
from . import periods

PAY = "pay"  # the id of the checkout's form


class TaxRateForm(forms.Form):
    country = forms.ChoiceField(label=_("Country"), choices=countries.choices)
    name = forms.CharField(label=_("Name on invoices"), max_length=40, initial="VAT")
    percent = forms.DecimalField(
        label=_("Rate in percent"), min_value=0, max_value=MOST_BPS // 100, max_digits=4, decimal_places=2,
        help_text=_("Of the price without tax. 0 ends a tax."),
    )  # fmt: skip
    starts_at = forms.DateTimeField(
        label=_("Starts at"), required=False, help_text=_("Empty: now. Sales until then keep the earlier rate."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("For the record, for example the law."))

    def rate(self) -> dict[str, Any]:
        """What TaxRate.objects.introduce takes, but for who does it."""
        told = dict(self.cleaned_data)
        bps = int(told.pop("percent") * 100)
        return {**told, "bps": bps}


class TaxPaymentForm(forms.Form):
    """What went to a tax office, or came back from one."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices())
    amount = AmountField(label=_("Amount"))
    period = forms.CharField(
        label=_("For which period"), max_length=7,
        help_text=_("A month (2026-11), a quarter (2026-Q4) or a year (2026)."),
    )  # fmt: skip
    paid_on = forms.DateField(label=_("Day at the bank"), widget=forms.DateInput(attrs={"type": "date"}))
    reference = forms.CharField(
        label=_("Reference"), max_length=140, help_text=_("The bank's or the office's, by which it is found again.")
    )  # fmt: skip
    is_back = forms.BooleanField(label=_("It came back from the office, or was noted wrongly"), required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False,
        help_text=_("Needed where more is paid than is owed, and where money came back."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Country not known")), *countries.choices()[1:]]
        self.fields["country"].choices = choices  # type: ignore[attr-defined]

    def clean_period(self) -> str:
        try:
            return periods.named(self.cleaned_data["period"].strip()).name
        except periods.NoSuchPeriod as wrong:
            raise forms.ValidationError(wrong.message) from wrong

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                given["amount"] = Money.parse(given["amount"], given.pop("currency"))
            except InvalidAmount as wrong:
                self.add_error("amount", str(wrong))
        return given


class BillingForm(forms.Form):
    """To whom the invoice is made out. A person may leave everything empty."""

    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    company = forms.CharField(
        label=_("Company"), max_length=160, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    tax_id = forms.CharField(
        label=_("Tax number"), max_length=40, required=False,
        help_text=_("VAT number, unified social credit code or the like, as your accountant writes it."),
    )  # fmt: skip
    address = forms.CharField(
        label=_("Address"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )  # fmt: skip
    country = forms.ChoiceField(
        label=_("Country"), choices=countries.choices, required=False,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # The fields stand beside the form that pays, and are sent with it.
            field.widget.attrs["form"] = PAY

    @classmethod
    def of(cls, buyer: Any, posted: Any = None) -> "BillingForm":
        """What was posted, or what the buyer said at her latest order."""
        return cls(posted) if posted else cls(initial=asdict(BillingDetails.objects.last_of(buyer)))

    def billing(self) -> Billing:
        """What it says; of a posted form, what was valid of it."""
        told = self.cleaned_data if self.is_bound else self.initial
        return Billing(**{name: told.get(name, "") for name in self.fields})

    @property
    def is_filled(self) -> bool:
        """Whether it says more than a country."""
        billing = self.billing()
        return bool(self.errors or billing.name or billing.company or billing.tax_id or billing.address)
