"""The rule book: what is asked of content, of commerce and of intellectual property. A rule is a code, and each wording
of it a row; rows are only ever added, so an old decision is read with the words of its day.
"""

from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import window
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.spoken import reads_chinese

# For so long a change can be commented on before it comes into force.
COMMENT_PERIOD = timedelta(days=14)
MOST_COMMENTS = 5
# What stands for the words of somebody whose account is deleted.
FORGOTTEN = "…"


class TooSoon(DomainError):
    code = "rule_too_soon"
    status = 400
    message = _("A change of the rules comes into force 14 days after it is announced at the earliest.")


class ChangeWaits(DomainError):
    code = "rule_change_waits"
    message = _("A change of this rule is announced already. Withdraw it, or wait until it is in force.")


class UnknownRule(DomainError):
    code = "unknown_rule"
    status = 400
    message = _("There is no such rule in force.")


class AlreadyInForce(DomainError):
    code = "rule_in_force"
    message = _("This wording is in force. Announce another one.")


class NotOpenForComments(DomainError):
    code = "rule_not_open_for_comments"
    message = _("Comments on this change are closed.")


class TooManyComments(DomainError):
    code = "too_many_comments"
    message = _("You have written as many comments on this change as one person may.")


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    def standing(self) -> Self:
        """Not withdrawn before it came into force."""
        return self.filter(withdrawal=None)

    @transaction.atomic
    def announce(self, code: str, *, by: User, in_force_at: datetime, **words: Any) -> "RuleVersion":
        """The next wording of a rule, or the first of a new one. Raises NotAllowed, TooSoon, ChangeWaits.

        `words`: the fields of a wording. Two announcements of one rule at once: its number is taken once.
        """
        _only_admin(by)
        now = timezone.now()
        if in_force_at < now + COMMENT_PERIOD:
            raise TooSoon
        # The number first: whoever commits after it was read takes the same one, whoever committed before is seen here.
        number = (self.filter(code=code).aggregate(last=models.Max("number"))["last"] or 0) + 1
        if self.standing().filter(code=code, in_force_at__gt=now).exists():
            raise ChangeWaits
        try:
            with transaction.atomic():
                row = self.create(
                    code=code, number=number, announced_by=by, announced_at=now,
                    comments_until=now + COMMENT_PERIOD, in_force_at=in_force_at, **words,
                )  # fmt: skip
        except IntegrityError:
            raise ChangeWaits from None
        audit.record(by, "rule.announce", row, rule=code, number=number, in_force_at=in_force_at)
        window.change()
        return row


class RuleVersion(models.Model):
    """One wording of a rule. It holds from `in_force_at` until the next wording does; `is_end` ends the rule then."""

    class Area(models.TextChoices):
        CONTENT = "content", _("Content")
        COMMERCE = "commerce", _("Commerce")
        RIGHTS = "rights", _("Intellectual property")

    class Severity(models.IntegerChoices):
        SLIGHT = 1, _("slight")
        NOTABLE = 2, _("notable")
        SERIOUS = 3, _("serious")
        GRAVE = 4, _("grave")

    code = models.SlugField(max_length=40)
    number = models.PositiveSmallIntegerField()
    area = models.CharField(_("area"), max_length=12, choices=Area.choices)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity.choices)
    # What it is about: kinds of `moderation.targets`.
    applies_to = ArrayField(models.CharField(max_length=16))
    # Whether the rubric asks for it before a course is published, and what a finding of it can point to.
    is_reviewed = models.BooleanField(default=False)
    about = models.CharField(max_length=8, default="lesson")
    # A course taken off the sale under it is taken from its learners too, who get their money back.
    ends_access = models.BooleanField(default=False)
    is_end = models.BooleanField(default=False)
    title_en = models.CharField(max_length=120)
    title_zh = models.CharField(max_length=120)
    text_en = models.TextField(max_length=2000)
    text_zh = models.TextField(max_length=2000)
    # [{"breaks": true, "en": "…", "zh": "…"}]: what breaks it and what does not.
    examples = models.JSONField(default=list)
    why_en = models.CharField(max_length=500, blank=True)
    why_zh = models.CharField(max_length=500, blank=True)
    # Nobody: the first book, which came with the house.
    announced_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()
    comments_until = models.DateTimeField()
    in_force_at = models.DateTimeField()

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="one_wording_a_number"),
            models.CheckConstraint(condition=Q(area__in=["content", "commerce", "rights"]), name="rule_area_is_known"),
            models.CheckConstraint(condition=Q(severity__range=(1, 4)), name="rule_severity_is_known"),
            models.CheckConstraint(condition=Q(about__in=["course", "lesson"]), name="rule_is_about_something"),
            models.CheckConstraint(
                condition=Q(announced_by=None)
                | Q(comments_until__gte=F("announced_at") + COMMENT_PERIOD, in_force_at__gte=F("comments_until")),
                name="a_rule_can_be_commented_on_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"

    @property
    def title(self) -> str:
        return self.title_zh if reads_chinese() else self.title_en

    @property
    def text(self) -> str:
        return self.text_zh if reads_chinese() else self.text_en

    @property
    def why(self) -> str:
        return self.why_zh if reads_chinese() else self.why_en

    @property
    def told_examples(self) -> list[dict[str, Any]]:
        """The examples in the reader's language: dicts of `breaks` and `text`."""
        language = "zh" if reads_chinese() else "en"
        return [{"breaks": example["breaks"], "text": example[language]} for example in self.examples]

    @property
    def is_open_for_comments(self) -> bool:
        return self.announced_by_id is not None and timezone.now() < self.comments_until

    @transaction.atomic
    def comment(self, *, by: User, text: str) -> "RuleComment":
        """Raises NotOpenForComments, TooManyComments."""
        if not self.is_open_for_comments or RuleWithdrawal.objects.filter(rule=self).exists():
            raise NotOpenForComments
        # Held, so that one person's comments are counted one after the other.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        if self.comments.filter(by=by).count() >= MOST_COMMENTS:
            raise TooManyComments
        return self.comments.create(by=by, text=text.strip())

    @transaction.atomic
    def withdraw(self, *, by: User, reason: str) -> "RuleWithdrawal":
        """An announced wording does not come into force. Raises NotAllowed, AlreadyInForce."""
        _only_admin(by)
        if self.in_force_at <= timezone.now():
            raise AlreadyInForce
        row, is_new = RuleWithdrawal.objects.get_or_create(rule=self, defaults={"withdrawn_by": by, "reason": reason})
        if is_new:
            audit.record(by, "rule.withdraw", self, reason=reason)
            window.change()
        return row


class RuleWithdrawal(models.Model):
    """An announced wording that was taken back before it came into force. Rows cannot be changed."""

    rule = models.OneToOneField(RuleVersion, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return str(self.rule)


class RuleComment(models.Model):
    """What somebody said of an announced wording. Read by its author and by the staff. Rows cannot be changed."""

    rule = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="comments")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(max_length=2000)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_rule_comment_says_something")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.by}"

    @classmethod
    def forget(cls, person: User) -> None:
        """Her words go with her account; the database allows that, once."""
        cls.objects.filter(by=person).exclude(text=FORGOTTEN).update(text=FORGOTTEN)


def _only_admin(by: User) -> None:
    if not by.has_role("admin"):
        raise NotAllowed
