"""Shapes of the sandbox's console in the API."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from marketplace.lib.money import Money
from marketplace.lib.rest import MoneyField

from .sandbox import console, desk
from .sandbox.models import SandboxEvent, SandboxFault
from .sandbox.models.dispute import REASONS


class ChargeActSerializer(serializers.Serializer):
    act = serializers.ChoiceField(choices=desk.ON_A_CHARGE)
    amount = MoneyField(required=False, help_text="By default all that is left, in the charge's currency.")
    reason = serializers.ChoiceField(choices=REASONS, default=REASONS[0])

    def validate_amount(self, amount: Money) -> Money:
        if amount.currency != self.context["currency"]:
            raise serializers.ValidationError(_("The charge is in another currency."))
        return amount


class DisputeActSerializer(serializers.Serializer):
    act = serializers.ChoiceField(choices=desk.ON_A_DISPUTE)


class BankSerializer(serializers.Serializer):
    id = serializers.CharField(source="pk", help_text="Of the dispute, or of the refund.")
    status = serializers.SerializerMethodField()

    def get_status(self, thing: Any) -> str:
        return str(thing.as_stripe()["status"])


class FaultSerializer(serializers.ModelSerializer):
    operation = serializers.CharField(max_length=60, help_text='For example "refunds.create", or "*" for every call.')
    remaining = serializers.IntegerField(min_value=1, max_value=20, default=1)

    class Meta:
        model = SandboxFault
        fields = ["id", "operation", "mode", "remaining"]

    def validate_operation(self, name: str) -> str:
        if name != "*" and not any(name in names for _about, names in console.grouped_operations()):
            raise serializers.ValidationError(_("There is no such call."))
        return name


class WeatherSerializer(serializers.Serializer):
    drop_percent = serializers.IntegerField(min_value=0, max_value=100, default=0)
    copies = serializers.IntegerField(min_value=1, max_value=20, default=1)
    delay_s = serializers.IntegerField(min_value=0, max_value=86_400, default=0)
    is_shuffled = serializers.BooleanField(default=False)


class SandboxEventSerializer(serializers.ModelSerializer):
    """One event of the provider. Lost: dropped, or given up after its tries."""

    class Meta:
        model = SandboxEvent
        fields = ["id", "type", "created", "attempts", "finished_at", "dropped_at", "dead_at"]
        read_only_fields = fields


class EventsActSerializer(serializers.Serializer):
    act = serializers.ChoiceField(choices=console.ON_EVENTS)
    events = serializers.ListField(child=serializers.CharField(max_length=80), max_length=200, default=list)
    every = serializers.ChoiceField(choices=["", "waiting", "lost"], default="", help_text="Instead of ids.")


class DoneSerializer(serializers.Serializer):
    done = serializers.IntegerField(help_text="How many.")
