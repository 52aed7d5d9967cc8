"""An administrator looked at the site as somebody else sees it: for a while, for a reason, told to the person."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .user import User

LASTS = timedelta(minutes=15)


class SeeingQuerySet(models.QuerySet["Seeing"]):
    def begin(self, *, by: Any, person: User, reason: str) -> "Seeing":
        now = timezone.now()
        return self.create(by=by, person=person, reason=reason, began_at=now, ends_at=now + LASTS)

    def open(self) -> "SeeingQuerySet":
        return self.filter(ends_at__gt=timezone.now())


class Seeing(models.Model):
    """`by` may see pages as `person` does until `ends_at`, and change nothing. The database refuses to change rows."""

    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seen_by_staff")
    reason = models.CharField(max_length=300)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = SeeingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("person")), name="nobody_sees_as_herself"),
            models.CheckConstraint(condition=~Q(reason=""), name="seen_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} as {self.person_id}"
