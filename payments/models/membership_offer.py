"""What is offered for a monthly payment: a creator's courses, or with no creator the pass of the whole site.

Rows are versions: the newest of a creator counts for new members, and a member keeps the one that she agreed to.
"""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts import audit
from courses.models import Course
from courses.models.course import CourseQuerySet
from courses.pricing import PriceOutOfBounds, must_be_chargeable
from creators.models import Creator
from marketplace.lib import fit_words, window
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import CURRENCIES, Money, currency_choices

from .course_split import SplitLine
from .listing import MembershipCourse, PassListing

# A month costs from so many to so many times the least charge of its currency: 1 to 100 USD.
LEAST_TIMES, MOST_TIMES = 2, 200


class NoMembership(DomainError):
    code = "no_membership"
    message = _("This membership is not offered now.")


class MembershipPriceRefused(DomainError):
    code = "membership_price_refused"
    status = 400
    message = _("This price cannot be asked for a month.")


def bounds(currency: str) -> tuple[Money, Money]:
    """The least and the most that a month may cost."""
    facts = CURRENCIES[currency]
    most = min(facts.min_charge * MOST_TIMES, facts.max_charge)
    return Money(facts.min_charge * LEAST_TIMES, currency), Money(most - most % facts.charge_multiple, currency)


class MembershipOfferQuerySet(models.QuerySet["MembershipOffer"]):
    def of(self, creator: Creator | None) -> Self:
        """Every version of hers, the newest first; of the pass without a creator."""
        return self.filter(creator=creator).order_by("-pk")

    def present(self, creator: Creator | None) -> "MembershipOffer | None":
        return self.of(creator).select_related("creator__user").first()

    def open(self) -> Self:
        """Those that new members are taken into: the newest version says so, and its creator may sell."""
        newest = self.model.objects.filter(creator=OuterRef("creator")).order_by("-pk").values("pk")[:1]
        of_pass = self.model.objects.filter(creator=None).order_by("-pk").values("pk")[:1]
        is_newest = Q(creator__isnull=False, pk=Subquery(newest)) | Q(creator=None, pk=Subquery(of_pass))
        return self.filter(is_newest, is_open=True, creator__suspended_at=None)

    def keys_of(self, creator: str) -> ArraySubquery:
        """What new members are taken into of the creator whom the field `creator` names, her own before the pass: for a
        page's own query.
        """
        rows = self.open().filter(Q(creator=None) | Q(creator=OuterRef(creator)))
        return ArraySubquery(rows.order_by(F("creator").asc(nulls_last=True)).values("pk"))

    def hold(self, creator: Creator | None) -> None:
        """Nobody else changes what is offered until the transaction ends; the pass has no row that could be locked."""
        if creator is not None:
            Creator.objects.select_for_update(no_key=True).get(pk=creator.pk)
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('payments.the pass'))")

    @transaction.atomic
    def choose(self, creator: Creator | None, *, by: Any, **told: Any) -> "MembershipOffer":
        """A new version: name, description, price (Money), opens, is_open. The same as the present one it is that one.

        Of her own each creator decides, of the pass finance. Raises NotAllowed, MembershipPriceRefused, UnfitWords.
        """
        if by.pk != creator.user_id if creator else not by.has_role("finance"):
            raise NotAllowed
        self.hold(creator)
        price: Money = told.pop("price")
        must_fit(price)
        fit_words.must_be_fit(name=told["name"], description=told.get("description", ""))
        values = told | {"currency": price.currency, "price_minor": price.minor}
        if creator is None:
            values["opens"] = MembershipOffer.Opens.MARKED
        present = self.present(creator)
        if present is not None and all(getattr(present, name) == value for name, value in values.items()):
            return present
        offer = self.create(creator=creator, chosen_by=by, **values)
        window.change()
        audit.record(by, "membership.offer", offer, price=str(price), is_open=offer.is_open)
        return offer


def must_fit(price: Money) -> None:
    """Raises MembershipPriceRefused."""
    least, most = bounds(price.currency)
    try:
        must_be_chargeable(price)
    except PriceOutOfBounds as refusal:
        raise MembershipPriceRefused(refusal.message) from None
    if not least <= price <= most:
        told = {"least": least.format(), "most": most.format()}
        raise MembershipPriceRefused(_("A month costs from %(least)s to %(most)s.") % told)


class MembershipOffer(models.Model):
    """One version of what a creator offers for a monthly payment; of the pass where there is no creator."""

    class Opens(models.TextChoices):
        ALL = "all", _("All courses that are on sale, new ones too")
        MARKED = "marked", _("The courses that are chosen for it")

    creator = models.ForeignKey(Creator, null=True, on_delete=models.PROTECT, related_name="membership_offers")
    name = models.CharField(max_length=80)
    description = models.TextField(max_length=1_000, blank=True)
    currency = models.CharField(max_length=3, choices=currency_choices())
    price_minor = models.PositiveBigIntegerField()
    opens = models.CharField(max_length=8, choices=Opens.choices, default=Opens.ALL)
    # Whether new members are taken; those who are members go on.
    is_open = models.BooleanField(default=False)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipOfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(price_minor__gt=0) & ~Q(name=""), name="membership_offer_has_a_price"),
            models.CheckConstraint(
                condition=Q(creator__isnull=False) | Q(opens="marked"), name="the_pass_opens_what_is_listed"
            ),
        ]
        indexes = [models.Index(fields=["creator", "-id"], name="membership_offer_of_creator")]

    def __str__(self) -> str:
        return f"{self.name}: {self.price}"

    def close(self, *, by: Any) -> "MembershipOffer":
        """As it is, but for those who are no members yet. Raises NotAllowed."""
        return MembershipOffer.objects.choose(
            self.creator, by=by, name=self.name, description=self.description, price=self.price, opens=self.opens,
            is_open=False,
        )  # fmt: skip

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def is_pass(self) -> bool:
        return self.creator_id is None

    def courses(self) -> CourseQuerySet:
        """What it opens now: on sale, with a price. What co-authors share in is left out of a creator's membership,
        whose income is hers alone; the pass's pool is divided by the shares of each course.
        """
        on_sale = Course.objects.on_sale().filter(price_minor__gt=0)
        if self.creator_id is None:
            return on_sale.filter(Exists(PassListing.objects.open().filter(course=OuterRef("pk"))))
        hers = on_sale.filter(creator_id=self.creator_id).exclude(pk__in=SplitLine.objects.shared_now())
        if self.opens == self.Opens.ALL:
            return hers
        return hers.filter(Exists(MembershipCourse.objects.open().filter(course=OuterRef("pk"))))
