"""Shapes of tax rates and billing data in the API."""

from typing import Any

from rest_framework import serializers

from creators import countries

from ..models import Billing, TaxRate
from ..models.tax_rate import MOST_BPS


class TaxRateSerializer(serializers.ModelSerializer):
    country = serializers.ChoiceField(choices=countries.choices()[1:], help_text="ISO 3166, upper case.")
    bps = serializers.IntegerField(min_value=0, max_value=MOST_BPS, help_text="Of the net, in hundredths of a percent.")
    starts_at = serializers.DateTimeField(required=False, help_text="Now, if left out. Never in the past.")

    class Meta:
        model = TaxRate
        fields = ["id", "country", "name", "bps", "starts_at", "introduced_at", "reason"]
        read_only_fields = ["introduced_at"]
        validators: list[Any] = []  # one start a country is the model's to refuse; a start may be left out


class BillingSerializer(serializers.Serializer):
    """To whom the invoice is made out. All may be left out; lines of the address are apart by newlines."""

    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    company = serializers.CharField(max_length=160, required=False, allow_blank=True)
    tax_id = serializers.CharField(max_length=40, required=False, allow_blank=True)
    address = serializers.CharField(max_length=500, required=False, allow_blank=True)
    country = serializers.ChoiceField(choices=countries.choices(), required=False, allow_blank=True)

    def validate(self, told: dict[str, Any]) -> Billing:
        return Billing(**told)
