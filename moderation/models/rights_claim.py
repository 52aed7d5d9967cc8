"""Claims of copyright: somebody says that a course shows her work. What each side and each person did is a row.

State and clock stand on the claim and follow its steps; whoever changes them holds the claim.
"""

import uuid
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses import file_types
from courses.models import Course
from courses.models.attachment import private_files
from moderation import targets
from payments.models import CourseEscrow, EscrowedShare

from .measure import Measure
from .rule import FORGOTTEN

MOST_MB = 20


def path_of_proof(claim: "RightsClaim", name: str) -> str:
    """Nothing of the name that a person gave reaches the disk."""
    return f"rights/{uuid.uuid4().hex}"


class RightsClaimQuerySet(models.QuerySet["RightsClaim"]):
    def open(self) -> "RightsClaimQuerySet":
        return self.exclude(state=RightsClaim.State.CLOSED)

    def waiting(self) -> "RightsClaimQuerySet":
        """For a moderator: to be admitted, or to be decided. The oldest first."""
        states = [RightsClaim.State.FILED, RightsClaim.State.DECIDING]
        return self.filter(state__in=states).order_by("filed_at", "id")

    def not_waiting(self) -> "RightsClaimQuerySet":
        """Those that are over, or wait for one of the sides. The newest first."""
        return self.exclude(state__in=[RightsClaim.State.FILED, RightsClaim.State.DECIDING]).order_by("-id")

    def overdue(self, now: datetime) -> "RightsClaimQuerySet":
        """One side has let its time go by."""
        return self.filter(due_at__lte=now).order_by("due_at", "id")

    def of_party(self, person: Any) -> "RightsClaimQuerySet":
        """Her own claims, and those about her courses that were admitted: of the others she is not told."""
        told = Q(owner_id=person.pk, steps__kind=RightsStep.Kind.ADMIT)
        return self.filter(Q(claimant_id=person.pk) | told).distinct()

    def rejected_of(self, person: User, since: datetime) -> int:
        """How many of her claims were rejected since then, and that stands."""
        steps = RightsStep.objects.filter(claim__claimant=person, kind=RightsStep.Kind.REJECT, at__gte=since)
        return steps.filter(measure__reversal=None).count()

    def appealed(self, claimant: User, kind: str, key: str) -> "RightsClaimQuerySet":
        """Hers about this, with a verdict whose appeal nobody has answered yet."""
        rows = self.filter(claimant=claimant, kind=kind, key=key)
        return rows.filter(steps__measure__appeal__by=claimant, steps__measure__appeal__answer=None)

    def to_follow(self) -> "RightsClaimQuerySet":
        """Decided, and something of the income has still to go where the verdict says."""
        unpaid = Q(escrow__shares__end="award", escrow__shares__paid_at=None, claimant__creator__isnull=False)
        awarded = Q(escrow__outcome=CourseEscrow.Outcome.AWARD) & unpaid
        refunding = Q(state=RightsClaim.State.CLOSED, escrow__isnull=False, escrow__closed_at=None)
        return self.filter(awarded | refunding).distinct().order_by("id")

    def unclaimed(self) -> "RightsClaimQuerySet":
        """Income was awarded to somebody who has no creator's profile, by which alone anybody is paid.

        What buyers have wholly back is none.
        """
        rows = self.filter(escrow__outcome=CourseEscrow.Outcome.AWARD, claimant__creator=None, claimant__is_active=True)
        unpaid = EscrowedShare.objects.awarded().with_rest().filter(escrow=OuterRef("escrow"), paid_at=None)
        return rows.filter(Exists(unpaid)).order_by("id")

    def awaited_by(self, person: User) -> "RightsClaimQuerySet":
        """By which income was awarded to her that is not in her balance yet."""
        return self._awarded_to(person, paid_at=None)

    def awarded_to(self, person: User) -> "RightsClaimQuerySet":
        """The same, and those whose income is in her balance already."""
        return self._awarded_to(person)

    def _awarded_to(self, person: User, **which: Any) -> "RightsClaimQuerySet":
        left = EscrowedShare.objects.exclude(end=EscrowedShare.End.BACK).with_rest()
        some = left.filter(escrow=OuterRef("escrow"), **which)
        return self.filter(Exists(some), claimant=person, escrow__outcome=CourseEscrow.Outcome.AWARD)

    def file(self, target: targets.Target, *, upload: File | None = None, **facts: Any) -> "RightsClaim":
        """A new claim about what `target` shows now. Raises ValidationError when the file may not be kept."""
        claim = RightsClaim(
            kind=target.kind, key=target.key, title=target.title[:250], url=target.url, shown=target.shown,
            course=target.course, owner=target.owner, **facts,
        )  # fmt: skip
        if upload is not None:
            claim.proof_name, claim.proof_type = file_types.checked(upload, (), MOST_MB)
            claim.proof_file = upload  # type: ignore[assignment]
        claim.save(force_insert=True)
        return claim


