"""What people vote for: one vote a person, which she may take back, and a column that has their number."""

from typing import Any, ClassVar

from django.db import models

from accounts.models import User


class Voted(models.Model):
    """Its votes are the rows `votes`, each with a `voter`. `COUNT` names the column that follows them."""

    COUNT: ClassVar[str]
    votes: Any

    class Meta:
        abstract = True

    def _take_vote(self, voter: User, stands: bool) -> None:
        """From now on it stands, or it does not; twice is as good as once. With the row locked."""
        if stands:
            self.votes.get_or_create(voter=voter)
        else:
            self.votes.filter(voter=voter).delete()
        setattr(self, self.COUNT, self.votes.count())
        self.save(update_fields=[self.COUNT])
