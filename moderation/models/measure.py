"""What moderators decided about what is published: one append-only row a decision, and one a reversal.

The measure says why, by whom and until when. What it changes stands where it always stood: a Takedown, a Suspension, a
Restriction, a PayoutHold, a RefundWave; the measure names it.
"""

from datetime import datetime, timedelta
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import AccountCurb, User
from community.models import PostHiding, RatingHiding
from courses.models import Course, Restriction, Takedown
from creators.models import Creator, Suspension
from learners.models import WorkHiding
from moderation import targets
from payments.models import PayoutHold

from .case import Case, Evidence
from .rule import RuleVersion

# For so long its owner can appeal.
APPEAL_WITHIN = timedelta(days=30)


class MeasureQuerySet(models.QuerySet["Measure"]):
    def decisions(self) -> Self:
        """Not the reversals."""
        return self.filter(reverses=None)

    def standing(self) -> Self:
        """In force: decided and not reversed."""
        return self.decisions().filter(reversal=None)

    def overdue(self, now: datetime) -> Self:
        """Their time has run out."""
        return self.standing().filter(ends_at__lte=now)

    def of_person(self, person: Any) -> Self:
        """What was decided about what she made; cases that found nothing are nobody's news."""
        return self.decisions().filter(owner_id=person.pk).exclude(action=Measure.Action.DISMISS)

    def with_all(self) -> Self:
        return self.select_related("rule", "decided_by", "owner", "course", "creator", "case", "reversal__decided_by")

    def adopt(self, measure: "Measure") -> "Measure":
        """Called by `measures.adopting.kept` alone. Of two people at once the second gets the first one's row."""
        try:
            with transaction.atomic():
                measure.save(force_insert=True)
        except IntegrityError:
            return self.get(takedown=measure.takedown, suspension=measure.suspension)
        return measure


# Nothing that could be put back, and so nothing to appeal against.
FINAL = frozenset({"dismiss", "settle"})


