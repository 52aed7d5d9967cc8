"""Orders as sets: how one is made, found, and shown to whom."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q

from courses.models import Course
from marketplace.lib import arrays, clock

from .coupon_use import CouponUse
from .order_item import OrderItem
from .refund_rule import RefundRule

if TYPE_CHECKING:
    from ..pricing import Quote
    from ..quotes import Line
    from .order import Order
    from .payment_way import PaymentWay

OPEN_FOR = timedelta(hours=2)  # the provider allows 30 minutes to 24 hours
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none that is read for another


def new_number() -> str:
    return "K" + "".join(secrets.choice(_LETTERS) for _letter in range(9))


class OrderQuerySet(models.QuerySet["Order"]):
    def place(self, *, buyer: Any, quote: "Quote", language: str, way: "PaymentWay | None" = None) -> "Order":
        """The buyer's open order of exactly this quote; made if there is none, as of the quote's moment. With `way` it
        is to be paid by hand.

        However many ask at once, the database lets one be made. Raises CouponNotValid and CouponUsedBefore when the
        coupon's last seat went to somebody else meanwhile.
        """
        rule = quote.part.refund_rule if quote.part else RefundRule.objects.in_force(at=quote.at)
        basket = fingerprint(quote, rule, way)
        standing = self.filter(buyer=buyer, basket=basket, state="pending")
        found = standing.first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return self._make(buyer, quote, basket, language, rule, way)
        except IntegrityError:
            found = standing.first()
            if found is None:
                raise
            return found

    def _make(
        self, buyer: Any, quote: "Quote", basket: str, language: str, rule: RefundRule, way: "PaymentWay | None"
    ) -> "Order":
        open_for = (quote.part and quote.part.open_for) or OPEN_FOR
        if way:
            open_for = timedelta(days=settings.KEZHAN_BY_HAND_DAYS)
        order = self.create(
            number=new_number(), buyer=buyer, book=settings.PAYMENTS_BOOK, currency=quote.currency, basket=basket,
            subtotal_minor=quote.subtotal.minor, discount_minor=quote.discount.minor, tax_minor=quote.tax.minor,
            total_minor=quote.total.minor, is_tax_inclusive=quote.is_tax_inclusive, tax_source=quote.tax_source,
            tax_name=quote.tax_name, tax_country=quote.tax_country, refund_rule=rule,
            language=language[:12], placed_at=quote.at, expires_at=quote.at + open_for,
            **(quote.part.of_order if quote.part else {}),
        )  # fmt: skip
        OrderItem.objects.line_up(order, quote.lines)
        if way is not None:
            way.hand_payments.begin(order, way)
        if quote.coupon is not None:
            CouponUse.objects.reserve(quote.coupon, order)
        return order

    def of(self, buyer: Any) -> Self:
        """What the buyer may see: her own."""
        return self.filter(buyer=buyer)

    def forget_cards(self, buyer: Any) -> None:
        """That a card paid stays, which one does not."""
        self.of(buyer).filter(paid_with__startswith="card ").update(paid_with="card")

    def matching(self, words: str) -> Self:
        """By number, invoice number, charge, payment reference or the buyer's address; everything for no words."""
        words = words.strip()
        if not words:
            return self
        return self.filter(
            Q(number__iexact=words)
            | Q(invoice_number__iexact=words)
            | Q(charge_id=words)
            | Q(hand_payment__reference__iexact=words.replace(" ", ""))
            | Q(buyer__email__iexact=words)
        )

    def flagged(self) -> Self:
        """Those that somebody must look at."""
        return self.filter(flagged_at__isnull=False)

    def visible_to(self, person: Any) -> Self:
        """Her own; finance, support and auditors see everybody's."""
        return self.all() if person.may_read("orders") else self.of(person)

    def shown(self) -> Self:
        """With what a list or a receipt shows."""
        rows = self.select_related("coupon_use__coupon", "billing", "hand_payment__way")
        return rows.prefetch_related(
            "items__course__creator",
            "items__creator",
            "items__bundle_price__bundle",
            "refunds__lines",
            "refunds__credit_note",
        ).order_by("-id")

    def settled_or_open(self) -> Self:
        return self.exclude(state="expired")

    def open_longer_than(self, age: timedelta) -> Self:
        """Pending orders that no event has closed yet. By hand one waits for its end: there is nobody to be asked."""
        now = clock.now()
        by_hand = self.model.objects.filter(state="pending", hand_payment__isnull=False, expires_at__gt=now)
        return self.filter(state="pending", placed_at__lt=now - age).exclude(pk__in=by_hand.values("pk"))

    def named_by(self, session_id: str, reference: str) -> "Order | None":
        """The order of a provider's session: by its id, or by our own reference when the id never reached us."""
        found = self.filter(checkout_session_id=session_id).first()
        if found is None and re.fullmatch(r"[0-9a-f]{32}", reference):
            found = self.filter(token=reference).first()
        return found

    def of_sessions(self, session_ids: Iterable[str]) -> dict[str, int]:
        """The keys of the orders that know these pages of the provider, by page."""
        found = self.filter(checkout_session_id__in=list(session_ids))
        return dict(found.values_list("checkout_session_id", "pk"))

    def open_with(self, buyer: Any, courses: list[Course]) -> Self:
        """The buyer's open orders that contain any of these courses; one of a tip for it does not."""
        found = self.filter(buyer=buyer, state="pending", items__course__in=courses, items__is_tip=False)
        return found.select_related("hand_payment__way").distinct()

    def open_tips(self, giver: Any, course: Course) -> Self:
        """Her open orders of a tip for this course."""
        return self.filter(buyer=giver, state="pending", items__course=course, items__is_tip=True)

    def tips_since(self, giver: Any, at: datetime) -> Self:
        """Her tips that are paid, or may still be."""
        return self.filter(buyer=giver, items__is_tip=True, placed_at__gt=at).exclude(state__in=["expired", "failed"])

    def open_beside(self, buyer: Any, courses: list[Course]) -> Self:
        """The buyer's open orders of other courses."""
        with_them = self.model.objects.filter(items__course__in=courses, buyer=buyer)
        return self.filter(buyer=buyer, state="pending").exclude(pk__in=with_them.values("pk"))

    def by_hand(self) -> Self:
        return self.filter(hand_payment__isnull=False).select_related("hand_payment__way")

    def open_by_coupon(self, buyer: Any, quote: "Quote", way: "PaymentWay | None" = None) -> Self:
        """The buyer's open orders of other baskets that hold a seat of the quote's coupon."""
        mine = self.filter(buyer=buyer, state="pending", coupon_use__coupon=quote.coupon)
        mine = mine.select_related("hand_payment__way")
        return mine.exclude(basket=fingerprint(quote, RefundRule.objects.in_force(at=quote.at), way))

    def hold_for_payment(self, pk: int) -> "Order":
        """`hold`, with what is `sold`: each item with its seller and shares."""
        return self.hold_all_for_payment([pk])[0]

    def hold_all_for_payment(self, pks: Iterable[int]) -> "list[Order]":
        """Lock orders in order of their keys, each with what is `sold`. One statement, for the hot path.

        What an order sells is fixed when it is placed, so it may be read as it was before the lock was waited for.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT *, {clock.expression().sql} AS held_at, order_sold(id) AS sold_rows,"
                " (SELECT part_days FROM payments_refundrule AS rule WHERE rule.id = refund_rule_id) AS refund_days"
                " FROM payments_order WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE",
                [arrays.literal(pks)],
            )
            names, rows = [column.name for column in cursor.description], cursor.fetchall()
        return [self._held(dict(zip(names, row, strict=True))) for row in rows]

    def _held(self, values: dict[Any, Any]) -> "Order":
        fields = self.model._meta.concrete_fields
        order = self.model.from_db(
            self.db, [field.attname for field in fields], [values[field.column] for field in fields]
        )
        order.held_at, order.sold_rows = values["held_at"], values["sold_rows"]
        order.refund_days = values["refund_days"]
        return order

    def mark_paid(self, orders: "Sequence[Order]", granted: Iterable[int]) -> None:
        """Write what each one's `accept` said, in one statement: holds begin, `granted` items gave the right, carts are
        emptied. The caller holds the orders.

        What else a sale leads to waits in `after_sale`.
        """
        if discounted := [order for order in orders if order.discount_minor]:
            CouponUse.objects.use(discounted)
        facts = [
            (order.pk, order.buyer_id, order.charge_id, order.paid_at, order.paid_at + _hold(order), order.paid_with)
            for order in orders
            if order.paid_at is not None  # written by accept()
        ]
        assert len(facts) == len(orders)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT orders_mark_paid(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[],"
                " %s::text[], %s::bigint[])",
                [*arrays.columns(facts), arrays.literal(granted)],
            )
        for order in orders:
            order.state, order.closed_at = order.State.PAID, None

    def hold_with_parts(self, pk: int) -> "Order | None":
        """`hold`; of a part of a price with all orders of its plan, in order of their keys: the right goes with any."""
        if (plan := self.filter(pk=pk).values_list("plan_id", flat=True).first()) is not None:
            self.hold_plan(plan)
        return self.hold(pk=pk)

    def hold_plan(self, plan_id: int) -> None:
        """Those that are not paid yet, too: what comes meanwhile comes after this transaction."""
        orders = self.model.objects.filter(plan=plan_id).order_by("pk").values_list("pk", flat=True)
        list(orders.select_for_update(no_key=True, of=("self",)))

    def hold(self, **which: Any) -> "Order | None":
        """Lock one order for the rest of the transaction. `held_at` is the time of money at that moment."""
        return self.filter(**which).annotate(held_at=clock.expression()).select_for_update(no_key=True).first()


def _hold(order: "Order") -> timedelta:
    """How long its creators' money waits: never less than its own refund rule lets the buyer take hers back.

    The setting may have been shortened since that rule was introduced, or since the order was placed.
    """
    read = getattr(order, "refund_days", None)
    return timedelta(days=max(settings.KEZHAN_HOLD_DAYS, (order.refund_rule.part_days if read is None else read) + 1))


def fingerprint(quote: "Quote", rule: RefundRule, way: "PaymentWay | None" = None) -> str:
    """The same for the same courses at the same amounts, by the same coupon and link, under the same rules, to be paid
    the same way: an order keeps those of its placing, and what the buyer saw are those of now.
    """
    lines = sorted(
        f"{line.course_id}:{quoted.list.minor}:{quoted.discount.minor}{line.bearer}:{quoted.tax.minor}:"
        f"{quoted.price.minor}:{line.referral_code}:{line.affiliate_id or ''}{_bundled(line)}:"
        f"{line.rule_id}:{line.coauthors}{_tiered(line)}{':tip' if line.is_tip else ''}"
        for _course, line, quoted, _offer in quote.lines
    )
    of_all = [quote.currency, quote.tax_source, quote.tax_country, str(getattr(quote.coupon, "pk", "")), str(rule.pk)]
    if quote.part:
        of_all.append(quote.part.name)
    text = ",".join([*of_all, *lines, *([f"by hand:{way.pk}"] if way else [])])
    return hashlib.sha256(text.encode()).hexdigest()


def _bundled(line: "Line") -> str:
    """Nothing for a course bought by itself: orders that were open before there were bundles stay the same."""
    return f":{line.bundle_price_id}" if line.bundle_price_id else ""


def _tiered(line: "Line") -> str:
    """The part of a promoter whose tier was counted; nothing else depends on the count."""
    return "" if line.promoter_sales is None else f":{line.affiliate_bps}"
