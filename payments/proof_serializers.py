"""What the API tells of reconciliation."""

from rest_framework import serializers

from marketplace.lib.rest import MoneyField

from .models import ReconBreak


class BreakSerializer(serializers.ModelSerializer):
    """One thing on which our books and the provider disagree, since `found_at`."""

    amount = MoneyField(allow_null=True, read_only=True)
    is_old = serializers.BooleanField(read_only=True, help_text="Open for longer than a day.")

    class Meta:
        model = ReconBreak
        fields = ["kind", "key", "amount", "note", "found_at", "is_old"]