class RightsClaim(models.Model):
    """`claimant` says for `holder` that a course or a lesson shows `work`. What she filed is never changed."""

    class State(models.TextChoices):
        FILED = "filed", _("Waits to be admitted")
        ANSWERING = "answering", _("The creator may answer")
        REPLYING = "replying", _("The claimant may reply")
        DECIDING = "deciding", _("Waits for a verdict")
        CLOSED = "closed", pgettext_lazy("claim of copyright", "Closed")

    claimant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="rights_claims")
    holder = models.CharField(max_length=200)
    work = models.CharField(max_length=300)
    proof = models.TextField(max_length=4000)
    proof_url = models.URLField(max_length=500, blank=True)
    proof_file = models.FileField(storage=private_files, upload_to=path_of_proof, max_length=120, blank=True)
    proof_name = models.CharField(max_length=120, blank=True)
    proof_type = models.CharField(max_length=100, blank=True)
    is_good_faith = models.BooleanField()
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=250)
    url = models.CharField(max_length=300)
    shown = models.JSONField(encoder=DjangoJSONEncoder)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="rights_claims")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=12, choices=State.choices, default=State.FILED)
    due_at = models.DateTimeField(null=True)
    # Where the course's income waits, or waited.
    escrow = models.ForeignKey(CourseEscrow, null=True, on_delete=models.PROTECT, related_name="+")

    objects = RightsClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(is_good_faith=True), name="a_claim_is_made_in_good_faith"),
            models.CheckConstraint(condition=Q(kind__in=["course", "lesson"]), name="a_claim_is_about_a_course"),
            models.CheckConstraint(
                condition=Q(state__in=["answering", "replying"], due_at__isnull=False)
                | Q(state__in=["filed", "deciding", "closed"], due_at=None),
                name="a_claim_s_clock_runs_while_it_waits_for_a_side",
            ),
            models.UniqueConstraint(
                fields=["claimant", "kind", "key"], condition=~Q(state="closed"), name="one_open_claim_a_person"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["filed_at", "id"], condition=Q(state__in=["filed", "deciding"]), name="rights_queue"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="rights_due"),
        ]

    def __str__(self) -> str:
        return f"{self.work}: {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED

    @property
    def kind_name(self) -> Any:
        return targets.KINDS[self.kind]

    @property
    def is_admitted(self) -> bool:
        return self.steps.filter(kind=RightsStep.Kind.ADMIT).exists()

    @property
    def verdict(self) -> "RightsStep | None":
        """The one that stands: of a person who decided, and not taken back."""
        decided = self.steps.exclude(measure=None).filter(measure__reversal=None)
        return decided.select_related("measure__decided_by").order_by("-id").first()

    def hold(self) -> "RightsClaim":
        """Lock it for the rest of the transaction: two who act on it queue here."""
        rows = RightsClaim.objects.select_for_update(no_key=True, of=("self",))
        return rows.select_related("course__creator", "claimant", "owner").get(pk=self.pk)

    def step(
        self, kind: str, by: User | None, text: str = "", *, state: str, due_at: datetime | None = None, **more: Any
    ) -> "RightsStep":
        """Somebody, or the clock, did something; the claim's state and clock follow. The caller holds the claim."""
        row = RightsStep.objects.create(claim=self, kind=kind, by=by, text=text.strip(), due_at=due_at, **more)
        self.state, self.due_at = state, due_at
        self.save(update_fields=["state", "due_at"])
        return row

    @property
    def was_filed_again(self) -> bool:
        """Whether its claimant has another one about the same that is open. The caller holds her row."""
        same = RightsClaim.objects.open().filter(claimant=self.claimant_id, kind=self.kind, key=self.key)
        return same.exclude(pk=self.pk).exists()

    @property
    def earlier(self) -> "RightsClaim | None":
        """Which one has the course's income before this one. Later ones only follow, so where there is none now there
        will be none.
        """
        if self.escrow_id is None:
            return None
        rows = RightsClaim.objects.filter(course=self.course_id, escrow__lt=self.escrow_id, escrow__closed_at=None)
        return rows.order_by("escrow").first()

    def hold_income(self, escrow: CourseEscrow) -> None:
        """Called by `moderation.rights.income`, which holds the claim."""
        self.escrow = escrow
        self.save(update_fields=["escrow"])

    @classmethod
    def forget(cls, person: User) -> None:
        """Her words and her file go with her account; the database allows that, once."""
        for claim in cls.objects.filter(claimant=person).exclude(proof=FORGOTTEN).exclude(proof_file=""):
            name = claim.proof_file.name
            transaction.on_commit(lambda name=name: private_files().delete(name), robust=True)  # type: ignore[misc]
        cls.objects.filter(claimant=person).exclude(proof=FORGOTTEN).update(
            holder=FORGOTTEN, work=FORGOTTEN, proof=FORGOTTEN, proof_url="", proof_file="", proof_name="", proof_type=""
        )
        RightsStep.objects.filter(by=person).exclude(text=FORGOTTEN).update(text=FORGOTTEN)


