"""Shapes of disputes in the API."""

from rest_framework import serializers

from marketplace.lib.rest import MoneyField

from .dispute_forms import MOST
from .models import Dispute, DisputeEvidence


class DisputeAnswerSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="submitted_by.email")

    class Meta:
        model = DisputeEvidence
        fields = ["kind", "by", "at", "sent_at", "refused_at", "refusal", "fields"]
        read_only_fields = fields


class DisputeSerializer(serializers.ModelSerializer):
    order = serializers.CharField(source="order.number")
    amount = MoneyField()
    held = MoneyField(help_text="What the bank has of ours and nobody has given up.")
    lost = MoneyField()
    fee = MoneyField()
    answers = DisputeAnswerSerializer(many=True)

    class Meta:
        model = Dispute
        fields = [
            "id", "order", "provider_dispute_id", "charge_id", "reason", "state", "amount", "held", "lost", "fee",
            "evidence_due_at", "opened_at", "closed_at", "outcome", "settled_at", "answers",
        ]  # fmt: skip
        read_only_fields = fields


def _text() -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=MOST)


class EvidenceSerializer(serializers.Serializer):
    """The provider's names; what is left out is not said."""

    uncategorized_text = _text()
    access_activity_log = _text()
    product_description = _text()
    customer_name = _text()
    customer_email_address = _text()
    service_date = _text()
    refund_policy_disclosure = _text()
    refund_refusal_explanation = _text()
    duplicate_charge_explanation = _text()


class AcceptSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)
