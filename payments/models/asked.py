"""Work that ends with what the provider says. Its silence is no try: what it is silent of is asked about for good."""

from datetime import timedelta

from django.db import models
from django.db.models import F

from marketplace.lib.errors import NoAnswer
from marketplace.lib.work import Work

# However long the silence: so often one thing is asked about.
LONGEST_PAUSE = timedelta(hours=1)


class Asked(Work):
    """A try that met silence says nothing of the row, so it is not one of those that it may die of.

    The pauses grow by all tries, and stay at an hour. What dies, dies of something else, and waits for a person.
    """

    UNTRIED = {"attempts": 0, "silences": 0}

    silences = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False, help_text="attempts that the provider did not answer"
    )

    class Meta:
        abstract = True

    @property
    def tries(self) -> int:
        return self.attempts - self.silences

    def retry_later(self, error: object, after: timedelta | None = None) -> None:
        if not isinstance(error, NoAnswer):
            super().retry_later(error, after)
            return
        pause = min(timedelta(seconds=5 * 2 ** min(self.attempts, 10)), LONGEST_PAUSE)
        self._try_after(pause, error, silences=F("silences") + 1)
