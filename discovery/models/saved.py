"""What a person has saved for later, at the price that stood then."""

from typing import Any, Self

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Course
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money

MOST = 200


class SavedFull(DomainError):
    code = "saved_full"
    message = _("You have saved as many courses as fit here. Take one away first.")


class SavedCourseQuerySet(models.QuerySet["SavedCourse"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    @transaction.atomic
    def save_for_later(self, learner: User, course: Course) -> None:
        """Asked twice, the first time stands, with its price. Raises SavedFull."""
        User.objects.select_for_update(no_key=True).get(pk=learner.pk)
        if self.of(learner).filter(course=course).exists():
            return
        if self.of(learner).count() >= MOST:
            raise SavedFull
        self.create(learner=learner, course=course, price_minor=course.price_minor or 0, currency=course.currency)

    def take_away(self, learner: User, course: Course) -> None:
        self.of(learner).filter(course=course).delete()


class SavedCourse(models.Model):
    """She wants to remember the course; `price_minor` of `currency` is what it cost when she saved it."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    price_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = SavedCourseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "course"], name="one_saving_a_course")]

    def __str__(self) -> str:
        return f"{self.learner_id} saved {self.course_id}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)
