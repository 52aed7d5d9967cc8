"""The shapes of prices in parts."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.lib.rest import MoneyField

from ..models import InstalmentPlan
from ..order_serializers import BillingSerializer
from . import giving_back, schedule, shown


class InstalmentOfferSerializer(serializers.Serializer):
    months = serializers.IntegerField(min_value=0, max_value=schedule.MOST, help_text="Two to six parts; 0: none.")
    least_price = MoneyField(read_only=True, help_text="From which price on it counts.")
    is_possible = serializers.BooleanField(read_only=True, help_text="Whether buyers are shown it at today's price.")


class InstalmentSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    due_on = serializers.DateField()
    amount = MoneyField()


class InstalmentProposalSerializer(serializers.Serializer):
    total = MoneyField(source="quote.total")
    parts = serializers.SerializerMethodField()

    @extend_schema_field(InstalmentSerializer(many=True))
    def get_parts(self, proposal: Any) -> Any:
        rows = [{"number": number, "due_on": day, "amount": amount} for number, day, amount in proposal.rows]
        return InstalmentSerializer(rows, many=True).data


class StartInstalmentsSerializer(serializers.Serializer):
    course = serializers.SlugField()
    total = MoneyField(help_text="All parts together, as you saw it; refused when the price changed since.")
    months = serializers.IntegerField(min_value=schedule.FEWEST, help_text="How many parts you saw.")
    first_on = serializers.DateField(help_text="The day of the first part, as you saw it.")
    agrees = serializers.BooleanField(
        help_text="You let the provider keep the card of the first part, and the later parts be taken from it."
    )
    referral = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)
    billing = BillingSerializer(required=False)

    def validate_agrees(self, agrees: bool) -> bool:
        if not agrees:
            raise serializers.ValidationError(_("Without this only the whole price can be paid at once."))
        return agrees


class PayInstalmentsSerializer(serializers.Serializer):
    rest = serializers.BooleanField(default=False, help_text="All that is open, not the next part alone.")


class PaidInstalmentSerializer(InstalmentSerializer):
    state = serializers.ChoiceField(["paid", "next", "open", "canceled"])
    order = serializers.CharField(source="order.number", default=None, help_text="By which it was paid.")


class InstalmentPlanSerializer(serializers.ModelSerializer):
    course = serializers.CharField(source="course.slug")
    total = MoneyField()
    paid = MoneyField()
    open = MoneyField(help_text="Still to be paid; nothing where the plan has ended.")
    parts = serializers.SerializerMethodField()
    next_try_at = serializers.DateTimeField(source="next_at", allow_null=True)
    lapses_at = serializers.SerializerMethodField(help_text="When a paused plan ends if its part is not paid.")

    class Meta:
        model = InstalmentPlan
        fields = [
            "token", "course", "state", "total", "paid", "open", "parts", "failed_tries", "next_try_at", "lapses_at",
            "agreed_at", "ended_at", "end_reason",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_lapses_at(self, plan: InstalmentPlan) -> Any:
        pause = shown.pause_of(plan)
        return pause.lapses_at if pause else None

    @extend_schema_field(PaidInstalmentSerializer(many=True))
    def get_parts(self, plan: InstalmentPlan) -> Any:
        return PaidInstalmentSerializer(shown.parts_of(plan), many=True).data


class FinanceInstalmentPlanSerializer(InstalmentPlanSerializer):
    buyer = serializers.CharField(source="buyer.email")

    class Meta(InstalmentPlanSerializer.Meta):
        fields = [*InstalmentPlanSerializer.Meta.fields, "buyer"]
        read_only_fields = fields


class PaidPartSerializer(serializers.Serializer):
    """One order of a plan, and what can still be given back of it."""

    order = serializers.CharField(source="order.number")
    parts = serializers.CharField(source="order.parts_text", help_text='"2", or "2–6" of several.')
    paid = MoneyField(source="item.price")
    refunded = MoneyField(source="item.refunded", help_text="Or on its way back.")
    left = MoneyField()
    failed_refund = serializers.IntegerField(
        source="failed.refund.pk", default=None, help_text="What the provider refused, and nobody has given since."
    )
    is_held = serializers.BooleanField(help_text="The buyer's bank decides about it: nothing of it is given meanwhile.")


class OneFinancePlanSerializer(FinanceInstalmentPlanSerializer):
    left = serializers.SerializerMethodField(help_text="What can still be given back.")
    paid_parts = serializers.SerializerMethodField()

    class Meta(FinanceInstalmentPlanSerializer.Meta):
        fields = [*FinanceInstalmentPlanSerializer.Meta.fields, "left", "paid_parts"]
        read_only_fields = fields

    @extend_schema_field(MoneyField())
    def get_left(self, plan: InstalmentPlan) -> Any:
        return MoneyField().to_representation(giving_back.left_of(plan))

    @extend_schema_field(PaidPartSerializer(many=True))
    def get_paid_parts(self, plan: InstalmentPlan) -> Any:
        return PaidPartSerializer(giving_back.paid_parts(plan), many=True).data


class GiveBackSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)
    left = MoneyField(help_text="What you saw as left; if it has moved since, nothing happens.")
    amount = MoneyField(required=False, help_text="A sum of it, spread over the parts; all that is left without.")
    ends_access = serializers.BooleanField(
        default=True, help_text="Whether the course goes back too, and the open parts are canceled."
    )