class RightsStep(models.Model):
    """One thing that happened to a claim: who did it, when, in which words. By nobody: the clock. Never changed."""

    class Kind(models.TextChoices):
        ADMIT = "admit", _("Admitted")
        COUNTER = "counter", _("Counter-notice of the creator")
        SILENT = "silent", _("No counter-notice in time")
        GO_ON = "go_on", _("The claimant goes on")
        WITHDRAW = "withdraw", _("Withdrawn by the claimant")
        LAPSE = "lapse", _("No reply in time: the claim has lapsed")
        UPHOLD = "uphold", _("Upheld")
        REJECT = "reject", _("Rejected")
        SETTLE = "settle", _("Settled by both sides")
        REOPEN = "reopen", _("The verdict was taken back: open again")
        OVERTURN = "overturn", _("The verdict was taken back: closed")

    claim = models.ForeignKey(RightsClaim, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    # The clock that this step started.
    due_at = models.DateTimeField(null=True)
    measure = models.OneToOneField(Measure, null=True, on_delete=models.PROTECT, related_name="rights_step")
    # What else was decided with an upheld claim.
    hiding = models.OneToOneField(Measure, null=True, on_delete=models.PROTECT, related_name="+")
    refunding = models.OneToOneField(Measure, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["silent", "lapse"], by=None)
                | ~Q(kind__in=["silent", "lapse"]) & Q(by__isnull=False),
                name="a_step_is_somebody_s_or_the_clock_s",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["uphold", "reject", "settle"], measure__isnull=False)
                | ~Q(kind__in=["uphold", "reject", "settle"]) & Q(measure=None),
                name="a_verdict_is_a_decision",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.kind}"

    @property
    def is_final(self) -> bool:
        """A verdict that nobody can overturn by an appeal any more."""
        if self.measure is None or not self.measure.is_standing:
            return False
        appeal = getattr(self.measure, "appeal", None)
        return self.measure.appeal_until <= timezone.now() if appeal is None else not appeal.is_open
