"""Shapes of refunds and of the refund meter in the API."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.lib.rest import MoneyField

from .meter import Meter
from .models import Refund, RefundRule
from .refund_rule import Kind, Reason

REASONS = [reason.value for reason in Reason]


class RefundSerializer(serializers.ModelSerializer):
    amount = MoneyField()

    class Meta:
        model = Refund
        fields = ["id", "amount", "state", "cause", "ends_access", "requested_at", "settled_at", "came_back_at"]


class AskRefundSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)
    item = serializers.IntegerField(required=False, help_text="One item of the order; all that is left without it.")
    amount = MoneyField(required=False, help_text="A part of what is left of the item; all of it without.")
    ends_access = serializers.BooleanField(default=True, help_text="Whether the course goes back too.")


class AskSaleRefundSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)
    amount = MoneyField(required=False, help_text="A part of what is left of the sale; all of it without.")
    ends_access = serializers.BooleanField(default=True, help_text="Whether the course goes back too.")


class TakeBackSerializer(serializers.Serializer):
    amount = MoneyField(help_text="What the meter showed; if it has moved since, nothing happens.")


class RefundRuleSerializer(serializers.ModelSerializer):
    class Meta:
        model = RefundRule
        fields = ["whole_days", "whole_bps", "part_days", "part_bps"]


class RefundRuleVersionSerializer(RefundRuleSerializer):
    """A version of the rule: it holds for what is bought from `starts_at` on and before `ends_at`. Basis points are of
    the course's length; once it was completed nothing comes back.
    """

    ends_at = serializers.DateTimeField(allow_null=True, help_text="When the next version begins.")
    standing = serializers.ChoiceField(choices=["past", "present", "coming"])

    class Meta(RefundRuleSerializer.Meta):
        fields = ["id", "starts_at", "ends_at", "standing", *RefundRuleSerializer.Meta.fields, "reason"]


class MeterSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(source="offer.kind", choices=[kind.value for kind in Kind])
    amount = MoneyField(source="offer.amount", help_text="What comes back now.")
    price = MoneyField()
    reason = serializers.SerializerMethodField()
    until = serializers.DateTimeField(source="offer.until", allow_null=True, help_text="The last moment of this kind.")
    watched_s = serializers.IntegerField(source="watched.seconds", help_text="Unique seconds watched.")
    length_s = serializers.IntegerField(source="watched.length_s")
    watched_most_s = serializers.IntegerField(
        source="offer.watched_most_s", allow_null=True, help_text="The most seconds watched for this kind."
    )
    after_time = serializers.ChoiceField(source="offer.after_time", choices=[kind.value for kind in Kind])
    after_watching = serializers.ChoiceField(source="offer.after_watching", choices=[kind.value for kind in Kind])
    bought_at = serializers.DateTimeField()
    rule = RefundRuleSerializer()

    @extend_schema_field(serializers.ChoiceField(choices=REASONS))
    def get_reason(self, shown: Meter) -> str:
        return shown.offer.reason.value


class MeterBeforeSerializer(MeterSerializer):
    """What the meter would say if you bought it now. What you watch of a course before counts."""

    course = serializers.CharField(source="course.slug")
    bought_at = serializers.DateTimeField(help_text="Now: as if you had just bought it.")
