"""What the API tells of reconciliation."""

from typing import Any

from rest_framework import serializers

from marketplace.lib.rest import MoneyField

from .models import ReconBreak
from .reconciliation import by_hand
from .serializers import RemarkField


class BreakSerializer(serializers.ModelSerializer):
    """One thing on which our books and the provider disagree, since `found_at`."""

    amount = MoneyField(allow_null=True, read_only=True)
    note = RemarkField(read_only=True)
    is_old = serializers.BooleanField(read_only=True, help_text="Open for longer than a day.")

    class Meta:
        model = ReconBreak
        fields = ["id", "kind", "key", "amount", "note", "found_at", "is_old", "resolved_at", "resolution"]


class SettleBreakSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=300)


class BookBreakSerializer(SettleBreakSerializer):
    account = serializers.ChoiceField(choices=[kind.value for kind in by_hand.ACCOUNTS])


class AgreementSerializer(serializers.Serializer):
    """One currency: our clearing, and what the provider says that it holds; null when it did not answer."""

    currency = serializers.CharField()
    ours = MoneyField()
    theirs = MoneyField(allow_null=True)
    difference = MoneyField(allow_null=True)


class BookCheckSerializer(serializers.Serializer):
    name = serializers.CharField(source="1.name")
    words = serializers.CharField(source="0")
    ran_at = serializers.DateTimeField(source="1.ran_at")
    breaks = serializers.IntegerField(source="1.breaks")


class ReconciliationSerializer(serializers.Serializer):
    agreements = AgreementSerializer(many=True)
    checks = BookCheckSerializer(many=True, help_text="The last result of each check of the books.")
    open_breaks = serializers.SerializerMethodField()
    waiting = serializers.IntegerField(help_text="Movements that no entry books yet.")
    compared_through = serializers.DateTimeField(source="through.through", default=None, allow_null=True)
    sealed_through = serializers.DateField(source="seal.day", default=None, allow_null=True)
    compared_at = serializers.DateTimeField(
        source="compared.through", default=None, allow_null=True, help_text="When the last whole comparison ended."
    )
    is_comparing = serializers.SerializerMethodField()
    asked_again_at = serializers.DateTimeField(
        source="unanswered.due_at", default=None, allow_null=True,
        help_text="The provider did not answer a comparison: when it is asked again by itself.",
    )  # fmt: skip

    def get_open_breaks(self, view: dict[str, Any]) -> int:
        return len(view["breaks"])

    def get_is_comparing(self, view: dict[str, Any]) -> bool:
        return view["comparing"] is not None
