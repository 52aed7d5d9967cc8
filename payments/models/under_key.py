"""Under which key the provider is asked to move money, and since when that may have happened.

The same key for every try, so that many have one effect. Only a provider that shows no trace of any of them is asked
under another, and never before the last call is settled: what it did may come to light late.
"""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

# So long the effect of a call may stay hidden: within it, a look that finds nothing does not say that there is nothing.
SETTLES_WITHIN = timedelta(hours=1)


class NotSettled(Exception):
    """What the last call did may not be seen yet, so nothing may be asked for under another key."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"for {wait}")


class AskedUnderKey(models.Model):
    """A part of work that is a call to the provider."""

    # How long the present key is used. Under it the provider may keep a failure that it would only say again.
    KEY_LIFE: ClassVar[timedelta]

    # Which key the provider is asked under. It rises only when the old key's effect is known to be none.
    key_no = models.PositiveSmallIntegerField(default=1, db_default=1)
    key_used_at = models.DateTimeField(null=True)
    # The last call under it.
    asked_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def key_has_aged(self, at: datetime) -> bool:
        return self.key_used_at is not None and at - self.key_used_at > self.KEY_LIFE

    def settles_in(self, at: datetime) -> timedelta:
        """How long until a look at the provider says for certain whether the last call had an effect; 0: it does."""
        asked_at = self.asked_at or self.key_used_at
        return timedelta(0) if asked_at is None else max(timedelta(0), asked_at + SETTLES_WITHIN - at)

    def ask_now(self, at: datetime) -> None:
        """It is asked for now: under the present key, or where that has aged under the next. Its caller has looked, and
        holds the row. Raises NotSettled.
        """
        if self.key_has_aged(at):
            if wait := self.settles_in(at):
                raise NotSettled(wait)
            self.key_no += 1
            self.key_used_at = at
        self.asked_at, self.key_used_at = at, self.key_used_at or at
        self.save(update_fields=["key_no", "key_used_at", "asked_at"])