class Measure(models.Model):
    """One decision about one thing. With `reverses`: the end of another one, by a person or because its time was up."""

    class Action(models.TextChoices):
        DISMISS = "dismiss", _("Nothing broken")
        WARN = "warn", _("Warning")
        LIMIT = "limit", _("Not recommended")
        HIDE = "hide", _("Lesson hidden")
        HIDE_CLIP = "hide_clip", _("Clip hidden")
        HIDE_RATING = "hide_rating", _("Rating hidden")
        HIDE_POST = "hide_post", _("Question, answer or comment hidden")
        HIDE_WORK = "hide_work", _("Work kept from peers")
        MUTE = "mute", _("May not write")
        BAR = "bar", _("Account suspended")
        UNPUBLISH = "unpublish", _("Taken off the sale")
        REFUND = "refund", _("Refund of everybody")
        SUSPEND = "suspend", _("Creator suspended")
        HOLD = "hold", _("Payouts held back")
        # Verdicts on claims of copyright; `owner` is the side that loses by them.
        UPHOLD = "uphold", _("Claim of copyright upheld")
        REJECT = "reject", _("Claim of copyright rejected")
        SETTLE = "settle", _("Claim of copyright settled")

    class Cause(models.TextChoices):
        DECIDED = "decided", _("Decided")
        REVERSED = "reversed", pgettext_lazy("a decision", "Taken back")
        APPEAL = "appeal", _("Overturned on appeal")
        EXPIRED = "expired", _("Time was up")

    # The decision that closes a case. A case has one.
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="measure")
    evidence = models.ForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=250)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, null=True, on_delete=models.PROTECT, related_name="measures")
    creator = models.ForeignKey(Creator, null=True, on_delete=models.PROTECT, related_name="measures")
    action = models.CharField(max_length=12, choices=Action.choices)
    cause = models.CharField(max_length=10, choices=Cause.choices, default=Cause.DECIDED)
    rule = models.ForeignKey(RuleVersion, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=2000)
    # Decisions of before the public log were written for the creator alone.
    is_reason_public = models.BooleanField(default=True)
    is_bad_faith = models.BooleanField(default=False)
    # Nobody: the clock.
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True)
    # What was shown before it was confirmed.
    effect = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversal")
    takedown = models.OneToOneField(Takedown, null=True, on_delete=models.PROTECT, related_name="measure")
    suspension = models.OneToOneField(Suspension, null=True, on_delete=models.PROTECT, related_name="measure")
    restriction = models.OneToOneField(Restriction, null=True, on_delete=models.PROTECT, related_name="measure")
    rating_hiding = models.OneToOneField(RatingHiding, null=True, on_delete=models.PROTECT, related_name="measure")
    post_hiding = models.OneToOneField(PostHiding, null=True, on_delete=models.PROTECT, related_name="measure")
    work_hiding = models.OneToOneField(WorkHiding, null=True, on_delete=models.PROTECT, related_name="measure")
    curb = models.OneToOneField(AccountCurb, null=True, on_delete=models.PROTECT, related_name="measure")
    payout_hold = models.OneToOneField(PayoutHold, null=True, on_delete=models.PROTECT, related_name="measure")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    action__in=[
                        "dismiss",
                        "warn",
                        "limit",
                        "hide",
                        "hide_clip",
                        "hide_rating",
                        "hide_post",
                        "hide_work",
                        "mute",
                        "bar",
                        "unpublish",
                        "refund",
                        "suspend",
                        "hold",
                        "uphold",
                        "reject",
                        "settle",
                    ]
                ),
                name="measure_action_is_known",
            ),  # fmt: skip
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("owner")), name="nobody_judges_her_own"
            ),
            models.CheckConstraint(
                condition=Q(cause="decided", reverses=None, decided_by__isnull=False)
                | Q(cause__in=["reversed", "appeal"], reverses__isnull=False, decided_by__isnull=False)
                | Q(cause="expired", reverses__isnull=False, decided_by=None),
                name="a_measure_is_decided_or_ends_one",
            ),
            models.CheckConstraint(
                condition=Q(action="dismiss", rule=None) | ~Q(action="dismiss") & Q(rule__isnull=False),
                name="a_measure_names_its_rule",
            ),
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gt=F("decided_at")), name="a_measure_lasts"),
            models.CheckConstraint(
                condition=Q(is_bad_faith=False) | Q(action="dismiss"), name="bad_faith_is_of_reporters"
            ),
        ]
        indexes = [
            models.Index(fields=["-decided_at", "-id"], name="measure_newest"),
            models.Index(fields=["ends_at"], condition=Q(ends_at__isnull=False), name="measure_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.title}"

    @property
    def kind_name(self) -> Any:
        return targets.KINDS[self.kind]

    @property
    def appeal_until(self) -> datetime:
        return self.decided_at + APPEAL_WITHIN

    @property
    def is_final(self) -> bool:
        return self.action in FINAL

    @property
    def is_standing(self) -> bool:
        return self.reverses_id is None and not hasattr(self, "reversal")

    @property
    def is_grave(self) -> bool:
        """It took money, all that a creator sells, or an account: a senior moderator's to decide and to end."""
        grave = (self.Action.REFUND, self.Action.SUSPEND, self.Action.HOLD, self.Action.BAR)
        return self.action in grave or any(self.effect.get(name) for name in ("takes_back", "takes_money"))

    def hold(self) -> "Measure":
        """Lock it for the rest of the transaction: two people who end it queue here."""
        return Measure.objects.select_for_update(no_key=True, of=("self",)).get(pk=self.pk)

    def reversed_by(self, by: User | None, *, cause: str, reason: str) -> "Measure":
        """The row that ends this one; called by `moderation.measures` alone, which has put things back."""
        same = ("kind", "key", "title", "owner", "course", "creator", "action", "rule", "is_reason_public")
        facts: dict[str, Any] = {name: getattr(self, name) for name in same}
        return Measure.objects.create(**facts, reverses=self, cause=cause, reason=reason, decided_by=by)
