"""Shapes of earnings, payouts and the books in the API."""

from rest_framework import serializers

from marketplace.lib.rest import MoneyField

from . import remarks
from .models import Payout, PayoutAccount, PayoutHold, PayoutSkip


class RemarkField(serializers.CharField):
    """What was noted where something does not fit, in the reader's language."""

    def to_representation(self, value: str) -> str:
        return remarks.said(value)


class CurrencyEarningsSerializer(serializers.Serializer):
    currency = serializers.CharField()
    pending = MoneyField()
    available = MoneyField(help_text="Below zero it is a debt: refunds took more than there was.")
    escrow = MoneyField(help_text="Waits for the verdict on a claim of copyright.")
    reserve = MoneyField()
    reserve_until = serializers.DateTimeField(allow_null=True, help_text="When the next part of it comes back.")
    in_transit = MoneyField()
    paid = MoneyField()
    coming = MoneyField(help_text="What becomes available until the next run.")
    going_back = MoneyField(help_text="What refunds on their way will take of it; it is not paid out.")
    claimed = MoneyField(help_text="What of it waits for a claim of copyright; it is not paid out.")
    next_amount = MoneyField(allow_null=True, help_text="What the next weekly run is expected to send.")
    obstacle = serializers.CharField(allow_null=True, help_text="A code: why the next run would send nothing.")
    why_not = serializers.CharField(help_text="The obstacle in words.")
    needs_approval = serializers.BooleanField(help_text="Whether a second person looks at it before it leaves.")


class StandingHoldSerializer(serializers.Serializer):
    """Why your payouts are held."""

    rule = serializers.ChoiceField(source="rule_code", choices=PayoutHold.Rule.choices)
    placed_at = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="When it ends by itself; null: when it is lifted.")
    words = serializers.CharField(source="cause")


class OverviewSerializer(serializers.Serializer):
    balances = CurrencyEarningsSerializer(source="currencies", many=True)
    payout_account = serializers.CharField(
        source="account.state",
        allow_null=True,
        default=None,
        help_text="Its state, or null: none yet.",
    )
    on_hold = serializers.BooleanField(source="is_held")
    hold = StandingHoldSerializer(allow_null=True)
    next_run_at = serializers.DateTimeField()


class PayoutAccountSerializer(serializers.Serializer):
    onboarding_url = serializers.URLField(source="url", help_text="The provider's own page; it can be opened once.")
    state = serializers.ChoiceField(source="account.state", choices=PayoutAccount.State.choices)


class PayoutSerializer(serializers.ModelSerializer):
    creator = serializers.CharField(source="creator.slug")
    amount = MoneyField()
    returned = MoneyField(help_text="What of it came back.")

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
            "returned",
        ]
        read_only_fields = fields


class DeskPayoutSerializer(PayoutSerializer):
    """With what people of finance must look at."""

    flag = RemarkField(source="flag_reason", help_text="What does not fit; empty: nothing that nobody has settled.")
    is_dead = serializers.BooleanField(help_text="The workers have given it up.")
    last_error = serializers.CharField(help_text="Why its last try failed.")

    class Meta(PayoutSerializer.Meta):
        fields = [*PayoutSerializer.Meta.fields, "flagged_at", "flag", "is_dead", "dead_at", "last_error"]
        read_only_fields = fields


class PayoutSkipSerializer(serializers.ModelSerializer):
    creator = serializers.CharField(source="creator.slug")
    available = MoneyField()
    words = serializers.CharField()

    class Meta:
        model = PayoutSkip
        fields = ["creator", "available", "reason", "words"]
        read_only_fields = fields


class OwnSkipSerializer(serializers.ModelSerializer):
    """A run that paid you nothing although you have a balance, and why."""

    as_of = serializers.DateTimeField(source="run.as_of")
    available = MoneyField()
    words = serializers.CharField()

    class Meta:
        model = PayoutSkip
        fields = ["run", "as_of", "available", "reason", "words"]
        read_only_fields = fields


class DeadWorkSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="For people.")
    label = serializers.CharField(help_text='For the address, as in "payments.refund".')
    key = serializers.CharField(source="row.pk")
    what = serializers.CharField(source="row.__str__")
    dead_at = serializers.DateTimeField(source="row.dead_at")
    last_error = serializers.CharField(source="row.last_error")
    is_money = serializers.BooleanField(help_text="Finance may let it be tried again.")


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
