"""The shape of a new rule of sharing, and of the public calculator's question."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError
from marketplace.lib.money import CURRENCIES, Money, currency_choices

from .models import RuleCode
from .models.revenue_rule import MOST_REMEMBERED_DAYS, REMEMBERED_DAYS, must_fit
from .rules import Terms
from .tiers import MOST_DAYS, MOST_SALES, MOST_TIERS, Tiers

MOST_FIXED = 1_000_000
MOST_TAX = 50


class PercentField(forms.DecimalField):
    """A percentage with two places at most; its value is in basis points."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 100, "decimal_places": 2, **kwargs})

    def clean(self, value: Any) -> Any:
        percent: Decimal | None = super().clean(value)
        return 0 if percent is None else int(percent * 100)


class TiersField(forms.CharField):
    """One tier a line, "20 = 12.5": from so many sales on, so many percent. Its value: (sales, basis points) each."""

    def __init__(self, **kwargs: Any) -> None:
        rows = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
        super().__init__(**{"max_length": 200, "required": False, "widget": rows, **kwargs})

    def clean(self, value: Any) -> Any:
        lines = [line for line in str(super().clean(value)).splitlines() if line.strip()]
        if len(lines) > MOST_TIERS:
            raise forms.ValidationError(_("At most %(most)d tiers.") % {"most": MOST_TIERS})
        return tuple(self._tier(line) for line in lines)

    def _tier(self, line: str) -> tuple[int, int]:
        told = re.fullmatch(r"\s*([0-9]{1,5})\s*[=:：]\s*([0-9]{1,2}(?:\.[0-9]{1,2})?)\s*%?\s*", line)
        if told is None or int(told[1]) > MOST_SALES:
            raise forms.ValidationError(_("“%(line)s” is no tier. Write, for example: 20 = 12.5") % {"line": line})
        return int(told[1]), int(Decimal(told[2]) * 100)


class RuleForm(forms.Form):
    code = forms.ChoiceField(label=_("How the buyer came"), choices=RuleCode.choices)
    starts_at = forms.DateTimeField(
        label=_("Holds from"),
        help_text=_("In your time zone. Sales before keep the rule that they have."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    platform_percent = PercentField(label=_("The site keeps, %"))
    fixed_minor = forms.IntegerField(
        label=_("The site keeps besides, in minor units"),
        help_text=_("Of the sale's own currency: cents, fen, yen. Usually nothing."),
        min_value=0,
        max_value=MOST_FIXED,
        required=False,
    )
    affiliate_percent = PercentField(
        label=_("The promoter gets, %"), help_text=_("For a promoter's link only."), required=False
    )
    remembered_days = forms.IntegerField(
        label=_("A link counts for, days"), help_text=_("After it was followed. Empty: 30."), min_value=1,
        max_value=MOST_REMEMBERED_DAYS, required=False,
    )  # fmt: skip
    tier_days = forms.IntegerField(
        label=_("Tiers count sales of the last, days"), help_text=_("For a promoter's link only."), min_value=1,
        max_value=MOST_DAYS, required=False,
    )  # fmt: skip
    tiers = TiersField(
        label=_("Tiers of promoters"),
        help_text=_(
            "One a line, sales = percent: “20 = 12.5”. Who brought so many gets that part. "
            "An order is one sale, and counts while nothing of it was given back."
        ),
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if {"code", "platform_percent", "affiliate_percent", "tiers", "tier_days"} <= told.keys():
            tiers = Tiers(told["tier_days"] or 0, told["tiers"])
            try:
                must_fit(told["code"], told["platform_percent"], told["affiliate_percent"], tiers)
            except DomainError as refusal:
                raise forms.ValidationError(str(refusal)) from None
        return told

    @property
    def terms(self) -> Terms:
        """What was asked for; only of a form that is valid."""
        told = self.cleaned_data
        return Terms(
            code=told["code"], starts_at=told["starts_at"], platform_bps=told["platform_percent"],
            fixed_minor=told["fixed_minor"] or 0, affiliate_bps=told["affiliate_percent"],
            remembered_days=told["remembered_days"] or REMEMBERED_DAYS,
            tiers=Tiers(told["tier_days"] or 0, told["tiers"]),
        )  # fmt: skip


class IntroduceForm(RuleForm):
    reason = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("Creators read it in the mail that announces the rule.")
    )


class CalculatorForm(forms.Form):
    """One amount, read in either direction."""

    PAYS, GETS = "pays", "gets"

    direction = forms.ChoiceField(
        label=_("Reckon from"),
        choices=[(PAYS, _("what a learner pays")), (GETS, _("what I want to get"))],
    )
    amount = forms.CharField(label=_("Amount"), max_length=20)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices())
    tax = PercentField(label=_("Tax in the price, %"), max_value=MOST_TAX, required=False)

    @classmethod
    def example(cls) -> dict[str, str]:
        """What the page answers before anybody has asked."""
        return {"direction": cls.PAYS, "amount": "19.99", "currency": "USD", "tax": ""}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if {"amount", "currency"} <= told.keys():
            try:
                told["money"] = _payable(Money.parse(told["amount"], told["currency"]))
            except DomainError as refusal:
                self.add_error("amount", str(refusal))
        return told


def _payable(amount: Money) -> Money:
    most = Money(CURRENCIES[amount.currency].max_charge, amount.currency)
    if not 0 <= amount.minor <= most.minor:
        raise forms.ValidationError({"amount": _("Write an amount up to %(most)s.") % {"most": most.format()}})
    return amount
