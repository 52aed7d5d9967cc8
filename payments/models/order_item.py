"""One course of an order, with its price and shares frozen; what was released or given back of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from courses.models import Course
from creators.models import Creator
from marketplace.lib.money import Money

from ..quotes import CREATOR, PLATFORM, Line, quote
from .bundle_rows import BundlePrice
from .item_money import ItemMoney
from .item_share import ItemShare, ShareKind
from .item_values import values_of
from .revenue_rule import RevenueRule

if TYPE_CHECKING:
    from ..pricing import Priced
    from .order import Order

DISCOUNT_BEARERS = [(ShareKind.CREATOR, ShareKind.CREATOR.label), (ShareKind.PLATFORM, ShareKind.PLATFORM.label)]
# Of an item of no price something is left until it was given back.
HOLDS_SOMETHING = Q(refunded_minor__lt=F("price_minor")) | Q(price_minor=0, refunded_at=None)

# What counts for a promoter's tier: she brought it, somebody paid, and nothing of it was or is being taken back.
BROUGHT_AND_KEPT = Q(
    affiliate__isnull=False, granted_at__isnull=False, refunded_at=None, disputed_at=None, price_minor__gt=0,
    refund_asked_minor=0,
)  # fmt: skip


class OrderItemQuerySet(models.QuerySet["OrderItem"]):
    def line_up(self, order: "Order", lines: list["Priced"]) -> None:
        """One item a course, each with its shares."""
        ordered = sorted(lines, key=lambda priced: priced.line.course_id or 0)
        items = self.bulk_create(OrderItem(**values_of(order, priced)) for priced in ordered)
        ItemShare.objects.line_up((item, priced.quoted) for item, priced in zip(items, ordered, strict=True))

    def paid(self) -> Self:
        return self.filter(order__paid_at__isnull=False)

    def of_buyer(self, buyer: Any) -> Self:
        """What the meter can be asked of: her own paid courses, with what it reads."""
        mine = self.paid().filter(buyer_id=buyer.pk, is_tip=False, course__isnull=False)
        return mine.select_related("order__refund_rule", "course", "buyer")

    def brought_by(self, promoter_id: int, *, since: datetime, until: datetime) -> Self:
        """What counts for her tier, once an order: brought between these times, and kept until now."""
        # Later parts of a price are the same sale; one whose right went with another part was not kept.
        in_time = self.filter(
            BROUGHT_AND_KEPT, follows=False, gave_way=False, affiliate=promoter_id, granted_at__gt=since,
            granted_at__lte=until,
        )  # fmt: skip
        return in_time.filter(order__book=settings.PAYMENTS_BOOK).kept_with_its_parts()

    def kept_with_its_parts(self) -> Self:
        """Of a price in parts: no other part was or is being taken back either, and none is missing."""
        is_taken = Q(disputed_at__isnull=False) | Q(refund_asked_minor__gt=0)
        taken = self.model.objects.filter(is_taken, order__plan=OuterRef("order__plan"))
        return self.filter(~Q(order__plan__state="paused") | Q(order__plan=None), ~Exists(taken))

    def standing(self, buyer: Any, courses: list[Course]) -> Self:
        """Her items that give, or until the money has gone back gave, the right to these courses: one a course."""
        mine = self.filter(buyer=buyer, course__in=courses, granted_at__isnull=False, refunded_at=None)
        return mine.filter(follows=False, gave_way=False)

    def made_by(self, person: Any) -> Self:
        """A creator's own paid sales."""
        return self.paid().filter(creator__user_id=person.pk)

    def left_of(self, course: Course, book: str) -> Self:
        """Paid sales of a course of which something can be given back: money, or the right itself."""
        rows = self.paid().unrefunded().filter(course=course, order__book=book)
        # Where the right of a price in parts has ended, what was kept of it stays: that was settled with its buyer.
        return rows.filter(HOLDS_SOMETHING, granted_at__isnull=False, gave_way=False)

    def money_left(self) -> list[Money]:
        """What all of these would give back, a currency each."""
        rows = self.values_list("order__currency").annotate(left=Sum(F("price_minor") - F("refund_asked_minor")))
        return [Money(left, currency) for currency, left in rows.order_by("order__currency") if left]

    def sales(self) -> int:
        """How many sales these are: all parts of one price are one."""
        in_parts = self.aggregate(plans=Count("order__plan", distinct=True))["plans"]
        return self.filter(order__plan=None).count() + int(in_parts)

    def refund_open(self) -> Self:
        """Somebody asked to give something of it back, and the provider has not done so yet."""
        return self.filter(refund_asked_minor__gt=F("refunded_minor"))

    def due_for_release(self, now: datetime) -> Self:
        """The hold has passed, something is left, nothing is being given back, and no bank asks for it.

        Conditions on the row itself only: a release that waited for a refund's lock asks them of the row again.
        """
        return self.filter(
            HOLDS_SOMETHING, hold_until__lte=now, released_at=None, refund_asked_minor=F("refunded_minor"),
            disputed_at=None, escrowed_at=None,
        )  # fmt: skip

    def hold_for_dispute(self, at: datetime) -> None:
        """A bank asks for the money of their order: nothing is released while it does."""
        self.filter(disputed_at=None).update(disputed_at=at)

    def free_from_dispute(self) -> None:
        self.update(disputed_at=None)

    def hold(self, **which: Any) -> list["OrderItem"]:
        """Lock items for the rest of the transaction, in their order.

        Not as for deletion (no_key): a payout that names a sale checks at its commit that the sale exists, and it holds
        the balance that a refund wants next. Each would wait for the other.
        """
        held = self.filter(**which).select_related("order").select_for_update(no_key=True, of=("self",))
        return list(held.order_by("pk"))

    def mark_released(self, items: Iterable[int], at: datetime) -> None:
        """What was left of these is available now."""
        self.filter(pk__in=list(items)).update(released_at=at)

    def mark_escrowed(self, items: Iterable[int], at: datetime | None) -> None:
        """What of these was not released waits for a claim; None: no longer."""
        self.filter(pk__in=list(items)).update(escrowed_at=at)

    def unrefunded(self) -> Self:
        """What can still be given back whole: the right stands, and nobody asked to end it."""
        ending = self.model.objects.filter(refund_lines__failed_at=None, refund_lines__ends_access=True)
        return self.filter(refunded_at=None).exclude(pk__in=ending.values("pk"))


