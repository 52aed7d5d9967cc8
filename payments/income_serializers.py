"""Shapes of sales, figures, receipts and statements in the API: what a person has a part in, as the pages show it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.lib.rest import MoneyField

from .incomes.sales import Sale, SaleState
from .models import ItemShare, Role
from .refund_serializers import RefundRuleSerializer


class StepSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="sale, pending, available, paid or refunded.")
    label = serializers.CharField()  # type: ignore[assignment]
    state = serializers.ChoiceField(choices=["done", "now", "todo", "bad"])
    at = serializers.DateTimeField(allow_null=True, help_text="When it was reached; for todo, when it is expected.")


class SaleLineSerializer(serializers.Serializer):
    """A sale as its line in the list; what only the course's own creator sees is null for others."""

    id = serializers.IntegerField(source="item.pk")
    order = serializers.CharField(source="item.order.number")
    course = serializers.CharField(
        source="item.course.slug", default=None, allow_null=True, help_text="Null: a month of your membership."
    )
    title = serializers.CharField(source="item.title")
    is_tip = serializers.BooleanField(source="item.is_tip")
    role = serializers.ChoiceField(choices=Role.choices)
    price = MoneyField(source="item.price")
    tax = serializers.SerializerMethodField()
    discount = serializers.SerializerMethodField()
    platform_fee = serializers.SerializerMethodField()
    rule = serializers.CharField(source="item.rule.label")
    rule_id = serializers.IntegerField(source="item.rule_id", help_text="The version that shared it.")
    tier = serializers.SerializerMethodField(help_text="Which tier its promoter had, in words; empty: none.")
    creator_share = MoneyField(source="amount", help_text="Yours.")
    taken_back = MoneyField(source="returned")
    state = serializers.ChoiceField(choices=SaleState.choices)
    sold_at = serializers.DateTimeField(source="item.order.paid_at")
    timeline = StepSerializer(source="steps", many=True)

    def get_tier(self, sale: Sale) -> str:
        return str(sale.item.rule.tier_words(sale.item.promoter_sales))

    @extend_schema_field(MoneyField(allow_null=True))
    def get_tax(self, sale: Sale) -> dict[str, str] | None:
        return sale.item.tax.as_json() if sale.is_own else None

    @extend_schema_field(MoneyField(allow_null=True))
    def get_discount(self, sale: Sale) -> dict[str, str] | None:
        return sale.item.discount.as_json() if sale.is_own else None

    @extend_schema_field(MoneyField(allow_null=True))
    def get_platform_fee(self, sale: Sale) -> dict[str, str] | None:
        return sale.item.platform_share.as_json() if sale.is_own else None


class SaleSerializer(SaleLineSerializer):
    """Of a row of the queryset, as the list's pages hand it over."""

    def to_representation(self, instance: ItemShare) -> dict[str, Any]:
        return super().to_representation(Sale(instance))


class SaleReceiptLineSerializer(serializers.Serializer):
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    amount = MoneyField()
    note = serializers.CharField()
    is_sum = serializers.BooleanField(help_text="The sum of the lines above.")


class SalePartSerializer(serializers.Serializer):
    sale = SaleLineSerializer()
    lines = SaleReceiptLineSerializer(many=True)


class SaleReturnSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    is_done = serializers.BooleanField()
    reason = serializers.CharField()
    amount = MoneyField(allow_null=True, help_text="To the buyer; null where the course is not yours.")
    parts = SaleReceiptLineSerializer(many=True)


class SaleReceiptSerializer(serializers.Serializer):
    giver = serializers.CharField(help_text="Of a tip: who gave it, if she shows her name; else empty.")
    parts = SalePartSerializer(many=True)
    returns = SaleReturnSerializer(many=True)
    refund_rule = RefundRuleSerializer(source="rule", help_text="By which it may be taken back: a month whole alone.")
    whole_until = serializers.DateTimeField(help_text="The last moment at which all of it may come back.")
    part_until = serializers.DateTimeField(
        allow_null=True, help_text="The last moment at which a part may; null: of a month no part does."
    )


class SumsSerializer(serializers.Serializer):
    sales = serializers.IntegerField()
    gross = MoneyField()
    discount = MoneyField()
    promotion = MoneyField()
    tax = MoneyField()
    platform = MoneyField()
    affiliate = MoneyField()
    coauthors = MoneyField()
    share = MoneyField()
    returned = MoneyField()
    net = MoneyField()


class MonthFiguresSerializer(serializers.Serializer):
    month = serializers.DateField()
    sums = SumsSerializer()


class CourseFiguresSerializer(serializers.Serializer):
    course = serializers.CharField(
        source="course.slug", default=None, allow_null=True, help_text="Null: the months of your membership."
    )
    role = serializers.ChoiceField(choices=Role.choices)
    sums = SumsSerializer()


class FiguresSerializer(serializers.Serializer):
    currency = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    months = MonthFiguresSerializer(many=True)
    courses = CourseFiguresSerializer(many=True)
    total = SumsSerializer()


class OfSaleField(MoneyField):
    """An amount of a sale of your own course; null in any other line, as it is empty in the file."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(allow_null=True, read_only=True, **facts)

    def get_attribute(self, instance: Any) -> Any:
        return super().get_attribute(instance) if instance.gross else None


class StatementLineSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    kind = serializers.CharField(source="kind.value")
    label = serializers.CharField()  # type: ignore[assignment]
    order = serializers.CharField()
    title = serializers.CharField()
    role = serializers.CharField(source="role.value", allow_null=True, default=None)
    rule_id = serializers.IntegerField(source="rule.pk", allow_null=True, default=None)
    tier = serializers.CharField(help_text="Which tier its promoter had, in words; empty: none.")
    gross = OfSaleField(help_text="The list price. This and the next six: of a sale of your own course, else null.")
    discount = OfSaleField()
    promotion = OfSaleField(help_text="Added by the platform, which bears a discount of its own.")
    tax = OfSaleField()
    platform = OfSaleField()
    affiliate = OfSaleField()
    coauthors = OfSaleField()
    amount = MoneyField(help_text="Yours.")
    balance = MoneyField(help_text="After this line.")
    reference = serializers.CharField()


class StatementSerializer(serializers.Serializer):
    currency = serializers.CharField()
    month = serializers.DateField()
    opening = MoneyField()
    lines = StatementLineSerializer(many=True)
    closing = MoneyField()
