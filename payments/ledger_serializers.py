"""Shapes of the ledger's accounts and lines in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.lib.rest import MoneyField

from . import account_lines
from .models import LedgerAccount, LedgerPosting


class LedgerAccountSerializer(serializers.ModelSerializer):
    currency = serializers.CharField(read_only=True)
    owner = serializers.IntegerField(source="owner_id", allow_null=True, help_text="A creator's number.")
    balance = serializers.SerializerMethodField()

    class Meta:
        model = LedgerAccount
        fields = ["id", "book", "kind", "currency", "owner", "normal_side", "balance"]
        read_only_fields = fields

    @extend_schema_field(MoneyField())
    def get_balance(self, account: LedgerAccount) -> dict[str, str]:
        """In the account's normal direction."""
        return account.shown(account.amount_minor).as_json()


class OtherLineSerializer(serializers.ModelSerializer):
    account = serializers.IntegerField(source="account_id")
    kind = serializers.CharField(source="account.kind")
    amount = MoneyField(help_text="Debit positive.")

    class Meta:
        model = LedgerPosting
        fields = ["account", "kind", "amount"]
        read_only_fields = fields


class AccountLineSerializer(serializers.Serializer):
    """One line, and the first of the other lines of its entry."""

    id = serializers.IntegerField(source="posting.pk")
    key = serializers.CharField(source="posting.entry.idem_key", help_text="Names the event of money.")
    kind = serializers.CharField(source="posting.entry.kind")
    occurred_at = serializers.DateTimeField(source="posting.entry.occurred_at")
    debit = MoneyField(allow_null=True)
    credit = MoneyField(allow_null=True)
    others = OtherLineSerializer(many=True)
    has_more = serializers.BooleanField(help_text="The entry has further lines.")

    def to_representation(self, instance: LedgerPosting) -> dict[str, Any]:
        return super().to_representation(account_lines.line(instance))
