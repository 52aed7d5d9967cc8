"""Shapes of payment by hand in the API."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError as Invalid
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.lib import images, links
from marketplace.lib.money import Money
from marketplace.lib.rest import MoneyField

from .. import bank_numbers
from ..models import ArrivalStep, HandPayment, HandRefund, PaymentWay, Refund
from .forms import QR_SIDE, account_of, has_come


class PaymentWaySerializer(serializers.ModelSerializer):
    """Where buyers may send money themselves."""

    qr_url = serializers.SerializerMethodField(help_text="A picture to scan; null without one.")

    class Meta:
        model = PaymentWay
        fields = [
            "code", "kind", "currency", "name_en", "name_zh", "holder", "account", "bank_code", "instructions_en",
            "instructions_zh", "qr_url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_qr_url(self, way: PaymentWay) -> str | None:
        return links.absolute(way.qr.url) if way.qr else None


class HandPaymentSerializer(serializers.ModelSerializer):
    """How an order is paid by hand: send exactly its total, with the reference, until it expires."""

    way = PaymentWaySerializer()
    until = serializers.DateTimeField(source="order.expires_at")

    class Meta:
        model = HandPayment
        fields = ["way", "reference", "until", "sent_at"]
        read_only_fields = fields


class OtherWaySerializer(serializers.Serializer):
    way = serializers.SlugField(
        allow_blank=True, max_length=40, help_text="The code of a way; empty for the provider's page."
    )


class FinanceWaySerializer(PaymentWaySerializer):
    """A version of a way. A change names the `version` that was read; without a picture the one that stands stays."""

    qr = serializers.FileField(write_only=True, required=False)
    reason = serializers.CharField(max_length=500)
    waits = serializers.BooleanField(
        read_only=True, help_text="For a second person's yes: until then buyers go by what stood before."
    )

    class Meta(PaymentWaySerializer.Meta):
        fields = [*PaymentWaySerializer.Meta.fields, "version", "is_on", "qr", "reason", "set_at", "waits"]
        read_only_fields = ["code", "qr_url", "version", "set_at"]

    def validate_qr(self, upload: Any) -> Any:
        try:
            return images.cleaned(upload, QR_SIDE)
        except Invalid as wrong:
            raise serializers.ValidationError(wrong.messages) from None

    def validate_bank_code(self, code: str) -> str:
        try:
            return bank_numbers.bank_code(code) if code else ""
        except Invalid as wrong:
            raise serializers.ValidationError(wrong.messages) from None

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        standing: Any = self.instance
        kind = told.get("kind") or standing.kind
        try:
            told["account"] = account_of(kind, told.get("account", standing.account if standing else ""))
        except Invalid as wrong:
            raise serializers.ValidationError({"account": wrong.messages}) from None
        if kind == PaymentWay.Kind.BANK and not told["account"]:
            raise serializers.ValidationError({"account": _("Say to which account buyers send the money.")})
        if kind != PaymentWay.Kind.BANK and "qr" not in told and not (standing and standing.qr):
            raise serializers.ValidationError({"qr": _("Buyers scan this: add the picture of the code.")})
        return told


class ChangeWaySerializer(FinanceWaySerializer):
    version = serializers.IntegerField(min_value=1, help_text="The one that you read.")

    class Meta(FinanceWaySerializer.Meta):
        read_only_fields = ["code", "kind", "currency", "qr_url", "set_at"]


class WayVerdictSerializer(serializers.Serializer):
    version = serializers.IntegerField(min_value=1, help_text="The one that you looked at.")
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class WayRefusalSerializer(WayVerdictSerializer):
    reason = serializers.CharField(max_length=500)


class NoteArrivalSerializer(serializers.Serializer):
    """What came in, as the bank shows it."""

    way = serializers.SlugRelatedField("code", queryset=PaymentWay.objects.none())
    received_on = serializers.DateField(validators=[has_come])
    amount = MoneyField()
    bank_reference = serializers.CharField(max_length=80, help_text="The bank's own: the same money is noted once.")
    payer = serializers.CharField(required=False, allow_blank=True, max_length=120, default="")
    text = serializers.CharField(
        required=False, allow_blank=True, max_length=200, default="",
        help_text="What the payer wrote; the payment reference is found in it.",
    )  # fmt: skip
    reference = serializers.CharField(
        required=False, allow_blank=True, max_length=40, default="", help_text="Where the payer's words do not hold it."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].queryset = PaymentWay.objects.standing()  # type: ignore[attr-defined]

    def validate_amount(self, amount: Money) -> Money:
        if amount.minor <= 0:
            raise serializers.ValidationError(_("What comes in is more than nothing."))
        return amount


class ArrivalSerializer(serializers.Serializer):
    """What came in and what became of it."""

    id = serializers.IntegerField(source="row.pk")
    way = serializers.CharField(source="row.way.code")
    received_on = serializers.DateField(source="row.received_on")
    amount = MoneyField(source="row.amount")
    bank_reference = serializers.CharField(source="row.bank_reference")
    payer = serializers.CharField(source="row.payer.name")
    text = serializers.CharField(source="row.payer.text")
    order = serializers.CharField(source="order.number", default=None, help_text="The order that it names.")
    state = serializers.ChoiceField(source="row.state", choices=ArrivalStep.State.choices)
    why = serializers.ChoiceField(
        source="row.why", choices=ArrivalStep.Why.choices, help_text="Why it pays no order; else empty."
    )
    noted_at = serializers.DateTimeField(source="row.noted_at")


class MatchSerializer(serializers.Serializer):
    reference = serializers.CharField(max_length=40, help_text="A payment reference or an order's number.")


class BankReferenceSerializer(serializers.Serializer):
    bank_reference = serializers.CharField(max_length=80)


class NothingSerializer(serializers.Serializer):
    """No words are needed."""


class HandRefundSerializer(serializers.ModelSerializer):
    """A refund that somebody sends from the bank."""

    order = serializers.CharField(source="order.number")
    amount = MoneyField()

    class Meta:
        model = Refund
        fields = ["id", "order", "amount", "requested_at"]
        read_only_fields = fields


class PayBackSerializer(serializers.ModelSerializer):
    class Meta:
        model = HandRefund
        fields = ["bank_reference", "sent_on", "at"]
        read_only_fields = ["at"]
        extra_kwargs: ClassVar = {"sent_on": {"validators": [has_come]}}


@extend_schema_field(HandPaymentSerializer(allow_null=True))
class ByHandField(serializers.Field):
    """Of an order that is, or was to be, paid by hand; null for every other."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, order: Any) -> Any:
        return HandPaymentSerializer(order.hand).data if order.hand else None
