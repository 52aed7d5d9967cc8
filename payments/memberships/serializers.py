"""The shapes of memberships in the API."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.lib.rest import MoneyField

from ..models import Membership, MembershipMonth, MembershipOffer
from ..order_serializers import BillingSerializer
from ..refund_serializers import RefundRuleSerializer
from . import canceling, ending, shown, taking_back


class MembershipOfferSerializer(serializers.ModelSerializer):
    creator = serializers.CharField(source="creator.slug", default=None, allow_null=True, help_text="Null: the pass.")
    price = MoneyField(help_text="Of a month.")
    courses = serializers.SerializerMethodField(help_text="The courses that it opens now.")

    class Meta:
        model = MembershipOffer
        fields = ["creator", "name", "description", "price", "opens", "is_open", "chosen_at", "courses"]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_courses(self, offer: MembershipOffer) -> list[str]:
        return list(offer.courses().order_by("slug").values_list("slug", flat=True))


class ChooseMembershipSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=80)
    description = serializers.CharField(max_length=1_000, allow_blank=True, default="")
    price = MoneyField(help_text="Of a month, for new members.")
    opens = serializers.ChoiceField(choices=MembershipOffer.Opens.choices, default=MembershipOffer.Opens.ALL)
    is_open = serializers.BooleanField(help_text="Whether new members are taken.")


class ChoosePassSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=80)
    description = serializers.CharField(max_length=1_000, allow_blank=True, default="")
    price = MoneyField(help_text="Of a month, for new members.")
    is_open = serializers.BooleanField(help_text="Whether new members are taken.")


class MarkCourseSerializer(serializers.Serializer):
    in_membership = serializers.BooleanField(required=False, help_text="Whether your membership opens it, if chosen.")
    in_pass = serializers.BooleanField(required=False, help_text="Whether the pass of the whole site may open it.")


class CloseMembershipSerializer(serializers.Serializer):
    ends_at = serializers.DateTimeField(help_text="At least 30 days from now.")


class MembershipProposalSerializer(serializers.Serializer):
    offer = MembershipOfferSerializer()
    total = MoneyField(source="quote.total", help_text="Of a month, with tax.")
    tax = MoneyField(source="quote.tax")
    first_on = serializers.DateField()
    next_on = serializers.DateField(help_text="When the second month is taken.")
    refund_rule = RefundRuleSerializer(source="rule", help_text="Whole, within its days, up to its share watched.")


class StartMembershipSerializer(serializers.Serializer):
    creator = serializers.SlugField(required=False, allow_blank=True, default="", help_text="Empty: the pass.")
    total = MoneyField(help_text="A month, as you saw it; refused when it changed since.")
    first_on = serializers.DateField(help_text="The first day, as you saw it.")
    agrees = serializers.BooleanField(
        help_text="You let the provider keep the card of the first month, and each month be taken from it."
    )
    billing = BillingSerializer(required=False)

    def validate_agrees(self, agrees: bool) -> bool:
        if not agrees:
            raise serializers.ValidationError(_("Without this a membership cannot begin."))
        return agrees


class MembershipMonthSerializer(serializers.ModelSerializer):
    order = serializers.CharField(source="order.number")
    amount = MoneyField(source="order.total")

    class Meta:
        model = MembershipMonth
        fields = ["number", "starts_at", "ends_at", "paid_at", "order", "amount"]
        read_only_fields = fields


class MembershipSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="offer.name")
    creator = serializers.CharField(source="creator.slug", default=None, allow_null=True, help_text="Null: the pass.")
    price = MoneyField()

    class Meta:
        model = Membership
        fields = [
            "token", "name", "creator", "state", "price", "first_on", "agreed_at", "last_month", "paid_until",
            "next_at", "failed_tries", "paused_at", "canceled_at", "ended_at", "end_reason",
        ]  # fmt: skip
        read_only_fields = fields


class MembershipPageSerializer(MembershipSerializer):
    months = serializers.SerializerMethodField(help_text="The newest first.")
    refund = serializers.SerializerMethodField(help_text="What comes back of the newest month; null: nothing.")
    refund_until = serializers.SerializerMethodField(help_text="Until when, if no more is watched; null: nothing.")
    closes_at = serializers.SerializerMethodField(
        help_text="Its creator ends it: no month that begins then or later is taken. Null: she does not."
    )
    may_resume = serializers.SerializerMethodField(help_text="Whether a cancellation can be taken back now.")
    courses = serializers.SerializerMethodField(help_text="Those that it opened, and whether they are open now.")

    class Meta(MembershipSerializer.Meta):
        fields = [
            *MembershipSerializer.Meta.fields, "months", "refund", "refund_until", "closes_at", "may_resume", "courses",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(MembershipMonthSerializer(many=True))
    def get_months(self, membership: Membership) -> Any:
        return MembershipMonthSerializer(shown.months_of(membership), many=True).data

    @extend_schema_field(MoneyField(allow_null=True))
    def get_refund(self, membership: Membership) -> Any:
        meter = taking_back.of(membership)
        return meter.amount.as_json() if meter and meter.amount else None

    def get_refund_until(self, membership: Membership) -> datetime | None:
        meter = taking_back.of(membership)
        return meter.until if meter and meter.amount else None

    def get_closes_at(self, membership: Membership) -> datetime | None:
        closing = ending.closing_of(membership) if membership.is_live else None
        return closing.ends_at if closing else None

    def get_may_resume(self, membership: Membership) -> bool:
        return canceling.may_resume(membership)

    @extend_schema_field(serializers.DictField(child=serializers.BooleanField()))
    def get_courses(self, membership: Membership) -> dict[str, bool]:
        return {right.course.slug: not right.is_paused for right in shown.rights_of(membership)}


class FinanceMembershipSerializer(MembershipSerializer):
    member = serializers.CharField(source="member.email")

    class Meta(MembershipSerializer.Meta):
        fields = [*MembershipSerializer.Meta.fields, "member"]
        read_only_fields = fields


class TakeMonthBackSerializer(serializers.Serializer):
    amount = MoneyField(help_text="What you saw; refused when it is another by now.")
