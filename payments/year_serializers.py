"""Shapes of years and tax details in the API."""

from django.core.exceptions import ValidationError as Refused
from rest_framework import serializers

from creators import countries
from marketplace.lib.rest import MoneyField

from .models import TaxIdentity
from .models.tax_identity import TaxDetails
from .year_forms import number
from .years import page


class TaxDetailsSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=TaxIdentity.Kind.choices)
    legal_name = serializers.CharField(max_length=200)
    country = serializers.CharField(max_length=2, help_text="ISO 3166, upper case.")
    tax_number = serializers.CharField(max_length=40, allow_blank=True, default="")
    vat_id = serializers.CharField(max_length=40, allow_blank=True, default="")
    address = serializers.CharField(max_length=500)

    def validate_country(self, code: str) -> str:
        if code not in dict(countries.choices()):
            raise serializers.ValidationError(code="country")
        return code

    def validate_tax_number(self, text: str) -> str:
        return _number(text)

    def validate_vat_id(self, text: str) -> str:
        return _number(text)

    @property
    def details(self) -> TaxDetails:
        return TaxDetails(**self.validated_data)


def _number(text: str) -> str:
    try:
        return number(text)
    except Refused as refused:
        raise serializers.ValidationError(refused.messages) from refused


class YearLineSerializer(serializers.Serializer):
    name = serializers.CharField()
    words = serializers.CharField(source="label")
    quarters = serializers.ListField(child=MoneyField())
    total = MoneyField()


class YearReportSerializer(serializers.Serializer):
    """One version of your year in one currency."""

    id = serializers.IntegerField(source="report.pk")
    year = serializers.IntegerField(source="report.year")
    currency = serializers.CharField(source="report.currency")
    version = serializers.IntegerField(source="report.version")
    is_newest = serializers.BooleanField()
    reason = serializers.CharField(source="report.reason", help_text="Why it corrects the version before.")
    issued_at = serializers.DateTimeField(source="report.issued_at")
    hash = serializers.CharField(source="report.hash")
    sales = serializers.ListField(child=serializers.IntegerField())
    lines = YearLineSerializer(many=True)


class YearSerializer(serializers.Serializer):
    """A year as finance sees it."""

    year = serializers.IntegerField()
    open_months = serializers.SerializerMethodField()
    reports = serializers.IntegerField()
    lacking = serializers.SerializerMethodField(help_text="Whose tax number is missing, by the creator's address.")
    is_under_way = serializers.SerializerMethodField()

    def get_open_months(self, shown: page.Year) -> list[str]:
        return [f"{month:%Y-%m}" for month in shown.open_months]

    def get_lacking(self, shown: page.Year) -> list[str]:
        return [creator.slug for creator in shown.lacking]

    def get_is_under_way(self, shown: page.Year) -> bool:
        return shown.under_way is not None


class YearRoundSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")
