"""What a person is told on the site itself: the words of each mail, in every language, until they are old."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language

from .user import User

# A notice that was read goes after a season, one that nobody reads after a year.
READ_KEPT_FOR = timedelta(days=90)
KEPT_FOR = timedelta(days=365)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, person: Any) -> "NoticeQuerySet":
        return self.filter(person_id=person.pk) if person.pk else self.none()

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def keep(self, key: str, person: Any, kind: str, words: dict[str, Any], link: str) -> None:
        """Once a key, as the mail beside it."""
        row = Notice(key=key, person=person, kind=kind, words=words, link=link)
        Notice.objects.bulk_create([row], ignore_conflicts=True)

    def read(self) -> int:
        """All of these are read now; how many were not before."""
        return self.unread().update(read_at=timezone.now())

    def expire(self, now: datetime) -> int:
        """What was read long ago, or told very long ago, goes; how many."""
        gone, _by_kind = self.filter(Q(read_at__lt=now - READ_KEPT_FOR) | Q(told_at__lt=now - KEPT_FOR)).delete()
        return gone


class Notice(models.Model):
    """One step that somebody is told of. `kind` is its mail's template; `words` has {title, text, label} by language,
    since what a mail is about may be gone by the time that it is read. `link` is a path of this site, or empty.
    """

    key = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=80)
    words = models.JSONField()
    link = models.CharField(max_length=500, blank=True)
    told_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="notices_of_person"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notices_unread"),
            models.Index(fields=["told_at"], name="notices_old"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def said(self) -> dict[str, str]:
        """{title, text, label} in the language of whoever reads now."""
        return self.words.get(get_language() or "") or self.words.get(self.person.language) or self.words["en"]

    @property
    def title(self) -> str:
        return self.said["title"]

    @property
    def text(self) -> str:
        return self.said["text"]

    @property
    def label(self) -> str:
        return self.said["label"]


def unread_of() -> Coalesce:
    """An annotation of User: how many notices of hers are unread. It comes with the row, not by a query of its own."""
    hers = Notice.objects.unread().filter(person=OuterRef("pk")).order_by()
    return Coalesce(Subquery(hers.values("person").annotate(n=Count("pk")).values("n")), 0)
