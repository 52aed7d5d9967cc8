"""Shapes of the rules of sharing and of their simulation in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.lib.errors import DomainError
from marketplace.lib.rest import MoneyField

from .models import RevenueRule, RuleCode
from .models.revenue_rule import MOST_REMEMBERED_DAYS, REMEMBERED_DAYS, must_fit
from .rule_forms import MOST_FIXED
from .rules import Terms
from .tiers import MOST_DAYS, MOST_SALES, Tiers


class TierSerializer(serializers.Serializer):
    sales = serializers.IntegerField(
        min_value=1, max_value=MOST_SALES, help_text="Brought in the rule's days, and kept; an order is one."
    )
    affiliate_bps = serializers.IntegerField(min_value=1, max_value=10_000, help_text="In place of the rule's own.")


class RevenueRuleSerializer(serializers.ModelSerializer):
    label = serializers.CharField(help_text="In words.")  # type: ignore[assignment]
    tiers = serializers.SerializerMethodField(help_text="Of promoters, from the lowest; empty: there are none.")

    @extend_schema_field(TierSerializer(many=True))
    def get_tiers(self, rule: RevenueRule) -> list[dict[str, int]]:
        return [{"sales": sales, "affiliate_bps": bps} for sales, bps in rule.tiers.steps]

    class Meta:
        model = RevenueRule
        fields = [
            "id",
            "code",
            "label",
            "starts_at",
            "platform_bps",
            "fixed_minor",
            "affiliate_bps",
            "remembered_days",
            "tier_days",
            "tiers",
            "reason",
        ]
        read_only_fields = fields


class TermsSerializer(serializers.Serializer):
    code = serializers.ChoiceField(choices=RuleCode.choices)
    starts_at = serializers.DateTimeField()
    platform_bps = serializers.IntegerField(min_value=0, max_value=10_000)
    fixed_minor = serializers.IntegerField(min_value=0, max_value=MOST_FIXED, default=0)
    affiliate_bps = serializers.IntegerField(min_value=0, max_value=10_000, default=0)
    remembered_days = serializers.IntegerField(
        min_value=1, max_value=MOST_REMEMBERED_DAYS, default=REMEMBERED_DAYS,
        help_text="For so long after it was followed a link counts; means nothing for a marketplace sale.",
    )  # fmt: skip

    tier_days = serializers.IntegerField(
        min_value=0, max_value=MOST_DAYS, default=0, help_text="Tiers count sales of so many days; 0 without tiers."
    )
    tiers = TierSerializer(many=True, required=False, help_text="For a promoter's link: rising in both.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        steps = tuple((tier["sales"], tier["affiliate_bps"]) for tier in attrs.get("tiers", []))
        attrs["tiers"] = Tiers(attrs.pop("tier_days"), steps)
        try:
            must_fit(attrs["code"], attrs["platform_bps"], attrs["affiliate_bps"], attrs["tiers"])
        except DomainError as refusal:
            raise serializers.ValidationError(str(refusal)) from None
        return attrs

    @property
    def terms(self) -> Terms:
        told = self.validated_data
        return Terms(**{name: told[name] for name in Terms.__dataclass_fields__})


class NewRuleSerializer(TermsSerializer):
    reason = serializers.CharField(max_length=500)


class RulePartsSerializer(serializers.Serializer):
    platform = MoneyField()
    affiliate = MoneyField()
    creators = MoneyField()


class AffectedCreatorSerializer(serializers.Serializer):
    creator = serializers.CharField(source="creator.slug")
    sales = serializers.IntegerField()
    change = MoneyField()


class RuleEffectSerializer(serializers.Serializer):
    currency = serializers.CharField()
    sales = serializers.IntegerField()
    creators = serializers.IntegerField()
    old = RulePartsSerializer()
    new = RulePartsSerializer()
    platform_change = MoneyField()
    creators_change = MoneyField()
    most_affected = AffectedCreatorSerializer(many=True)


class RuleEffectsSerializer(serializers.Serializer):
    effects = RuleEffectSerializer(many=True)
    pass_months_left_out = serializers.IntegerField(
        help_text="Months of the pass in that time: nobody's part of them is known when they are sold."
    )
