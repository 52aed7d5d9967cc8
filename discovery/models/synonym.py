"""Words that mean the same, as staff keep them: who looks for one of them finds the other too."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Collate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import window, words
from marketplace.lib.errors import NotAllowed

# As many as a question looks up together.
MOST_WORDS = 3
LONGEST = 60
# Words that the index does not hold ("the", "after") would leave a phrase that means something else.
_HELD = "SELECT length(to_tsvector('english', %s))"


class SynonymQuerySet(models.QuerySet["Synonym"]):
    def standing(self) -> Self:
        return self.filter(retired_at=None)

    @transaction.atomic
    def curate(self, row: "Synonym", *, by: User) -> "Synonym":
        """Write a new or a changed pair; the log keeps how it was and by whom. Raises NotAllowed, ValidationError."""
        if not by.has_role("moderator"):
            raise NotAllowed
        before = self.filter(pk=row.pk).first()
        row.full_clean()
        row.save()
        verb = "synonym.edit" if before else "synonym.add"
        audit.record(by, verb, row, before=before.as_written() if before else None, after=row.as_written())
        window.change()
        return row


class Synonym(models.Model):
    """Two words, or a few words each, in letters or in signs; the order of both says nothing. Never deleted, only
    retired.
    """

    one = models.CharField(max_length=LONGEST)
    other = models.CharField(max_length=LONGEST)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = SynonymQuerySet.as_manager()

    class Meta:
        ordering = ["one", "other"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(one="") & Q(one__lt=Collate(F("other"), "C")), name="a_synonym_is_of_two_in_order"
            ),
            models.UniqueConstraint(
                fields=["one", "other"], condition=Q(retired_at=None), name="two_words_are_synonyms_once",
                violation_error_message=_("These two stand in the list already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.one} = {self.other}"

    def clean(self) -> None:
        """As questions have them: in lower case, simplified, and in order. Raises ValidationError."""
        self.one, self.other = sorted(_as_asked(text) for text in (self.one, self.other))
        if self.one == self.other:
            raise ValidationError(_("Both are the same word."))

    def as_written(self) -> dict[str, Any]:
        """For the log."""
        return {"one": self.one, "other": self.other, "retired_at": self.retired_at}


def _as_asked(text: str) -> str:
    """A word as a question is cut into. Raises ValidationError for what none would ever have."""
    line = words.normal(text)
    letters, runs = words.latin(line), words.runs(line)
    if not (letters or runs) or (letters and runs) or len(runs) > 1 or len(letters) > MOST_WORDS:
        raise ValidationError(_("Write one to three words in letters, or one in signs, on each side."))
    written = " ".join(letters or runs)
    if len(written) > LONGEST:
        raise ValidationError(_("Write one to three words in letters, or one in signs, on each side."))
    if letters and _held(written) < len(set(letters)):
        raise ValidationError(
            _("“%(word)s” has a word that search passes over, such as “the” or “after”."), params={"word": written}
        )
    return written


def _held(text: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [text])
        return int(cursor.fetchone()[0])
