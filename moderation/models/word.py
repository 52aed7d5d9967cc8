"""Word lists: what is not to be said in public texts, and how severe it is. Rows are only ever added; a word that no
longer stands has a row that says so.
"""

from typing import Any, Self

from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import window
from marketplace.lib.errors import DomainError, NotAllowed

# Why the first lists have their words: the rows hold it in English, whoever reads it has it in her language.
FIRST_REASONS = (
    _("An insult."),
    _("Hatred of people for what they are."),
    _("Sexual content is not taught here."),
    _("Trade in what harms people."),
    _("Work or papers are sold instead of learning."),
    _("Nobody can promise that."),
    _("Leads people away, to where no right to money back holds."),
    _("Praise or sales are bought."),
    _("A word of its own, and a piece of none."),
)


class WordListed(DomainError):
    code = "word_listed"
    message = _("This word is on the list already. Withdraw it first to list it another way.")


class WordWithdrawn(DomainError):
    code = "word_withdrawn"
    message = _("Somebody has withdrawn this word already.")


class ListedWordQuerySet(models.QuerySet["ListedWord"]):
    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawal=None)

    def edition(self) -> str:
        """The name of the lists as they are: another one after each change."""
        last = self.aggregate(row=models.Max("pk"), end=models.Max("withdrawal__pk"))
        return f"{last['row'] or 0}.{last['end'] or 0}"

    @transaction.atomic
    def add(self, *, by: User, **facts: Any) -> "ListedWord":
        """List a word. `facts`: the fields of a row. Raises NotAllowed, WordListed."""
        _only_moderators(by)
        facts["text"] = " ".join(facts["text"].split())
        _hold_lists()
        if self.standing().filter(text__iexact=facts["text"]).exists():
            raise WordListed
        row = self.create(added_by=by, **facts)
        audit.record(by, "word.add", row, word=row.text, severity=row.severity, rule=row.rule_code)
        window.change()
        return row


class ListedWord(models.Model):
    """`text` in a list, with what follows from it. Append-only."""

    class Severity(models.TextChoices):
        REFUSE = "refuse", _("Refused: the text is not accepted")
        PERSON = "person", _("For a person: a moderator looks at it")
        MARK = "mark", _("Marked: creator and moderator see it")
        INNOCENT = "innocent", _("Innocent: never a finding, nor a piece of one")

    class Language(models.TextChoices):
        EN = "en", _("English")
        ZH = "zh", _("Chinese")

    text = models.CharField(_("word or words"), max_length=60)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    # A rule of the book; its wording of the day is looked up when it is read. Empty for innocent words alone.
    rule_code = models.CharField(_("rule"), max_length=40, blank=True)
    reason = models.CharField(_("why it is listed"), max_length=300)
    is_part = models.BooleanField(_("also inside other words"), default=False)
    by_sound = models.BooleanField(_("also in pinyin and in signs that sound the same"), default=False)
    # Nobody: the first lists, which came with the house.
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = ListedWordQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(language__in=["en", "zh"]), name="word_language_is_known"),
            models.CheckConstraint(
                condition=Q(severity="innocent", rule_code="")
                | Q(severity__in=["refuse", "person", "mark"]) & ~Q(rule_code=""),
                name="a_word_names_its_rule",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="a_word_is_something"),
        ]
        indexes = [models.Index(Lower("text"), name="listed_word_text")]

    def __str__(self) -> str:
        return self.text

    @property
    def told_reason(self) -> str:
        """`reason`, in the reader's language where it came with the house; else as a moderator wrote it."""
        return self.reason if self.added_by_id else gettext(self.reason)

    @property
    def is_standing(self) -> bool:
        return not hasattr(self, "withdrawal")

    @transaction.atomic
    def withdraw(self, *, by: User, reason: str) -> "WordWithdrawal":
        """It is looked for no more. Raises NotAllowed, WordWithdrawn."""
        _only_moderators(by)
        _hold_lists()
        if WordWithdrawal.objects.filter(word=self).exists():
            raise WordWithdrawn
        row = WordWithdrawal.objects.create(word=self, withdrawn_by=by, reason=reason.strip())
        audit.record(by, "word.withdraw", self, word=self.text, reason=reason)
        window.change()
        return row


class WordWithdrawal(models.Model):
    """The end of a listed word. Append-only."""

    word = models.OneToOneField(ListedWord, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"{self.word} until {self.withdrawn_at:%Y-%m-%d}"


def _only_moderators(by: User) -> None:
    if not by.has_role("moderator"):
        raise NotAllowed


def _hold_lists() -> None:
    """Two who list or withdraw the same word queue here: a lock of the database, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('moderation.words'))")
