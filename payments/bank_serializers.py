"""Shapes of a creator's own bank account and of the ways out by currency in the API."""

from rest_framework import serializers

from creators import countries
from creators.models import Creator
from marketplace.lib.money import currency_choices
from marketplace.lib.rest import MoneyField

from . import bank_numbers
from .models import BankDetails, BankReturn, CurrencyRail, PayoutAccount, RailCode


class MaskedBankDetailsSerializer(serializers.ModelSerializer):
    number = serializers.CharField(source="tail", help_text="Its last four signs.")

    class Meta:
        model = BankDetails
        fields = ["id", "holder", "number", "bank_name", "country", "given_at", "accepted", "decision_reason"]
        read_only_fields = fields


class BankAccountSerializer(serializers.Serializer):
    may_give = serializers.BooleanField(help_text="Whether you are paid by bank order, or can be.")
    details = MaskedBankDetailsSerializer(many=True, help_text="The newest, and what stands before it.")


class GiveBankDetailsSerializer(serializers.Serializer):
    holder = serializers.CharField(max_length=70, help_text="As the bank knows you.")
    country = serializers.ChoiceField(choices=countries.choices()[1:], help_text="Of the bank; ISO 3166.")
    number = serializers.CharField(max_length=42, help_text="Account number or IBAN.")
    bank_code = serializers.CharField(max_length=16, help_text="BIC (SWIFT code) or bank code.")
    bank_name = serializers.CharField(max_length=70)

    def validate_number(self, text: str) -> str:
        return bank_numbers.account_number(text)

    def validate_bank_code(self, text: str) -> str:
        return bank_numbers.bank_code(text)


class BankReturnSerializer(serializers.ModelSerializer):
    """What somebody noted of a payout by bank that came back. `reason` is for its creator."""

    payout = serializers.IntegerField(source="order.payout_id", read_only=True)
    creator = serializers.CharField(source="order.payout.creator.slug", read_only=True)
    amount = MoneyField(source="order.payout.amount", read_only=True)

    class Meta:
        model = BankReturn
        fields = ["id", "payout", "creator", "amount", "kind", "reference", "reason", "noted_at"]
        read_only_fields = ["noted_at"]


class RailSerializer(serializers.ModelSerializer):
    """`rail`: the only one on which the currency leaves; empty for the one that each creator has."""

    currency = serializers.ChoiceField(choices=currency_choices())
    rail = serializers.ChoiceField(choices=RailCode.choices, allow_blank=True)

    class Meta:
        model = CurrencyRail
        fields = ["currency", "rail", "reason", "chosen_at"]
        read_only_fields = ["chosen_at"]


class TurnBackSerializer(serializers.ModelSerializer):
    """Whom finance pays through the provider again, and why; and where her money goes then."""

    creator = serializers.SlugRelatedField(slug_field="slug", queryset=Creator.objects.all())
    reason = serializers.CharField(max_length=500, write_only=True)

    class Meta:
        model = PayoutAccount
        fields = ["creator", "reason", "rail", "state", "rests_until"]
        read_only_fields = ["rail", "state", "rests_until"]


class WaySerializer(serializers.Serializer):
    way = RailSerializer(source="row")
    passed_over = serializers.IntegerField(help_text="Creators who have money of it and are paid another way.")
