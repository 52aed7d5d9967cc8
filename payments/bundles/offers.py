"""What a bundle asks of one buyer: its price spread over its courses, of which she pays for those that she lacks.

The rule, as its page says it: each course's part of the price is in the proportion of the list prices; who has some of
the courses pays the parts of the others and no more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money

from ..discounts import parts_of
from ..models.bundle import Bundle, BundleNotOnSale


class BundlesOverlap(DomainError):
    code = "bundles_overlap"
    message = _("Two of these bundles have a course in common. Buy them one after the other.")


class BundleOwned(DomainError):
    code = "bundle_owned"
    message = _("Every course of this bundle is in your library.")


@dataclass(frozen=True)
class Part:
    """One course of a bundle: what it costs alone, and what of the bundle's price is its part."""

    course: Course
    list: Money
    price: Money
    is_owned: bool = False


@dataclass(frozen=True)
class Offer:
    """A bundle as one person may buy it; for who owns none of its courses `price` is the bundle's own."""

    bundle: Bundle
    parts: list[Part]

    @property
    def lacking(self) -> list[Part]:
        return [part for part in self.parts if not part.is_owned]

    @property
    def owned(self) -> list[Part]:
        return [part for part in self.parts if part.is_owned]

    @property
    def courses(self) -> list[Course]:
        return [part.course for part in self.lacking]

    @property
    def price(self) -> Money:
        return Money.total((part.price for part in self.lacking), self.bundle.currency)

    @property
    def listed(self) -> Money:
        return Money.total((part.list for part in self.lacking), self.bundle.currency)

    @property
    def saved(self) -> Money:
        return self.listed - self.price

    @property
    def saved_percent(self) -> int:
        return self.saved.minor * 100 // self.listed.minor if self.listed else 0


def parts(bundle: Bundle, owned: Iterable[int] = ()) -> list[Part]:
    """Of a bundle whose courses all have a price in its currency. `owned` are keys of courses."""
    courses, had = bundle.courses, set(owned)
    listed = [course.price for course in courses if course.price is not None]
    shares = parts_of(bundle.price, listed)
    return [Part(*row, row[0].pk in had) for row in zip(courses, listed, shares, strict=True)]


def offers(buyer: Any, bundles: Sequence[Bundle]) -> list[Offer]:
    """For those of `bundles` (of `shown()`) that are on sale, in their order. One query for all of them."""
    sold = [bundle for bundle in bundles if bundle.is_on_sale]
    courses = [course.pk for bundle in sold for course in bundle.courses]
    mine = Enrollment.objects.of(buyer).active().owned().filter(course__in=courses) if buyer.pk and courses else None
    owned = set(mine.values_list("course_id", flat=True)) if mine is not None else set()
    return [Offer(bundle, parts(bundle, owned)) for bundle in sold]


def wanted(buyer: Any, bundles: Sequence[Bundle]) -> list[Offer]:
    """Offers that shall be bought together. Raises BundleNotOnSale, BundleOwned, BundlesOverlap."""
    found = offers(buyer, bundles)
    if len(found) < len(bundles):
        raise BundleNotOnSale
    if not all(offer.lacking for offer in found):
        raise BundleOwned
    courses = [course.pk for offer in found for course in offer.courses]
    if len(set(courses)) < len(courses):
        raise BundlesOverlap
    return found
