"""Shapes of tax rates and billing data in the API."""

from typing import Any

from rest_framework import serializers

from creators import countries
from marketplace.lib.rest import MoneyField

from ..models import Billing, TaxPayment, TaxRate
from ..models.tax_rate import MOST_BPS
from . import periods


class TaxRateSerializer(serializers.ModelSerializer):
    country = serializers.ChoiceField(choices=countries.choices()[1:], help_text="ISO 3166, upper case.")
    bps = serializers.IntegerField(min_value=0, max_value=MOST_BPS, help_text="Of the net, in hundredths of a percent.")
    starts_at = serializers.DateTimeField(required=False, help_text="Now, if left out. Never in the past.")

    class Meta:
        model = TaxRate
        fields = ["id", "country", "name", "bps", "starts_at", "introduced_at", "reason"]
        read_only_fields = ["introduced_at"]
        validators: list[Any] = []  # one start a country is the model's to refuse; a start may be left out


class TaxLineSerializer(serializers.Serializer):
    """A country's tax in one currency over the period."""

    country = serializers.CharField(help_text="ISO 3166; empty where the provider named none.")
    currency = serializers.CharField()
    opening = MoneyField()
    collected = MoneyField()
    given_back = MoneyField()
    paid = MoneyField(help_text="To the tax office, less what came back from it.")
    closing = MoneyField(help_text="What was owed at the period's end.")
    due = MoneyField(help_text="Of that, what was not paid since.")


class TaxSumSerializer(TaxLineSerializer):
    """All countries of a currency; `closing` is the balance of the ledger's account of tax."""

    country = None  # type: ignore[assignment]


class TaxOwedSerializer(serializers.Serializer):
    period = serializers.CharField(source="period.name")
    first_month = serializers.DateField(source="period.first")
    last_month = serializers.DateField(source="period.last")
    lines = TaxLineSerializer(many=True)
    sums = TaxSumSerializer(many=True)


class TaxPaymentSerializer(serializers.ModelSerializer):
    """What went to a tax office; below zero it came back."""

    amount = MoneyField()
    owed = MoneyField(help_text="What the country was owed just before.")
    paid_by = serializers.CharField(source="paid_by.name")

    class Meta:
        model = TaxPayment
        fields = [
            "id", "country", "amount", "owed", "period", "reference", "reason", "paid_on", "paid_by", "paid_at",
        ]  # fmt: skip


class NoteTaxPaymentSerializer(serializers.Serializer):
    country = serializers.ChoiceField(
        choices=countries.choices()[1:], allow_blank=True, help_text="ISO 3166; empty for tax of no known country."
    )
    amount = MoneyField()
    period = serializers.CharField(max_length=7, help_text="2026-11, 2026-Q4 or 2026.")
    reference = serializers.CharField(max_length=140)
    paid_on = serializers.DateField()
    is_back = serializers.BooleanField(default=False, help_text="It came back from the office, or was noted wrongly.")
    reason = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True,
        help_text="Why it came back, or why more is paid than is owed.",
    )  # fmt: skip

    def validate_period(self, told: str) -> str:
        try:
            return periods.named(told).name
        except periods.NoSuchPeriod as wrong:
            raise serializers.ValidationError(wrong.message) from wrong


class BillingSerializer(serializers.Serializer):
    """To whom the invoice is made out. All may be left out; lines of the address are apart by newlines."""

    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    company = serializers.CharField(max_length=160, required=False, allow_blank=True)
    tax_id = serializers.CharField(max_length=40, required=False, allow_blank=True)
    address = serializers.CharField(max_length=500, required=False, allow_blank=True)
    country = serializers.ChoiceField(choices=countries.choices(), required=False, allow_blank=True)

    def validate(self, told: dict[str, Any]) -> Billing:
        return Billing(**told)
