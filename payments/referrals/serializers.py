"""Shapes of links in the API."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.models import Course
from marketplace.lib.rest import MoneyField

from ..models import Referral
from .board import PromoterRow
from .figures import LinkRow


class ReferralSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="referral.pk")
    code = serializers.CharField(source="referral.code")
    address = serializers.URLField()
    kind = serializers.ChoiceField(source="referral.kind", choices=Referral.Kind.choices)
    course = serializers.CharField(source="referral.course.slug", default=None, help_text="Null: to all.")
    label = serializers.CharField(source="referral.label")
    made_at = serializers.DateTimeField(source="referral.made_at")
    ended_at = serializers.DateTimeField(source="referral.ended_at", allow_null=True)
    clicks = serializers.IntegerField(source="referral.clicks")
    sales = serializers.IntegerField()
    sold = serializers.SerializerMethodField(help_text="By currency, what the buyers paid.")
    earned = serializers.SerializerMethodField(help_text="By currency, less what was given back since.")

    @extend_schema_field(serializers.ListField(child=MoneyField()))
    def get_sold(self, row: LinkRow) -> list[dict[str, str]]:
        return [amount.as_json() for amount in row.sold.values()]

    @extend_schema_field(serializers.ListField(child=MoneyField()))
    def get_earned(self, row: LinkRow) -> list[dict[str, str]]:
        return [amount.as_json() for amount in row.earned.values()]


class MakeReferralSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Referral.Kind.choices)
    course = serializers.SlugRelatedField(
        "slug", required=False, allow_null=True, queryset=Course.objects.on_sale().select_related("creator")
    )
    label = serializers.CharField(max_length=60, required=False, allow_blank=True)


class PromoterRowSerializer(serializers.Serializer):
    creator = serializers.CharField(source="promoter.slug")
    name = serializers.CharField(source="promoter.name")
    sales = serializers.IntegerField(help_text="Also those that were given back since.")
    sold = serializers.SerializerMethodField(help_text="By currency, what the buyers paid.")
    earned = serializers.SerializerMethodField(help_text="By currency, less what was given back since.")

    @extend_schema_field(serializers.ListField(child=MoneyField()))
    def get_sold(self, row: PromoterRow) -> list[dict[str, str]]:
        return [amount.as_json() for amount in row.sold.values()]

    @extend_schema_field(serializers.ListField(child=MoneyField()))
    def get_earned(self, row: PromoterRow) -> list[dict[str, str]]:
        return [amount.as_json() for amount in row.earned.values()]


class PromotersSerializer(serializers.Serializer):
    allowed = serializers.BooleanField()
    board = PromoterRowSerializer(many=True, read_only=True, help_text="Who promoted your courses so far.")


class TierStepSerializer(serializers.Serializer):
    sales = serializers.IntegerField()
    affiliate_bps = serializers.IntegerField(source="bps")
    is_reached = serializers.BooleanField()


class PromoterTierSerializer(serializers.Serializer):
    rule_id = serializers.IntegerField(source="rule.pk", default=None, allow_null=True)
    days = serializers.IntegerField(default=None, allow_null=True, help_text="The tier counts sales of so many days.")
    sales = serializers.IntegerField(
        default=None, allow_null=True, help_text="Brought and kept; counted no further than the last tier asks."
    )
    affiliate_bps = serializers.IntegerField(source="bps", default=None, allow_null=True, help_text="Your part now.")
    missing = serializers.IntegerField(default=None, allow_null=True, help_text="Sales to the next tier; 0 at the top.")
    tiers = TierStepSerializer(source="steps", many=True, default=[])