class OrderItem(ItemMoney, models.Model):
    """One course in an order, or a tip for one: what it cost by the rule, discount and tax of the day, and how it is
    shared.

    price = net + tax; the shares (rows of ItemShare, and their sums here) make up net + promotion, where `promotion` is
    what the platform bears of the discount. `refund_asked_minor` counts what is or was being given back,
    `refunded_minor` what was. `refunded_at`: the course was given back, the right ended; money may be left.
    """

    order = models.ForeignKey("payments.Order", on_delete=models.PROTECT, related_name="items")
    # The order's buyer again, so that the database can hold "one right a buyer and course".
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # A month of a membership has no course, and one of the whole site no creator.
    course = models.ForeignKey(Course, null=True, on_delete=models.PROTECT, related_name="order_items")
    creator = models.ForeignKey(Creator, null=True, on_delete=models.PROTECT, related_name="order_items")
    course_title = models.CharField(max_length=120, db_column="title")
    # A tip to the course's creators: it gives no right, and what counts sales of courses leaves it out.
    is_tip = models.BooleanField(default=False, db_default=False)
    # Of a course that was sold in a bundle: by which of its prices, and what it was called; its part is `list_minor`.
    bundle_price = models.ForeignKey(
        BundlePrice, null=True, on_delete=models.PROTECT, related_name="items", db_index=False
    )
    bundle_title = models.CharField(max_length=120, blank=True, default="", db_default="")
    # A later part of a price: the right stands by the first one.
    follows = models.BooleanField(default=False, db_default=False)
    # Its right has ended with another part of its price, or since one was not paid: it bars no new purchase.
    gave_way = models.BooleanField(default=False, db_default=False)
    list_minor = models.PositiveBigIntegerField(default=0)
    discount_minor = models.PositiveBigIntegerField(default=0)
    discount_bearer = models.CharField(max_length=8, blank=True, choices=DISCOUNT_BEARERS)
    net_minor = models.PositiveBigIntegerField(default=0)
    tax_minor = models.PositiveBigIntegerField(default=0)
    tax_bps = models.PositiveIntegerField(default=0)
    price_minor = models.PositiveBigIntegerField()
    promotion_minor = models.PositiveBigIntegerField(default=0)
    platform_minor = models.PositiveBigIntegerField()
    affiliate_minor = models.PositiveBigIntegerField(default=0)
    creator_minor = models.PositiveBigIntegerField()
    affiliate = models.ForeignKey(Creator, null=True, on_delete=models.PROTECT, related_name="promoted_items")
    referral_code = models.CharField(max_length=40, blank=True)
    # How many sales her promoter had brought when it was placed (no more than her rule's last tier asks), by which her
    # part was chosen; empty where the rule has no tiers.
    promoter_sales = models.PositiveIntegerField(null=True)
    rule = models.ForeignKey(RevenueRule, on_delete=models.PROTECT, related_name="+")
    refund_asked_minor = models.PositiveBigIntegerField(default=0)
    refunded_minor = models.PositiveBigIntegerField(default=0)
    hold_until = models.DateTimeField(null=True)
    # Since when a bank asks for the order's money; empty again once that is settled.
    disputed_at = models.DateTimeField(null=True)
    # Since when the creators' shares wait in escrow for a claim; of what was released by then it is empty.
    escrowed_at = models.DateTimeField(null=True)
    granted_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)

    objects = OrderItemQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "course"], name="a_course_once_an_order"),
            models.UniqueConstraint(
                fields=["buyer", "course"],
                condition=Q(granted_at__isnull=False, refunded_at=None, follows=False, gave_way=False),
                name="one_item_gives_the_right",
            ),
            models.CheckConstraint(
                condition=Q(price_minor=F("net_minor") + F("tax_minor")), name="item_price_with_tax"
            ),
            models.CheckConstraint(
                condition=Q(net_minor=F("platform_minor") + F("affiliate_minor") + F("creator_minor")
                            - F("promotion_minor")),
                name="item_shares_sum_to_net",
            ),
            models.CheckConstraint(
                condition=Q(discount_minor=0, discount_bearer="", promotion_minor=0)
                | Q(discount_minor__gt=0, discount_minor__lte=F("list_minor"), discount_bearer=CREATOR,
                    promotion_minor=0)
                | Q(discount_minor__gt=0, discount_minor__lte=F("list_minor"), discount_bearer=PLATFORM),
                name="item_discount_has_a_bearer",
            ),
            models.CheckConstraint(
                condition=Q(affiliate__isnull=False) | Q(affiliate_minor=0, promoter_sales=None),
                name="item_affiliate_is_somebody",
            ),
            models.CheckConstraint(
                condition=Q(is_tip=False)
                | Q(granted_at=None, discount_minor=0, affiliate=None, referral_code="", bundle_price=None),
                name="a_tip_gives_no_right",
            ),
            models.CheckConstraint(
                condition=Q(course__isnull=False, creator__isnull=False)
                | Q(course=None, is_tip=False, follows=False, discount_minor=0, affiliate=None, bundle_price=None),
                name="a_month_is_sold_by_itself",
            ),
            models.UniqueConstraint(fields=["order"], condition=Q(course=None), name="one_month_an_order"),
            models.CheckConstraint(
                condition=Q(bundle_price__isnull=False) | Q(bundle_title=""), name="item_of_a_bundle_names_its_price"
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__lte=F("refund_asked_minor"), refund_asked_minor__lte=F("price_minor")),
                name="item_gives_back_what_it_took",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["hold_until"], condition=HOLDS_SOMETHING & Q(released_at=None), name="item_held"),
            models.Index(fields=["creator", "-id"], name="item_of_creator"),
            models.Index(fields=["bundle_price"], condition=Q(bundle_price__isnull=False), name="item_of_bundle"),
            models.Index(fields=["affiliate", "granted_at"], condition=BROUGHT_AND_KEPT, name="item_brought_and_kept"),
            models.Index(fields=["referral_code"], condition=~Q(referral_code=""), name="item_by_link"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.course_title}"

    def as_line(self) -> Line:
        """What it was quoted from, so that it can be quoted again. No query with `shares`, `rule`, `order`."""
        creators = [share for share in self.shares.all() if share.kind == ShareKind.CREATOR]
        return Line(
            course_id=self.course_id, creator_id=self.creator_id, list=self.list_price, discount=self.discount,
            bearer=self.discount_bearer, platform_bps=self.rule.platform_bps, fixed_minor=self.rule.fixed_minor,
            affiliate_bps=self.rule.promoter_bps(self.promoter_sales) if self.affiliate_id else 0,
            affiliate_id=self.affiliate_id, promoter_sales=self.promoter_sales,
            coauthors=tuple((s.owner_id, s.bps) for s in creators if s.owner_id not in (None, self.creator_id)),
            tax_bps=self.tax_bps, is_tax_inclusive=self.order.is_tax_inclusive, rule_id=self.rule_id,
            referral_code=self.referral_code, bundle_price_id=self.bundle_price_id, is_tip=self.is_tip,
        )  # fmt: skip

    def take_tax(self, tax: Money, bps: int | None) -> None:
        """Quote the item anew with the tax that the provider reckoned; `bps` is its rate if that is known."""
        line = self.as_line()
        net = (line.list - line.discount).minor - (tax.minor if line.is_tax_inclusive else 0)
        if bps is None:
            bps = (20_000 * tax.minor + net) // (2 * net) if net else 0  # half up: what the tax is of the net
        quoted = quote(replace(line, tax_bps=bps), tax=tax)
        amounts = {**quoted.amounts(), "tax_bps": bps}
        for name, value in amounts.items():
            setattr(self, name, value)
        self.save(update_fields=list(amounts))
        self.shares.all().delete()
        ItemShare.objects.line_up([(self, quoted)])

    def ask_back(self, amount_minor: int) -> None:
        """So much of it is to be given back. The database refuses more than the item took, whoever asks at once."""
        self._add(refund_asked_minor=amount_minor)

    def keep_after_all(self, amount_minor: int) -> None:
        """What was asked back stays here: the provider would not."""
        self._add(refund_asked_minor=-amount_minor)

    def mark_given_back(self, amount_minor: int, at: datetime, *, ends_access: bool) -> None:
        self._add(refunded_minor=amount_minor)
        if ends_access and self.refunded_at is None:
            self.refunded_at = at
            self.save(update_fields=["refunded_at"])

    def _add(self, **amounts: int) -> None:
        """In the database's own arithmetic, which locks the row for the rest of the transaction."""
        OrderItem.objects.filter(pk=self.pk).update(**{name: F(name) + minor for name, minor in amounts.items()})
        self.refresh_from_db(fields=["refund_asked_minor", "refunded_minor"])
