"""The shapes of the pool in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.lib.rest import MoneyField

from ..models import PoolDivision, Role
from . import shown


class PoolLineSerializer(serializers.Serializer):
    course = serializers.CharField(source="course.slug")
    role = serializers.ChoiceField(choices=Role.choices)
    watched_in = serializers.DateField(help_text="First day of the month in which the members' months ended.")
    seconds = serializers.IntegerField()
    members = serializers.IntegerField()
    of_course = MoneyField(help_text="What the course had, for all its creators.")
    bps = serializers.IntegerField(help_text="Your part of that in basis points.")
    amount = MoneyField(help_text="Yours.")
    is_held = serializers.BooleanField(help_text="Somebody claims the course: it waits.")
    is_awarded = serializers.BooleanField(help_text="It went to somebody whose claim was upheld.")


class CreatorPoolMonthSerializer(serializers.Serializer):
    month = serializers.DateField(source="division.month", help_text="Its first day.")
    divided_at = serializers.DateTimeField(source="division.divided_at")
    pool = MoneyField(allow_null=True, help_text="What was divided among all creators; null of few members.")
    amount = MoneyField(source="told.amount", help_text="Yours.")
    waits = MoneyField(source="told.waits", allow_null=True, help_text="What of it somebody claims: it waits.")
    awarded = MoneyField(
        source="told.awarded", allow_null=True, help_text="Beside it: went to somebody whose claim was upheld."
    )
    courses = PoolLineSerializer(source="told.parts", many=True, help_text="Those that enough members watched.")
    others = MoneyField(source="told.others", allow_null=True, help_text="Of courses that few watched, in one sum.")


class PoolDivisionSerializer(serializers.ModelSerializer):
    paid_in = MoneyField(help_text="What the months of its members gave.")
    late = MoneyField(help_text="What was given back of months that had been divided before.")
    rest = MoneyField(help_text="Of members who had watched nothing: divided by all seconds.")
    amount = MoneyField()

    class Meta:
        model = PoolDivision
        fields = [
            "id", "month", "currency", "paid_in", "late", "rest", "amount", "members", "seconds", "inputs_hash",
            "divided_at", "booked_at",
        ]  # fmt: skip
        read_only_fields = fields


class PoolPartSerializer(serializers.Serializer):
    course = serializers.CharField(source="course.slug")
    creator = serializers.CharField(source="owner.slug")
    role = serializers.ChoiceField(choices=Role.choices)
    watched_in = serializers.DateField()
    bps = serializers.IntegerField()
    seconds = serializers.IntegerField()
    members = serializers.IntegerField()
    of_course = MoneyField()
    amount = MoneyField()
    is_held = serializers.BooleanField()
    is_awarded = serializers.BooleanField()


class OnePoolDivisionSerializer(PoolDivisionSerializer):
    parts = serializers.SerializerMethodField(help_text="The greatest first.")

    class Meta(PoolDivisionSerializer.Meta):
        fields = [*PoolDivisionSerializer.Meta.fields, "parts"]
        read_only_fields = fields

    @extend_schema_field(PoolPartSerializer(many=True))
    def get_parts(self, division: PoolDivision) -> Any:
        return PoolPartSerializer(division.parts.shown().order_by("-amount_minor", "course_id", "pk"), many=True).data


class LookAtPoolSerializer(serializers.Serializer):
    month = serializers.DateField()
    currency = serializers.CharField()
    due_at = serializers.DateTimeField(help_text="From when on it is divided.")
    paid_in = MoneyField()
    late = MoneyField()
    members = serializers.IntegerField()
    seconds = serializers.IntegerField()
    parts = serializers.SerializerMethodField(help_text="Empty where it would go on to the next month.")

    @extend_schema_field(PoolPartSerializer(many=True))
    def get_parts(self, look: Any) -> Any:
        return PoolPartSerializer(shown.table(shown.named(look.parts)).parts, many=True).data


class WentCourseSerializer(serializers.Serializer):
    course = serializers.CharField()
    seconds = serializers.IntegerField()
    amount = MoneyField()


class WentSerializer(serializers.Serializer):
    number = serializers.IntegerField(source="month.number")
    price = MoneyField()
    tax = MoneyField()
    platform = MoneyField()
    pool = MoneyField()
    is_divided = serializers.SerializerMethodField()
    late = MoneyField(help_text="What of it filled up what had been given back of earlier months.")
    is_rest = serializers.BooleanField(
        help_text="Nothing that you watched in it counts: it went to all that was watched."
    )
    courses = serializers.SerializerMethodField(help_text="What went to which course, by what you watched.")

    def get_is_divided(self, went: shown.Went) -> bool:
        return went.pooled is not None

    @extend_schema_field(WentCourseSerializer(many=True))
    def get_courses(self, went: shown.Went) -> Any:
        rows = [{"course": course.slug, "seconds": s, "amount": amount} for course, s, amount in went.courses]
        return WentCourseSerializer(rows, many=True).data
