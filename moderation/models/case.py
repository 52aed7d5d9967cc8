"""What people report: one open case a thing, however many reports it has; and what the thing showed at that time."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Course
from courses.models.course import Language
from creators.models import Creator
from marketplace.lib.errors import DomainError
from moderation import priority, sla, targets

from .rule import FORGOTTEN, RuleVersion

# Of reports without an account so many are kept with their words; the rest is counted.
KEPT_ANONYMOUS = 100
# A creator who edits to and fro cannot fill the table; the first and the last state are what counts.
MOST_EVIDENCE = 20
OPEN = Q(closed_at=None)


class CaseClosed(DomainError):
    code = "case_closed"
    message = _("Somebody has decided on this case already.")


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        """Not yet decided, what matters most first, of equals the oldest."""
        return self.filter(closed_at=None).order_by("rank", "id")

    def of(self, target: targets.Target) -> "CaseQuerySet":
        return self.filter(**targets.same(target.kind, target.key, target.owner))

    def hold_open(self, target: targets.Target) -> "Case":
        """The open case of this thing, opened if there is none, locked for the rest of the transaction.

        The database lets one be opened at a time; whoever comes second finds the first one's.
        """
        for _attempt in range(3):
            held = self.of(target).filter(closed_at=None).select_for_update(no_key=True).first()
            if held is not None:
                return held
            try:
                with transaction.atomic():
                    self._open(target)
            except IntegrityError:
                continue  # opened by another meanwhile: its row is found in the next round
        raise CaseClosed

    def count_drowned(self, target: targets.Target, severity: int) -> "Case | None":
        """One more report without an account that can change nothing any more: counted, and no more done.

        None: there is no such case, or the report weighs something, is kept, or is about something graver.
        """
        full = self.of(target).filter(
            closed_at=None, kept_count__gte=KEPT_ANONYMOUS, anonymous_weight__gte=priority.MOST_ANONYMOUS,
            severity__gte=severity,
        )  # fmt: skip
        if not full.update(reports_count=F("reports_count") + 1):
            return None
        return self.of(target).order_by("-id").first()

    def _open(self, target: targets.Target) -> None:
        self.create(
            kind=target.kind, key=target.key, title=target.title[:250], url=target.url, owner=target.owner,
            course=target.course, creator=target.creator, language=target.language,
        )  # fmt: skip


class Case(models.Model):
    """One reported thing, from its first report to the decision. Figures follow its reports; the rest never changes."""

    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=250)
    url = models.CharField(max_length=300)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, null=True, on_delete=models.PROTECT, related_name="+")
    creator = models.ForeignKey(Creator, null=True, on_delete=models.PROTECT, related_name="cases")
    opened_at = models.DateTimeField(default=timezone.now)
    # Follows the measure that decides it.
    closed_at = models.DateTimeField(null=True)
    reports_count = models.PositiveIntegerField(default=0)
    kept_count = models.PositiveIntegerField(default=0)
    severity = models.PositiveSmallIntegerField(default=1)
    reach = models.PositiveIntegerField(default=0)
    weight = models.PositiveIntegerField(default=0)
    anonymous_weight = models.PositiveIntegerField(default=0)
    priority = models.PositiveIntegerField(default=0)
    # Small first, so that rank and id are read one way by the index and by the pages of the queue.
    rank = models.GeneratedField(expression=-F("priority"), output_field=models.IntegerField(), db_persist=True)
    # Of the gravest report, the first of them.
    rule_code = models.CharField(max_length=40, db_default="")
    language = models.CharField(max_length=12, choices=Language.choices, db_default="")
    due_at = models.DateTimeField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], condition=Q(closed_at=None), name="one_open_case_a_target"),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(closed_at=None, kind="person"), name="one_open_case_a_person"
            ),
        ]
        indexes = [
            # What is filtered stands in the index behind the order: what does not fit is passed over there.
            models.Index(
                fields=["rank", "id", "opened_at", "due_at", "severity", "kind", "language", "rule_code"],
                condition=OPEN, name="case_queue",
            ),
            models.Index(fields=["kind", "rank", "id"], condition=OPEN, name="case_queue_kind"),
            models.Index(fields=["severity", "rank", "id"], condition=OPEN, name="case_queue_severity"),
            models.Index(fields=["rule_code", "rank", "id"], condition=OPEN, name="case_queue_rule"),
            models.Index(fields=["due_at"], condition=OPEN, name="case_queue_due"),
            models.Index(fields=["closed_at", "id"], condition=~OPEN, name="case_closed"),
            models.Index(fields=["kind", "key", "-id"], name="case_of_target"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def hold(self) -> "Case":
        """Lock it for the rest of the transaction: two moderators queue here."""
        return Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=self.pk)

    @property
    def wait(self) -> sla.Wait | None:
        """None for a case of before there were promises."""
        return sla.wait_of_case(self.opened_at, self.due_at, timezone.now()) if self.due_at else None

    @property
    def kind_name(self) -> Any:
        return targets.KINDS[self.kind]

    @property
    def shown_priority(self) -> str:
        return f"{self.priority / 1000:.1f}"

    @property
    def shown_trust(self) -> str:
        return f"{self.everyone / 1000:.2f}"

    @property
    def everyone(self) -> int:
        """The trust of all who reported it."""
        return self.weight + self.anonymous_weight

    @property
    def times_dismissed(self) -> int:
        """How often the same thing was looked at before and found in order."""
        earlier = Case.objects.filter(**targets.same(self.kind, self.key, self.owner))
        return earlier.filter(closed_at__isnull=False, measure__action="dismiss").count()

    @property
    def target(self) -> targets.Target:
        """The thing as it is now; where its owner has removed it, as it was when it was last reported."""
        found = targets.find(self.kind, self.key)
        if found is not None:
            return found
        kept = self.evidence.order_by("-id").first()
        return targets.Target(
            self.kind, self.key, self.title, self.url, self.owner, self.reach, kept.shown if kept else {}, self.course,
            self.creator, is_public=False,
        )  # fmt: skip

    def count(self, *, rule: RuleVersion, reach: int, weight: int = 0, anonymous: int = 0, kept: bool) -> None:
        """One more report. The caller holds the case."""
        self.reports_count += 1
        self.kept_count += int(kept)
        if not self.rule_code or rule.severity > self.severity:
            self.rule_code = rule.code
        self.severity, self.reach = max(self.severity, rule.severity), reach
        self.weight += weight
        self.anonymous_weight += anonymous
        self._reckon()

    def count_flag(self, *, severity: int, reach: int) -> None:
        """A detector's flag weighs as one reporter of whom nothing is known yet. The caller holds the case."""
        self.severity, self.reach = max(self.severity, severity), reach
        self.weight += priority.NEUTRAL
        self._reckon()

    def _reckon(self) -> None:
        reckoned = priority.priority(self.severity, self.reach, self.everyone)
        self.priority = priority.damped(reckoned, self.times_dismissed)
        self.due_at = sla.case_due_at(self.opened_at, self.severity)
        self.save()

    def count_strikes(self, *, severity: int, reach: int, weight: int) -> None:
        """Upheld claims ask for a look. The caller holds the case; said again, nothing changes."""
        self.severity, self.reach = max(self.severity, severity), reach
        self.weight = max(self.weight, weight)
        self._reckon()

    def close(self, at: Any) -> None:
        """Called by Measure alone, which holds the case."""
        self.closed_at = at
        self.save(update_fields=["closed_at"])

    def keep_evidence(self, target: targets.Target) -> "Evidence":
        """What the thing shows now; said again, the row that is there. The caller holds the case."""
        digest = self.digest_of(target)
        rows = self.evidence.order_by("-id")
        same = rows.filter(digest=digest).first()
        if same is None and self.evidence.count() >= MOST_EVIDENCE:
            same = rows.first()
        return same or self.evidence.create(shown=target.shown, digest=digest)

    def has_changed(self, target: targets.Target) -> bool:
        """Whether it shows by now what is not kept. Of a person any of her words may be the one that was reported."""
        kept = list(self.evidence.order_by("id").values_list("digest", flat=True))
        return bool(kept) and self.digest_of(target) not in (kept if self.kind == "person" else kept[-1:])

    @staticmethod
    def digest_of(target: targets.Target) -> str:
        """Of what the thing shows now."""
        text = json.dumps(target.shown, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class Report(models.Model):
    """Somebody says that a thing breaks a rule. Rows cannot be changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    # Nobody: somebody without an account, of whom `sender` is a one-way trace that forgets whom after a day.
    reporter = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="reports")
    sender = models.CharField(max_length=64, blank=True)
    rule = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000, blank=True)
    at_second = models.PositiveIntegerField(null=True)
    weight = models.PositiveIntegerField()
    reported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reporter"], condition=Q(reporter__isnull=False), name="one_report_a_person_and_case"
            ),
            models.UniqueConstraint(
                fields=["case", "sender"], condition=~Q(sender=""), name="one_report_a_sender_and_case"
            ),
            models.CheckConstraint(condition=Q(reporter=None) ^ Q(sender=""), name="a_report_has_one_sender"),
        ]
        indexes = [models.Index(fields=["reporter", "-reported_at"], name="report_of_person")]

    def __str__(self) -> str:
        return f"{self.case}: {self.rule}"

    @classmethod
    def forget(cls, person: User) -> None:
        """Her words go with her account; the database allows that, once."""
        cls.objects.filter(reporter=person).exclude(text=FORGOTTEN).update(text=FORGOTTEN)

    @property
    def shown_weight(self) -> str:
        return f"{self.weight / 1000:.2f}"


class Evidence(models.Model):
    """What the reported thing showed at that time. Whatever its owner does afterwards, rows cannot be changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    taken_at = models.DateTimeField(default=timezone.now)
    shown = models.JSONField(encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "digest"], name="evidence_once_a_state")]

    def __str__(self) -> str:
        return f"{self.case}: {self.taken_at:%Y-%m-%d %H:%M}"
