"""What a bundle is made of, and what was ever decided of it: its courses, its prices, its offers."""

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models

from courses.models import Course
from marketplace.lib import clock
from marketplace.lib.money import Money


class BundleCourseQuerySet(models.QuerySet["BundleCourse"]):
    def keys_of(self, course: str) -> ArraySubquery:
        """The offered bundles that have the course which the field `course` names: for a page's own query."""
        offered = self.filter(course=models.OuterRef(course), bundle__is_offered=True)
        return ArraySubquery(offered.order_by("bundle_id").values("bundle_id"))


class BundleCourse(models.Model):
    """A course in a bundle."""

    bundle = models.ForeignKey("payments.Bundle", on_delete=models.PROTECT, related_name="rows")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="in_bundles")
    position = models.PositiveSmallIntegerField()

    objects = BundleCourseQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["bundle", "course"], name="a_course_once_a_bundle")]

    def __str__(self) -> str:
        return f"{self.bundle_id}: {self.course_id}"


class BundlePrice(models.Model):
    """The price became this at that time; what is sold names the row. The database refuses changes to these rows."""

    bundle = models.ForeignKey("payments.Bundle", on_delete=models.PROTECT, related_name="prices")
    price_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.bundle_id}: {self.price}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)


class BundleOffering(models.Model):
    """Its creator offered it, or withdrew it. The database refuses changes to these rows."""

    bundle = models.ForeignKey("payments.Bundle", on_delete=models.PROTECT, related_name="offerings")
    is_offered = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.bundle_id}: {'offered' if self.is_offered else 'withdrawn'}"
