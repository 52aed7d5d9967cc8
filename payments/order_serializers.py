"""Shapes of carts and orders in the API."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.models import Course
from marketplace.lib import links
from marketplace.lib.money import currency_choices
from marketplace.lib.rest import MoneyField

from . import meter
from .carts import MOST
from .hand.serializers import ByHandField
from .models import Bundle, CreditNote, Order, OrderItem
from .refund_serializers import MeterBeforeSerializer, RefundSerializer
from .serializers import RemarkField
from .tax.serializers import BillingSerializer
from .till import Bill


class CartCourseSerializer(serializers.ModelSerializer):
    creator = serializers.CharField(source="creator.slug")
    price = MoneyField(help_text="Where buyers name the price, the least of it.")
    suggested_price = MoneyField(source="suggested", allow_null=True, help_text="Where buyers name the price.")

    class Meta:
        model = Course
        fields = ["slug", "title", "creator", "price", "suggested_price"]


class NamedSerializer(serializers.Serializer):
    course = serializers.CharField(source="course.slug")
    amount = MoneyField(source="quoted.list", help_text="What you named; where you named nothing, the least.")


class CartPartSerializer(serializers.Serializer):
    course = serializers.CharField(source="course.slug")
    list = MoneyField()
    price = MoneyField(help_text="Its part of the bundle's price.")


class CartBundleSerializer(serializers.Serializer):
    slug = serializers.CharField(source="bundle.slug")
    title = serializers.CharField(source="bundle.title")
    price = MoneyField(help_text="Of what you lack of it, before a coupon.")
    saved = MoneyField(help_text="Against its courses one by one.")
    parts = CartPartSerializer(source="lacking", many=True)


class CartGroupSerializer(serializers.Serializer):
    currency = serializers.CharField(source="quote.currency")
    courses = CartCourseSerializer(many=True, help_text="All of them, with their list prices.")
    bundles = CartBundleSerializer(source="offers", many=True, help_text="What of the courses is bought as a bundle.")
    named = NamedSerializer(many=True, help_text="The courses whose price you name. No coupon lowers it.")
    subtotal = MoneyField(source="quote.subtotal", help_text="At list prices, bundles at theirs.")
    discount = MoneyField(source="quote.discount")
    tax = MoneyField(source="quote.tax")
    is_tax_inclusive = serializers.BooleanField(source="quote.is_tax_inclusive", help_text="Prices hold their tax.")
    tax_name = serializers.CharField(source="quote.tax_name")
    tax_bps = serializers.IntegerField(source="quote.tax_bps", help_text="Of the net, in hundredths of a percent.")
    tax_country = serializers.CharField(source="quote.tax_country", help_text="Whose rate it is; ISO 3166.")
    total = MoneyField(source="quote.total")
    coupon_code = serializers.CharField(source="code", help_text="The code that lowers it; empty without one.")
    coupon_is_by_lowest = serializers.BooleanField(
        source="quote.is_by_lowest",
        help_text="The lowest price of the last 30 days counts, and is below today's.",
    )
    coupon_refusal = serializers.CharField(source="refusal", help_text="Why the code that was given does not.")
    refunds = serializers.SerializerMethodField(help_text="How money would come back of each course.")

    @extend_schema_field(MeterBeforeSerializer(many=True))
    def get_refunds(self, bill: Bill) -> Any:
        asked = {priced.course.pk: priced.quoted.price for priced in bill.quote.lines}
        found = meter.before(self.context["buyer"], bill.courses, asked=asked)
        return MeterBeforeSerializer(found, many=True).data


class OutgrownSerializer(serializers.Serializer):
    course = serializers.CharField(source="course.slug")
    amount = MoneyField(help_text="What you named. The course stands at its price of now.")


class CartSerializer(serializers.Serializer):
    groups = CartGroupSerializer(source="bills", many=True, help_text="One payment takes the courses of one group.")
    unavailable = CartCourseSerializer(
        source="cart.unavailable", many=True, help_text="In your library by now, or off the sale."
    )
    outgrown = OutgrownSerializer(
        source="cart.outgrown", many=True,
        help_text="What you named and is not taken any more, until you put the course in anew.",
    )  # fmt: skip


class CourseInCartSerializer(serializers.Serializer):
    course = serializers.SlugField(required=False, help_text="The course's slug.")
    amount = MoneyField(required=False, help_text="What you pay for it, where buyers name the price.")
    bundle = serializers.SlugField(required=False, help_text="Or a bundle's: what you lack of it.")

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if ("course" in asked) == ("bundle" in asked):
            raise serializers.ValidationError({"course": _("Name a course or a bundle.")})
        if "bundle" in asked and "amount" in asked:
            raise serializers.ValidationError({"amount": _("A bundle has a price of its own.")})
        return asked


class NameAmountSerializer(serializers.Serializer):
    course = serializers.SlugField()
    amount = MoneyField()


class StartOrderSerializer(serializers.Serializer):
    courses = serializers.ListField(
        child=serializers.SlugField(), required=False, default=list, max_length=MOST,
        help_text="Bought by themselves; may be left out where bundles are named.",
    )  # fmt: skip
    bundles = serializers.SlugRelatedField(
        "slug", many=True, queryset=Bundle.objects.shown(), required=False,
        help_text="What you lack of each is bought at its part of the bundle's price.",
    )  # fmt: skip
    named = NameAmountSerializer(
        many=True, required=False, default=list,
        help_text="What you pay for courses whose price you name; else what stands in your cart, or the least.",
    )  # fmt: skip
    currency = serializers.ChoiceField(
        choices=currency_choices(), required=False, help_text="Refused when the courses are in another one."
    )
    total = MoneyField(
        required=False,
        help_text="What you expect to pay; refused when a price changed since. Where the cart's amount is outgrown, "
        "give it or name another.",
    )
    coupon_code = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)
    referral = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=60, help_text="The code of the link that led here."
    )
    way = serializers.SlugField(
        required=False, allow_blank=True, default="", max_length=40,
        help_text="The code of a way to pay by hand; empty for the provider's page.",
    )  # fmt: skip
    billing = BillingSerializer(
        required=False, help_text="To whom the invoice is made out; its country decides the tax."
    )

    def validate_courses(self, slugs: list[str]) -> list[Course]:
        courses = {course.slug: course for course in Course.objects.filter(slug__in=slugs).cards()}
        unknown = [slug for slug in slugs if slug not in courses]
        if unknown:
            raise serializers.ValidationError([_("There is no course %(slug)s.") % {"slug": slug} for slug in unknown])
        return list(courses.values())

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if not asked["courses"] and not asked.get("bundles"):
            raise serializers.ValidationError({"courses": _("Name at least one course or bundle.")})
        currency = asked.get("currency")
        if currency and any(one.currency != currency for one in [*asked["courses"], *asked.get("bundles", [])]):
            refused = _("Not every one of these courses is in %(currency)s.") % {"currency": currency}
            raise serializers.ValidationError({"currency": refused})
        by_slug = {course.slug: course for course in asked["courses"]}
        if any(one["course"] not in by_slug for one in asked["named"]):
            raise serializers.ValidationError({"named": _("Name amounts for courses that are bought by themselves.")})
        asked["named"] = {by_slug[one["course"]].pk: one["amount"] for one in asked["named"]}
        return asked


class OrderItemSerializer(serializers.ModelSerializer):
    course = serializers.CharField(
        source="course.slug", default=None, allow_null=True, help_text="Null: a month of a membership."
    )
    creator = serializers.CharField(
        source="creator.slug", default=None, allow_null=True, help_text="Null: of the whole site."
    )
    bundle = serializers.CharField(source="bundle_price.bundle.slug", default=None, help_text="In which it was sold.")
    list_price = MoneyField(help_text="What was asked for it: of a bundle its part, or what you named.")
    price = MoneyField()

    title = serializers.CharField(help_text="Of a tip: that it is one, and for which course.")

    class Meta:
        model = OrderItem
        fields = [
            "id", "course", "title", "is_tip", "creator", "bundle", "list_price", "price", "granted_at", "refunded_at",
        ]  # fmt: skip


class CreditNoteSerializer(serializers.Serializer):
    number = serializers.CharField()
    issued_at = serializers.DateTimeField()
    url = serializers.SerializerMethodField(help_text="The PDF; add ?lang=zh-hans for Chinese.")

    def get_url(self, note: CreditNote) -> str:
        return links.absolute(reverse("api-order-credit-note", args=[note.snapshot["order"], note.number]))


class OrderSerializer(serializers.ModelSerializer):
    subtotal = MoneyField(help_text="At list prices.")
    discount = MoneyField()
    coupon_code = serializers.CharField(source="coupon_use.coupon.code", default=None)
    tax = MoneyField(help_text="In the total; with Stripe Tax known once it is paid.")
    total = MoneyField()
    refunded = MoneyField()
    billing = BillingSerializer(allow_null=True, source="billed_to", help_text="To whom the invoice is made out.")
    invoice_url = serializers.SerializerMethodField(help_text="The PDF; add ?lang=zh-hans for Chinese.")
    receipt_url = serializers.SerializerMethodField(help_text="The PDF, as of now; add ?lang=zh-hans for Chinese.")
    paid_with = serializers.CharField(help_text='As the provider names it: "card visa 4242", "alipay"; or empty.')
    charge = serializers.CharField(source="charge_id", allow_null=True, help_text="The payment's id at the provider.")
    credit_notes = serializers.SerializerMethodField()
    refunds = RefundSerializer(many=True)
    items = OrderItemSerializer(many=True)
    by_hand = ByHandField(help_text="How it is paid by hand, where it is.")
    checkout_url = serializers.SerializerMethodField(
        help_text="The provider's page to pay on, while the order is open."
    )

    class Meta:
        model = Order
        fields = [
            "number", "state", "subtotal", "discount", "coupon_code", "tax", "is_tax_inclusive", "total", "refunded",
            "checkout_url", "by_hand", "billing", "invoice_number", "invoice_url", "receipt_url",
            "paid_with", "charge", "credit_notes", "refunds", "placed_at", "paid_at", "items",
        ]  # fmt: skip
        read_only_fields = fields

    def get_checkout_url(self, order: Order) -> str | None:
        return order.checkout_url if order.is_open and order.checkout_url else None

    def get_invoice_url(self, order: Order) -> str | None:
        return links.absolute(reverse("api-order-invoice", args=[order.number])) if order.is_paid else None

    def get_receipt_url(self, order: Order) -> str | None:
        return links.absolute(reverse("api-order-receipt", args=[order.number])) if order.is_paid else None

    @extend_schema_field(CreditNoteSerializer(many=True))
    def get_credit_notes(self, order: Order) -> Any:
        return CreditNoteSerializer(order.credit_notes, many=True).data


class FinanceOrderSerializer(OrderSerializer):
    """With what finance must look at; `flag_reason` keeps its words when the flag is settled."""

    flag_reason = RemarkField()

    class Meta(OrderSerializer.Meta):
        fields = [*OrderSerializer.Meta.fields, "flagged_at", "flag_reason"]
        read_only_fields = fields


class AdvanceClockSerializer(serializers.Serializer):
    advance_seconds = serializers.IntegerField(min_value=1, max_value=366 * 86_400)


class ClockSerializer(serializers.Serializer):
    now = serializers.DateTimeField()
