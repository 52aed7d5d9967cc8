"""Sets of courses that a creator sells at one price below their sum.

What is in a set never changes once it was offered: another set is another bundle, so that a price and its history are
always of the same thing. Whether it is sold is asked each time: a course that left the sale takes its bundles along.
"""

from collections.abc import Sequence
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import audit
from courses.models import Course
from courses.pricing import must_be_chargeable
from creators.models import Creator
from marketplace.lib import clock, fit_words, window
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import CURRENCIES, Money, currency_choices
from marketplace.lib.slugs import free_slug

from ..bundles.standing import Standing, standing
from .bundle_rows import BundleCourse, BundlePrice

MOST_COURSES = 20
RESERVED_SLUGS = frozenset({"create"})


class BundleNotSellable(DomainError):
    """A set or a price that could not be sold; the sentence says why."""

    code = "bundle_not_sellable"


class BundleNotOnSale(DomainError):
    code = "bundle_not_on_sale"
    message = _("This bundle is not on sale any more.")


class BundleAsItIs(DomainError):
    code = "bundle_as_it_is"
    message = _("It stands so already.")


class BundleQuerySet(models.QuerySet["Bundle"]):
    def shown(self) -> Self:
        """With what `standing` and its pages read: one query for the courses. `price_row` is the key of the row that
        the price follows, of the same moment as the price.
        """
        courses = BundleCourse.objects.select_related("course__creator", "course__category").defer(
            "course__search", "course__search_text", "course__creator__bio"
        )
        last = BundlePrice.objects.filter(bundle=models.OuterRef("pk")).order_by("-pk").values("pk")[:1]
        rows = self.select_related("creator").annotate(price_row=models.Subquery(last))
        return rows.prefetch_related(models.Prefetch("rows", courses))

    def of(self, creator: Creator) -> Self:
        return self.filter(creator=creator).order_by("-pk")

    def offered(self) -> Self:
        """What its creator offers; whether it is sold as well says `is_on_sale`."""
        return self.filter(is_offered=True)

    @transaction.atomic
    def make(
        self, *, by: Any, creator: Creator, title: str, words: str = "", courses: Sequence[Course], price: Money
    ) -> "Bundle":
        """A bundle that is not offered yet. Raises NotAllowed, ValidationError by field, BundleNotSellable,
        PriceOutOfBounds.
        """
        if creator.user_id != by.pk:
            raise NotAllowed
        told = _told(title, words)
        _must_be_sellable(creator, courses, price)
        slug = free_slug(self.model.objects.all(), told["title"], "bundle", RESERVED_SLUGS)
        bundle = self.create(creator=creator, slug=slug, price_minor=price.minor, currency=price.currency, **told)
        rows = [BundleCourse(bundle=bundle, course=course, position=at) for at, course in enumerate(courses)]
        BundleCourse.objects.bulk_create(rows)
        bundle.prices.create(price_minor=price.minor, currency=price.currency, set_by=by)
        audit.record(by, "bundle.make", bundle, price=str(price), courses=len(rows))
        return bundle


