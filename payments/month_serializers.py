"""Shapes of months in the API."""

from rest_framework import serializers

from marketplace.lib.rest import MoneyField

from .closing.obstacles import Obstacle
from .closing.page import Month, Shown
from .serializers import RemarkField


class ObstacleSerializer(serializers.Serializer):
    """What is in the way of closing a month, and what to do about it."""

    code = serializers.CharField()
    words = serializers.SerializerMethodField()
    yields_to_a_reason = serializers.BooleanField()

    def get_words(self, found: Obstacle) -> str:
        return str(found)


class MonthStandingSerializer(serializers.Serializer):
    month = serializers.SerializerMethodField(help_text="YYYY-MM, UTC.")
    is_over = serializers.BooleanField(source="standing.is_over")
    closed_at = serializers.DateTimeField(source="standing.close.closed_at", default=None, allow_null=True)
    hash = serializers.CharField(source="standing.close.hash", default=None, allow_null=True)
    obstacles = ObstacleSerializer(many=True, help_text="Of the month that comes next.")

    def get_month(self, shown: Shown) -> str:
        return f"{shown.standing.month:%Y-%m}"


class MonthFigureSerializer(serializers.Serializer):
    name = serializers.CharField()
    words = serializers.CharField(source="label")
    amount = MoneyField()


class MonthAccountSerializer(serializers.Serializer):
    account = serializers.CharField(source="kind")
    opening = MoneyField()
    debits = MoneyField()
    credits = MoneyField()
    closing = MoneyField(help_text="Like the opening balance in the account's normal direction.")


class MonthCurrencySerializer(serializers.Serializer):
    currency = serializers.CharField()
    figures = MonthFigureSerializer(many=True)
    accounts = MonthAccountSerializer(many=True)


class MonthBreakSerializer(serializers.Serializer):
    kind = serializers.CharField()
    key = serializers.CharField()
    amount = MoneyField(allow_null=True)
    note = RemarkField()


class MonthSerializer(serializers.Serializer):
    """A closed month's frozen report, or what closing it would freeze and what is in the way."""

    month = serializers.SerializerMethodField(help_text="YYYY-MM, UTC.")
    closed_at = serializers.DateTimeField(source="close.closed_at", default=None, allow_null=True)
    hash = serializers.CharField(source="close.hash", default=None, allow_null=True)
    content = serializers.CharField(
        source="close.content", default=None, allow_null=True, help_text="The text of which the hash is made."
    )
    note = serializers.CharField(source="close.note", default="")
    reason = serializers.CharField(source="close.reason", default="")
    entries = serializers.IntegerField(source="report.entries")
    seal = serializers.CharField(source="report.seal", help_text="The chain's hash at the month's last day.")
    currencies = MonthCurrencySerializer(source="report.currencies", many=True)
    breaks = MonthBreakSerializer(source="report.breaks", many=True)
    obstacles = ObstacleSerializer(many=True)
    is_closable = serializers.BooleanField()

    def get_month(self, found: Month) -> str:
        return f"{found.month:%Y-%m}"


class CloseMonthSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    reason = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True,
        help_text="Why it is closed although the provider's list differs in something.",
    )  # fmt: skip
