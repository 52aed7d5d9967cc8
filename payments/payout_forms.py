"""Forms of the payout desk and of bank details: the shape of input, no rules."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from creators import countries
from creators.models import Creator
from marketplace.lib.money import currency_choices

from . import bank_numbers
from .models import BankReturn, RailCode
from .models.reserve import MOST_BPS, MOST_DAYS


class ReasonForm(forms.Form):
    """Why, in a sentence for the record. Many of these stand on one page, so its control has no id of its own."""

    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=False, **kwargs)


class ApprovalForm(ReasonForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


class StopForm(forms.Form):
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[("", _("Every currency")), *currency_choices()], required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)


class RailForm(forms.Form):
    """On which way out a currency leaves."""

    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices())
    rail = forms.ChoiceField(
        label=_("Way out"), choices=[("", _("The one that each creator has")), *RailCode.choices], required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)


class ReserveForm(forms.Form):
    creator = forms.ModelChoiceField(
        label=_("Creator"),
        help_text=_("The last part of the address of the creator's page. Empty: everybody without a rule of her own."),
        queryset=Creator.objects.all(),
        to_field_name="slug",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid_choice": _("There is no creator of this address.")},
    )
    percent = forms.DecimalField(
        label=_("Percent of each share"),
        min_value=Decimal("0.01"),
        max_value=Decimal(MOST_BPS).scaleb(-2),
        decimal_places=2,
    )
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=MOST_DAYS)
    reason = forms.CharField(label=_("Reason"), max_length=500)

    @property
    def verb(self) -> dict[str, Any]:
        """What ReserveRule.objects.place is asked with."""
        given = self.cleaned_data
        return {
            "creator": given["creator"], "bps": int(given["percent"] * 100), "days": given["days"],
            "reason": given["reason"],
        }  # fmt: skip


class TurnBackForm(forms.Form):
    """Whom finance pays through the provider again, and why."""

    creator = forms.ModelChoiceField(
        label=_("Creator"),
        help_text=_("The last part of the address of the creator's page."),
        queryset=Creator.objects.all(),
        to_field_name="slug",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid_choice": _("There is no creator of this address.")},
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Another form of the same page asks for a creator, too.
        super().__init__(*args, auto_id="back_%s", **kwargs)


class BankFileForm(forms.Form):
    currency = forms.ChoiceField(choices=currency_choices())


class BankAnswerForm(forms.Form):
    """What the bank did of one order."""

    executed = forms.TypedChoiceField(
        label=_("The bank"),
        choices=[("1", _("carried it out")), ("0", _("refused it"))],
        coerce=lambda said: said == "1",
    )
    reference = forms.CharField(label=_("The bank's reference"), max_length=140)
    reason = forms.CharField(label=_("Why it was refused"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=False, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("executed") is False and not given.get("reason"):
            self.add_error("reason", _("Say why the bank refused it: the creator reads it."))
        return given


class BankReturnForm(forms.Form):
    """What the bank says of an order after it was written down as carried out."""

    kind = forms.ChoiceField(label=_("What happened"), choices=BankReturn.Kind.choices)
    reference = forms.CharField(label=_("The bank's reference"), max_length=140)
    reason = forms.CharField(label=_("Why"), max_length=500, help_text=_("The creator reads it."))


class BankDetailsForm(forms.Form):
    holder = forms.CharField(label=_("Account holder"), max_length=70, help_text=_("As the bank knows you."))
    country = forms.ChoiceField(label=_("Country of the bank"), choices=countries.choices)
    number = forms.CharField(label=_("Account number or IBAN"), max_length=42)
    bank_code = forms.CharField(label=_("BIC (SWIFT code) or bank code"), max_length=16)
    bank_name = forms.CharField(label=_("Bank"), max_length=70)

    def clean_number(self) -> str:
        return bank_numbers.account_number(self.cleaned_data["number"])

    def clean_bank_code(self) -> str:
        return bank_numbers.bank_code(self.cleaned_data["bank_code"])
