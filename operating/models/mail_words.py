"""Other words for the sentences of a mail, by kind and language: one row a change, the last one counts."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed

from .. import mail_kinds
from ..held import changed


class MailEditedElsewhere(DomainError):
    code = "mail_edited_elsewhere"
    message = _("Somebody has changed this mail meanwhile. Open it again, and put your change into it.")


class MailWordsQuerySet(models.QuerySet["MailWords"]):
    def present(self, kind: str, language: str) -> "MailWords | None":
        return self.filter(kind=kind, language=language).order_by("-number").first()

    def newest(self) -> "MailWordsQuerySet":
        """The last one of each mail and language."""
        return self.order_by("kind", "language", "-number").distinct("kind", "language")

    def write(self, kind: str, language: str, words: dict[str, str], *, by: User, why: str, seen: int) -> "MailWords":
        """All other words of a mail, by the sentences' keys; none of them: it is as it comes. `seen`: the number of the
        change that the writer saw. Raises NotAllowed, MailEditedElsewhere, ValidationError by key.
        """
        if not by.has_role("admin"):
            raise NotAllowed
        words = {key: text.replace("\r\n", "\n").replace("\r", "\n").strip() for key, text in words.items()}
        with translation.override(language):
            mail_kinds.must_fit(kind, words)
        last = self.present(kind, language)
        if seen != (last.number if last else 0):
            raise MailEditedElsewhere
        if not why.strip():
            raise ValidationError({"why": _("Say why, for the record.")})
        told = {"kind": kind, "language": language, "number": seen + 1, "words": words, "by": by, "why": why.strip()}
        try:
            with transaction.atomic():
                row = self.create(**told)
                facts = {"kind": kind, "language": language, "number": row.number, "why": row.why}
                audit.record(by, "mail_words.write", row, **facts)
                changed()
        except IntegrityError:
            raise MailEditedElsewhere from None
        return row


class MailWords(models.Model):
    """From `at` on a kind of mail says these sentences so. The database refuses changes."""

    kind = models.CharField(max_length=80)
    language = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    # {sentence as the template has it: other words, with {places}}
    words = models.JSONField(default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    why = models.CharField(_("why"), max_length=300)

    objects = MailWordsQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "language", "number"], name="words_of_mails_are_numbered"),
            models.CheckConstraint(condition=models.Q(language__in=["en", "zh-hans"]), name="a_mail_is_in_a_language"),
            models.CheckConstraint(condition=~models.Q(why=""), name="words_of_mails_say_why"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.number}"
