"""Paths that learners follow, and the skills that they choose to show."""

import secrets
from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses.models import Path


class PathFollowQuerySet(models.QuerySet["PathFollow"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def follow(self, learner: User, path: Path) -> None:
        """Asked twice, once is kept."""
        self.get_or_create(learner=learner, path=path)

    def unfollow(self, learner: User, path: Path) -> None:
        self.of(learner).filter(path=path).delete()


class PathFollow(models.Model):
    """A learner follows a path since then."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    path = models.ForeignKey(Path, on_delete=models.CASCADE, related_name="+")
    followed_at = models.DateTimeField(default=timezone.now)

    objects = PathFollowQuerySet.as_manager()

    class Meta:
        ordering = ["-followed_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["learner", "path"], name="one_follow_a_path")]

    def __str__(self) -> str:
        return f"{self.learner_id} follows {self.path_id}"


def fresh_code() -> str:
    return secrets.token_urlsafe(16)


class SkillCardQuerySet(models.QuerySet["SkillCard"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def show(self, learner: User) -> "SkillCard":
        """From now on whoever has the address may read her skills. Asked twice, the same address."""
        return self.get_or_create(learner=learner)[0]

    def hide(self, learner: User) -> None:
        """The address is gone for good; shown again, it is another one."""
        self.of(learner).delete()


class SkillCard(models.Model):
    """A learner shows her skills under an address that nobody can guess. Without a row they are hers alone."""

    learner = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=40, unique=True, default=fresh_code)
    shown_at = models.DateTimeField(default=timezone.now)

    objects = SkillCardQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("learners:skill_card", args=[self.code])
