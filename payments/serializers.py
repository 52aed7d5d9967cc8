"""Shapes of earnings, payouts and the books in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.lib.rest import MoneyField

from .earnings import Sale
from .models import Payout, PayoutAccount, PayoutSkip


class CurrencyEarningsSerializer(serializers.Serializer):
    currency = serializers.CharField()
    pending = MoneyField()
    available = MoneyField()
    in_transit = MoneyField()
    paid = MoneyField()
    next_amount = MoneyField(allow_null=True, help_text="What the next weekly run is expected to send.")
    obstacle = serializers.CharField(allow_null=True, help_text="A code: why the next run would send nothing.")
    why_not = serializers.CharField(help_text="The obstacle in words.")


class OverviewSerializer(serializers.Serializer):
    balances = CurrencyEarningsSerializer(source="currencies", many=True)
    payout_account = serializers.CharField(
        source="account.state",
        allow_null=True,
        default=None,
        help_text="Its state, or null: none yet.",
    )
    on_hold = serializers.BooleanField(source="is_held")
    next_run_at = serializers.DateTimeField()


class StepSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="sale, pending, available, paid or refunded.")
    label = serializers.CharField()
    state = serializers.ChoiceField(choices=["done", "now", "todo", "bad"])
    at = serializers.DateTimeField(allow_null=True, help_text="When it was reached; for todo, when it is expected.")


class SaleSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    order = serializers.CharField(source="order.number")
    course = serializers.CharField(source="course.slug")
    title = serializers.CharField()
    price = MoneyField()
    platform_fee = MoneyField(source="platform_share")
    rule = serializers.CharField(source="rule.label")
    creator_share = MoneyField()
    state = serializers.SerializerMethodField()
    timeline = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=["pending", "available", "in_transit", "paid", "refunded"]))
    def get_state(self, item: Any) -> str:
        return Sale(item).state

    @extend_schema_field(StepSerializer(many=True))
    def get_timeline(self, item: Any) -> list[dict[str, Any]]:
        return StepSerializer(Sale(item).steps, many=True).data


class PayoutAccountSerializer(serializers.Serializer):
    onboarding_url = serializers.URLField(source="url", help_text="The provider's own page; it can be opened once.")
    state = serializers.ChoiceField(source="account.state", choices=PayoutAccount.State.choices)


class PayoutSerializer(serializers.ModelSerializer):
    creator = serializers.CharField(source="creator.slug")
    amount = MoneyField()

    class Meta:
        model = Payout
        fields = [
            "id",
            "run",
            "creator",
            "amount",
            "state",
            "rail",
            "transfer_id",
            "created_at",
            "sent_at",
            "void_at",
            "failure_code",
            "failure_text",
        ]
        read_only_fields = fields


class PayoutSkipSerializer(serializers.ModelSerializer):
    creator = serializers.CharField(source="creator.slug")
    available = MoneyField()
    words = serializers.CharField()

    class Meta:
        model = PayoutSkip
        fields = ["creator", "available", "reason", "words"]
        read_only_fields = fields


class TrialRowSerializer(serializers.Serializer):
    kind = serializers.CharField()
    debit = MoneyField()
    credit = MoneyField()


class TrialBalanceSerializer(serializers.Serializer):
    book = serializers.CharField()
    currency = serializers.CharField()
    debit = MoneyField()
    credit = MoneyField()
    total = MoneyField(source="difference", help_text="Debit less credit: zero, or the ledger is broken.")
    rows = TrialRowSerializer(many=True)


class TrialBalancesSerializer(serializers.Serializer):
    totals = TrialBalanceSerializer(many=True)
