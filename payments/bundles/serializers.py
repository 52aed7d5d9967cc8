"""Shapes of bundles in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.models import Course
from marketplace.lib.rest import MoneyField

from .. import meter
from ..models import Bundle
from ..refund_serializers import MeterBeforeSerializer
from . import figures
from .offers import Offer
from .standing import Standing


class BundlePartSerializer(serializers.Serializer):
    course = serializers.CharField(source="course.slug")
    title = serializers.CharField(source="course.title")
    list = MoneyField(help_text="Its list price.")
    price = MoneyField(help_text="Its part of the bundle's price.")
    is_owned = serializers.BooleanField(help_text="In your library: you do not pay for it.")


class BundleSerializer(serializers.Serializer):
    slug = serializers.CharField(source="bundle.slug")
    title = serializers.CharField(source="bundle.title")
    words = serializers.CharField(source="bundle.words")
    creator = serializers.CharField(source="bundle.creator.slug")
    full_price = MoneyField(source="bundle.price", help_text="For who owns none of its courses.")
    price = MoneyField(help_text="What you would pay: the parts of the courses that you lack.")
    saved = MoneyField(help_text="Against the same courses one by one.")
    parts = BundlePartSerializer(many=True)
    refunds = serializers.SerializerMethodField(help_text="How money would come back of each course that you lack.")

    @extend_schema_field(MeterBeforeSerializer(many=True))
    def get_refunds(self, offer: Offer) -> Any:
        asked = {part.course.pk: part.price for part in offer.lacking}
        found = meter.before(self.context["buyer"], offer.courses, asked=asked)
        return MeterBeforeSerializer(found, many=True).data


class EarnedSerializer(serializers.Serializer):
    course = serializers.CharField(source="part.course.slug")
    list = MoneyField(source="part.list")
    price = MoneyField(source="part.price")
    income = MoneyField(help_text="Of the creators, by the present rule, before tax.")


class PriceRowSerializer(serializers.Serializer):
    price = MoneyField()
    set_at = serializers.DateTimeField()


class OwnBundleSerializer(serializers.ModelSerializer):
    price = MoneyField()
    courses = serializers.SerializerMethodField()
    standing = serializers.ChoiceField(source="standing.value", choices=[each.value for each in Standing])
    prices = PriceRowSerializer(many=True, help_text="Every price that it had, oldest first.")
    earned = serializers.SerializerMethodField(help_text="What each course gets of one sale.")

    class Meta:
        model = Bundle
        fields = [
            "slug", "title", "words", "price", "courses", "standing", "is_offered", "first_offered_at", "prices",
            "earned",
        ]  # fmt: skip
        read_only_fields = fields

    def get_courses(self, bundle: Bundle) -> list[str]:
        return [course.slug for course in bundle.courses]

    @extend_schema_field(EarnedSerializer(many=True))
    def get_earned(self, bundle: Bundle) -> Any:
        return EarnedSerializer(figures.earned(bundle), many=True).data


class MakeBundleSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=120)
    words = serializers.CharField(max_length=600, required=False, allow_blank=True, default="")
    courses = serializers.SlugRelatedField("slug", many=True, queryset=Course.objects.select_related("creator"))
    price = MoneyField()


class ChangeBundleSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=120, required=False)
    words = serializers.CharField(max_length=600, required=False, allow_blank=True)
    courses = serializers.SlugRelatedField(
        "slug", many=True, queryset=Course.objects.select_related("creator"), required=False,
        help_text="As long as it was never offered.",
    )  # fmt: skip
    price = MoneyField(required=False)


class WithdrawBundleSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


def shown(offer: Offer, buyer: Any) -> dict[str, Any]:
    """As `buyer` (who may be anonymous) may buy it."""
    return BundleSerializer(offer, context={"buyer": buyer}).data