class Bundle(models.Model):
    """One set of courses of one creator. Its price follows the last BundlePrice, `is_offered` the last
    BundleOffering.
    """

    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="bundles")
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    words = models.CharField(max_length=600, blank=True)
    price_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3, choices=currency_choices())
    is_offered = models.BooleanField(default=False)
    first_offered_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=clock.now)

    price_row: int  # of bundles of `shown()`

    objects = BundleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="bundle_costs_something"),
            models.CheckConstraint(condition=Q(currency__in=list(CURRENCIES)), name="bundle_currency_is_known"),
            models.CheckConstraint(
                condition=Q(is_offered=False) | Q(first_offered_at__isnull=False), name="an_offered_bundle_has_a_date"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("payments:bundle", args=[self.slug])

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def courses(self) -> list[Course]:
        """In the creator's order. No query for bundles of `shown()`."""
        return [row.course for row in self.rows.all()]

    @property
    def standing(self) -> Standing:
        """Whether it is sold now, or why not."""
        return standing(self.is_offered, self.price, self.courses)

    @property
    def is_on_sale(self) -> bool:
        return self.standing is Standing.ON_SALE

    @property
    def is_listed(self) -> bool:
        """What a moderator keeps out of lists takes its bundles along."""
        return not any(course.is_limited for course in self.courses)

    @property
    def listed(self) -> Money:
        """What its courses cost one by one, where they are in its currency."""
        return Money.total((c.price for c in self.courses if c.price and c.currency == self.currency), self.currency)

    def belongs_to(self, user: Any) -> bool:
        return user.pk is not None and self.creator.user_id == user.pk

    @transaction.atomic
    def reword(self, *, by: Any, title: str, words: str) -> None:
        """Raises NotAllowed, ValidationError by field."""
        held = self._hold(by)
        told = _told(title, words)
        held._become(**told)
        audit.record(by, "bundle.reword", held, **told)

    @transaction.atomic
    def choose(self, courses: Sequence[Course], *, by: Any) -> None:
        """Other courses, as long as it was never offered. Raises NotAllowed, BundleNotSellable."""
        held = self._hold(by)
        if held.first_offered_at is not None:
            raise BundleNotSellable(_("It was offered: its courses stay. Make another bundle for another set."))
        _must_be_sellable(held.creator, courses, held.price)
        held.rows.all().delete()
        rows = [BundleCourse(bundle=held, course=course, position=at) for at, course in enumerate(courses)]
        BundleCourse.objects.bulk_create(rows)
        audit.record(by, "bundle.choose", held, courses=len(rows))

    @transaction.atomic
    def set_price(self, price: Money, *, by: Any) -> "BundlePrice | None":
        """For who buys from now on; the same price does nothing. Raises NotAllowed, BundleNotSellable,
        PriceOutOfBounds.
        """
        held = self._hold(by)
        if held.price == price:
            return None
        _must_be_sellable(held.creator, held.courses, price)
        held._become(price_minor=price.minor, currency=price.currency)
        audit.record(by, "bundle.price", held, price=str(price))
        return held.prices.create(price_minor=price.minor, currency=price.currency, set_by=by)

    @transaction.atomic
    def change(self, *, by: Any, **told: Any) -> None:
        """Several at once, all or none: title, words, courses, price. Raises as `reword`, `choose`, `set_price` do."""
        if "title" in told or "words" in told:
            self.reword(by=by, title=told.get("title", self.title), words=told.get("words", self.words))
        if "courses" in told:
            self.choose(told["courses"], by=by)
        if "price" in told:
            self.set_price(told["price"], by=by)

    @transaction.atomic
    def offer(self, *, by: Any) -> None:
        """On sale from now on. Raises NotAllowed, BundleAsItIs, BundleNotSellable, PriceOutOfBounds."""
        held = self._hold(by)
        if held.is_offered:
            raise BundleAsItIs
        _must_be_sellable(held.creator, held.courses, held.price)
        held._stand(True, by, "")

    @transaction.atomic
    def withdraw(self, *, by: Any, reason: str = "") -> None:
        """Off the sale; orders that are placed keep what they were promised. Raises NotAllowed, BundleAsItIs."""
        held = self._hold(by)
        if not held.is_offered:
            raise BundleAsItIs
        held._stand(False, by, reason.strip()[:300])

    def _stand(self, is_offered: bool, by: Any, reason: str) -> None:
        row = self.offerings.create(is_offered=is_offered, by=by, reason=reason)
        self._become(is_offered=is_offered, first_offered_at=self.first_offered_at or row.at)
        audit.record(by, "bundle.offer" if is_offered else "bundle.withdraw", self, reason=reason)

    def _hold(self, by: Any) -> "Bundle":
        """Locked for the rest of the transaction: its price and its offers come one after the other."""
        if not self.belongs_to(by):
            raise NotAllowed
        return Bundle.objects.shown().select_for_update(no_key=True, of=("self",)).get(pk=self.pk)

    def _become(self, **told: Any) -> None:
        for name, value in told.items():
            setattr(self, name, value)
        self.save(update_fields=list(told))
        window.change()


def _told(title: str, words: str) -> dict[str, str]:
    """What it says of itself, fit to be read by everybody. Raises ValidationError by field."""
    title, words = title.strip(), words.strip()
    if not title or len(title) > 120:
        raise ValidationError({"title": _("Give the bundle a title of at most 120 characters.")})
    if len(words) > 600:
        raise ValidationError({"words": _("At most 600 characters.")})
    fit_words.must_be_fit(title=title, words=words)
    return {"title": title, "words": words}


def _must_be_sellable(creator: Creator, courses: Sequence[Course], price: Money) -> None:
    """Raises BundleNotSellable, PriceOutOfBounds."""
    if len({course.pk for course in courses}) != len(courses) or len(courses) > MOST_COURSES:
        raise BundleNotSellable(_("A bundle has each course once, and at most %(most)d.") % {"most": MOST_COURSES})
    if any(course.creator_id != creator.pk for course in courses):
        raise BundleNotSellable(_("Only your own courses can be in your bundle."))
    must_be_chargeable(price)
    found = standing(True, price, courses)
    if found is not Standing.ON_SALE:
        raise BundleNotSellable(found.label)
