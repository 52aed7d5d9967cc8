"""Shapes of coupons in the API."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from courses.models import Course
from marketplace.lib.money import currency_choices
from marketplace.lib.rest import MoneyField

from ..models import Coupon
from .forms import MOST_COURSES, MOST_SEATS
from .terms import terms


class BroughtSerializer(serializers.Serializer):
    currency = serializers.CharField()
    orders = serializers.IntegerField()
    listed = MoneyField(help_text="At list prices.")
    discount = MoneyField()
    paid = MoneyField(help_text="What the buyers paid, tax included.")
    creators = MoneyField(help_text="The creators' shares of it.")
    refunded = MoneyField()


class CouponSerializer(serializers.ModelSerializer):
    """`value` is in basis points for `percent`, in minor units of `currency` for `amount` and `fixed_price`."""

    creator = serializers.CharField(source="creator.slug", default=None, help_text="Null: the platform's.")
    courses = serializers.SlugRelatedField("slug", many=True, read_only=True)
    words = serializers.CharField(help_text="What it does, in words.")
    most = MoneyField(allow_null=True, help_text="Off one order at most; about as much in another currency.")
    used = serializers.IntegerField(source="used_count")
    reserved = serializers.IntegerField(source="reserved_count")

    class Meta:
        model = Coupon
        fields = [
            "id", "code", "kind", "value", "currency", "words", "creator", "bearer", "courses", "starts_at", "ends_at",
            "cap_total", "cap_person", "min_amount_minor", "min_courses", "most", "used", "reserved", "made_at",
            "ended_at",
        ]  # fmt: skip
        read_only_fields = fields


class CouponDetailSerializer(CouponSerializer):
    brought = BroughtSerializer(many=True, help_text="What paid orders with this code brought, by currency.")

    class Meta(CouponSerializer.Meta):
        fields = [*CouponSerializer.Meta.fields, "brought"]
        read_only_fields = fields


class MakeCouponSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Coupon.Kind.choices)
    percent_bps = serializers.IntegerField(required=False, min_value=1, max_value=9_999)
    amount = MoneyField(required=False, help_text="Off the whole order, or the price of each course.")
    currency = serializers.ChoiceField(choices=currency_choices(), required=False)
    code = serializers.CharField(max_length=24, required=False, allow_blank=True)
    courses = serializers.SlugRelatedField(
        "slug", many=True, required=False, queryset=Course.objects.all(), help_text="Empty: for all."
    )
    starts_at = serializers.DateTimeField(required=False)
    ends_at = serializers.DateTimeField(required=False)
    cap_total = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MOST_SEATS)
    cap_person = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MOST_SEATS)
    min_amount = MoneyField(required=False)
    min_courses = serializers.IntegerField(required=False, min_value=1, max_value=MOST_COURSES)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        bps, amount, minimum, most = (asked.pop(name, None) for name in ("percent_bps", "amount", "min_amount", "most"))
        if any(money is not None and money.minor <= 0 for money in (amount, minimum, most)):
            raise serializers.ValidationError(_("An amount is more than zero."))
        told = terms(
            asked["kind"], percent_bps=bps, amount=amount, minimum=minimum, currency=asked.pop("currency", ""),
            most=most,
        )  # fmt: skip
        return {**asked, **told}


class MakePlatformCouponSerializer(MakeCouponSerializer):
    cap_total = serializers.IntegerField(min_value=1, max_value=MOST_SEATS, help_text="For how many orders it is.")
    most = MoneyField(
        required=False, help_text="Off one order at most. Required of every kind but `amount`, whose amount it is."
    )


class EndCouponSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
