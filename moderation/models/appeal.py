"""Against a decision its owner can appeal once; another person answers, by a day that both are told."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .measure import Measure
from .rule import FORGOTTEN

ANSWER_WITHIN = timedelta(days=5)


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> "AppealQuerySet":
        """Without an answer, what is due first at the top."""
        return self.filter(answer=None).order_by("due_at", "id")

    def overdue(self, now: datetime) -> "AppealQuerySet":
        return self.open().filter(due_at__lte=now)

    def to_be_told(self, now: datetime) -> "AppealQuerySet":
        """Late, and nobody was told of that yet."""
        return self.overdue(now).filter(reminder=None)

    def with_all(self) -> "AppealQuerySet":
        return self.select_related(
            "measure__rule", "measure__decided_by", "measure__evidence", "measure__case", "by", "answer__decided_by"
        )


class Appeal(models.Model):
    """The owner says why a decision is wrong. Rows cannot be changed, but for forgetting."""

    measure = models.OneToOneField(Measure, on_delete=models.PROTECT, related_name="appeal")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    appealed_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()

    objects = AppealQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="an_appeal_says_why")]

    def __str__(self) -> str:
        return f"appeal: {self.measure}"

    @classmethod
    def forget(cls, person: User) -> None:
        """Her words go with her account; the database allows that, once."""
        cls.objects.filter(by=person).exclude(text=FORGOTTEN).update(text=FORGOTTEN)

    @property
    def is_open(self) -> bool:
        return not hasattr(self, "answer")

    @property
    def is_late(self) -> bool:
        return self.is_open and timezone.now() > self.due_at

    def hold(self) -> "Appeal":
        """Lock it: two people who answer queue here."""
        return Appeal.objects.select_for_update(no_key=True, of=("self",)).select_related("measure").get(pk=self.pk)


class AppealAnswer(models.Model):
    """What another person decided of an appeal. The database refuses the one who had decided first, and the owner."""

    class Verdict(models.TextChoices):
        UPHELD = "upheld", _("The decision stands")
        OVERTURNED = "overturned", _("Overturned")

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="answer")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    reason = models.TextField(max_length=2000)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=["upheld", "overturned"]), name="appeal_verdict_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.appeal}: {self.verdict}"


class AppealReminder(models.Model):
    """That it is late was told to everybody who can do something about it. One an appeal; rows cannot be changed."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="reminder")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"reminder: {self.appeal_id}"
