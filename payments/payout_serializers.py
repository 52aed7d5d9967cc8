"""Shapes of payout runs, stops and reserves in the API."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers

from creators.models import Creator
from marketplace.lib import links
from marketplace.lib.money import currency_choices
from marketplace.lib.rest import MoneyField

from .models import BankAnswer, BankDetails, BankFile, BankOrder, PayoutHold, PayoutRun, PayoutStop, ReserveRule
from .models.reserve import MOST_BPS, MOST_DAYS


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500)


class PayoutRunSerializer(serializers.ModelSerializer):
    done_count = serializers.IntegerField()
    begun = serializers.ListField(child=MoneyField(), help_text="What it pays by currency.")
    sent_count = serializers.IntegerField()
    moving_count = serializers.IntegerField()
    waiting_count = serializers.IntegerField(help_text="Above the limit, not approved yet.")
    void_count = serializers.IntegerField()

    class Meta:
        model = PayoutRun
        fields = [
            "id", "book", "as_of", "started_at", "finished_at", "found_count", "done_count", "paid_count",
            "skipped_count", "begun", "sent_count", "moving_count", "waiting_count", "void_count",
        ]  # fmt: skip
        read_only_fields = fields


class PreviewSumSerializer(serializers.Serializer):
    currency = serializers.CharField()
    count = serializers.IntegerField()
    amount = MoneyField()


class PreviewDueSerializer(serializers.Serializer):
    creator = serializers.CharField(source="creator.slug")
    amount = MoneyField()
    rail = serializers.CharField(source="account.rail")
    needs_approval = serializers.BooleanField()


class PreviewPassedSerializer(serializers.Serializer):
    creator = serializers.CharField(source="creator.slug")
    available = MoneyField()
    reason = serializers.CharField()
    words = serializers.CharField(source="reason.label", help_text="The reason in words.")


class PayoutPreviewSerializer(serializers.Serializer):
    payouts = serializers.IntegerField(source="paid_count")
    to_approve = serializers.IntegerField()
    sums = PreviewSumSerializer(many=True)
    passed_over = serializers.IntegerField(source="skipped_count")
    reasons = serializers.DictField(source="skipped", child=serializers.IntegerField())
    due = PreviewDueSerializer(many=True, help_text="Who is paid; of many, the largest amounts.")
    passed = PreviewPassedSerializer(many=True, help_text="Who is passed over; of many, the largest amounts.")


class PayoutStopSerializer(serializers.ModelSerializer):
    currency = serializers.ChoiceField(
        choices=currency_choices(), allow_blank=True, default="", help_text="Empty: every currency."
    )

    class Meta:
        model = PayoutStop
        fields = ["id", "currency", "reason", "placed_at", "lifted_at", "lift_reason"]
        read_only_fields = ["id", "placed_at", "lifted_at", "lift_reason"]


class ReserveRuleSerializer(serializers.ModelSerializer):
    creator = serializers.SlugRelatedField(
        slug_field="slug", queryset=Creator.objects.all(), allow_null=True, required=False,
        help_text="Null: everybody without a rule of her own.",
    )  # fmt: skip
    bps = serializers.IntegerField(min_value=1, max_value=MOST_BPS, help_text="Hundredths of a percent of each share.")
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS)

    class Meta:
        model = ReserveRule
        fields = ["id", "creator", "bps", "days", "reason", "placed_at", "ended_at", "end_reason"]
        read_only_fields = ["id", "placed_at", "ended_at", "end_reason"]


class PayoutHoldSerializer(serializers.ModelSerializer):
    creator = serializers.SlugRelatedField(slug_field="slug", queryset=Creator.objects.all())
    rule = serializers.ChoiceField(source="rule_code", choices=PayoutHold.Rule.choices)

    class Meta:
        model = PayoutHold
        fields = ["id", "creator", "rule", "reason", "placed_at", "lifted_at", "lift_reason"]
        read_only_fields = ["id", "placed_at", "lifted_at", "lift_reason"]


class CurrencySerializer(serializers.Serializer):
    currency = serializers.ChoiceField(choices=currency_choices())


class BankFileSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="__str__")
    total = MoneyField()
    csv = serializers.SerializerMethodField(help_text="Where it is downloaded.")

    class Meta:
        model = BankFile
        fields = ["id", "name", "run", "orders_count", "total", "made_at", "csv"]
        read_only_fields = fields

    def get_csv(self, file: BankFile) -> str:
        return links.absolute(reverse("payments:bank_file", args=[file.pk, "csv"]))


class BankOrderSerializer(serializers.ModelSerializer):
    file = serializers.CharField()
    creator = serializers.CharField(source="payout.creator.slug")
    amount = MoneyField(source="payout.amount")
    end_to_end_id = serializers.CharField(source="payout.token", help_text="By which the bank's statement names it.")

    class Meta:
        model = BankOrder
        fields = ["id", "file", "payout", "creator", "amount", "end_to_end_id"]
        read_only_fields = fields


class BankAnswerSerializer(serializers.ModelSerializer):
    executed = serializers.BooleanField()

    class Meta:
        model = BankAnswer
        fields = ["order", "executed", "reference", "reason", "at"]
        read_only_fields = ["order", "at"]

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if not given["executed"] and not given.get("reason"):
            raise serializers.ValidationError({"reason": _("Say why the bank refused it: the creator reads it.")})
        return given


class BankDetailsSerializer(serializers.ModelSerializer):
    creator = serializers.CharField(source="account.creator.slug")

    class Meta:
        model = BankDetails
        fields = [
            "id", "creator", "holder", "number", "bank_code", "bank_name", "country", "given_at", "decided_at",
            "accepted", "decision_reason",
        ]  # fmt: skip
        read_only_fields = fields
