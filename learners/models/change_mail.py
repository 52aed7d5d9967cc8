"""Mails about changed courses: which version each learner was mailed about, and who wants none."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from courses.models import Version


class ChangeMailQuerySet(models.QuerySet["ChangeMail"]):
    def note(self, learner: User, versions: list[Version], at: datetime) -> None:
        """Called by `change_mails` alone, with the learner held."""
        self.bulk_create(self.model(learner=learner, version=version, mailed_at=at) for version in versions)


class ChangeMail(models.Model):
    """The learner was mailed about this version. Once a version, and once a week for all of them."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    mailed_at = models.DateTimeField()

    objects = ChangeMailQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "version"], name="one_change_mail_a_version")]
        indexes = [models.Index(fields=["learner", "mailed_at"], name="change_mail_of_learner")]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.version_id}"


class ChangeMailStopQuerySet(models.QuerySet["ChangeMailStop"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def wants(self, learner: Any) -> bool:
        return not self.open().filter(learner_id=learner.pk).exists()

    def choose(self, learner: User, *, wants: bool) -> None:
        """From now on; chosen twice is as good as once."""
        if wants:
            self.open().filter(learner=learner).update(ended_at=timezone.now())
        else:
            self.bulk_create([self.model(learner=learner)], ignore_conflicts=True)


class ChangeMailStop(models.Model):
    """From `stopped_at` until `ended_at` the learner wants no mails about changed courses."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    stopped_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = ChangeMailStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner"], condition=Q(ended_at=None), name="one_open_change_mail_stop")
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.stopped_at:%Y-%m-%d}"
