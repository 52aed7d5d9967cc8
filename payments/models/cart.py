"""What a person means to buy. A visitor's cart lives in the session and joins hers when she logs in."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.models import Course
from marketplace.lib.money import CURRENCIES, Money

from .bundle import Bundle


class CartItemQuerySet(models.QuerySet["CartItem"]):
    def put(self, owner: Any, course_ids: list[int]) -> None:
        """Put courses in; what is in already stays as it is."""
        self.bulk_create([CartItem(owner=owner, course_id=pk) for pk in course_ids], ignore_conflicts=True)

    def put_bundle(self, owner: Any, bundle_id: int, course_ids: list[int]) -> None:
        """Put a bundle's courses in; those that are in by themselves are of the bundle from now on."""
        self.bulk_create(
            [CartItem(owner=owner, course_id=pk, bundle_id=bundle_id) for pk in course_ids],
            update_conflicts=True,
            unique_fields=["owner", "course"],
            update_fields=["bundle"],
        )

    def name_amounts(self, owner: Any, named: Mapping[int, Money]) -> None:
        """Remember what she named for courses that are in, by their keys."""
        for pk, amount in named.items():
            mine = self.filter(owner=owner, course_id=pk)
            mine.update(named_minor=amount.minor, named_currency=amount.currency)

    def forget_amount(self, owner: Any, course_id: int, amount: Money) -> None:
        """Unless she has named another one meanwhile."""
        mine = self.filter(owner=owner, course_id=course_id)
        mine = mine.filter(named_minor=amount.minor, named_currency=amount.currency)
        mine.update(named_minor=None, named_currency="")

    def take_out(self, owner: Any, course_ids: list[int]) -> None:
        self.filter(owner=owner, course_id__in=course_ids).delete()


class CartItem(models.Model):
    """A course in somebody's cart. It reserves nothing: the price is that of the moment of paying, or what she named
    where buyers name it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cart_items")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    # Set for a course that is in as one of this bundle's.
    bundle = models.ForeignKey(Bundle, null=True, on_delete=models.CASCADE, related_name="+")
    # What she named as its price; whether the course still takes it, payments.naming says.
    named_minor = models.PositiveBigIntegerField(null=True)
    named_currency = models.CharField(max_length=3, blank=True, default="", db_default="")
    put_in_at = models.DateTimeField(default=timezone.now)

    objects = CartItemQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "course"], name="a_course_once_a_cart"),
            models.CheckConstraint(
                condition=Q(named_minor=None, named_currency="")
                | Q(named_minor__isnull=False, named_currency__in=list(CURRENCIES)),
                name="cart_names_an_amount_with_its_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.course_id}"
