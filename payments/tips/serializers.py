"""Shapes of tips in the API."""

from rest_framework import serializers

from marketplace.lib.rest import MoneyField


class TipTermsSerializer(serializers.Serializer):
    is_open = serializers.BooleanField(help_text="Whether you can give one now.")
    refusal = serializers.CharField(help_text="Why you cannot; else empty.")
    least = MoneyField(source="terms.least")
    most = MoneyField(source="terms.most")
    suggested = serializers.ListField(child=MoneyField(), source="terms.suggested")


class GiveTipSerializer(serializers.Serializer):
    amount = MoneyField(help_text="In the course's currency.")
    shows_name = serializers.BooleanField(default=False, help_text="Whether the creators see who gave it.")


class TakesTipsSerializer(serializers.Serializer):
    takes_tips = serializers.BooleanField()
