"""Who a creator is to a tax office, as she says it: sealed at rest, each change a row, forgotten after its time."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import models
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from creators.models import Creator
from marketplace.lib import sealing

_PURPOSE = b"kezhan tax identities 1"
# For so long after it was given, and after the last report that names it, tax offices may ask (ten years in most laws).
KEPT = timedelta(days=10 * 366)


@dataclass(frozen=True)
class TaxDetails:
    """What she says. `country` is ISO 3166, upper case; address lines by newline; a number may be empty."""

    kind: str
    legal_name: str
    country: str
    tax_number: str
    vat_id: str
    address: str


class TaxIdentityQuerySet(models.QuerySet["TaxIdentity"]):
    def give(self, creator: Creator, *, by: User, details: TaxDetails) -> "TaxIdentity":
        token = sealing.keys(_PURPOSE).encrypt(json.dumps(asdict(details), ensure_ascii=False).encode()).decode()
        return self.create(
            creator=creator, given_by=by, given_at=timezone.now(), sealed=token, has_number=bool(details.tax_number)
        )

    def of(self, creator: Creator) -> "TaxIdentity | None":
        """What she said last."""
        return self.filter(creator=creator).order_by("-id").first()

    def newest_of(self, creators: Iterable[int]) -> "dict[int, TaxIdentity]":
        """Creator → what she said last."""
        last = self.filter(creator_id__in=creators).values("creator_id").annotate(last=Max("pk")).values("last")
        return {row.creator_id: row for row in self.filter(pk__in=last)}

    def seal_anew(self) -> tuple[int, int]:
        """All under the site's present key. Returns how many are, and how many no key opens."""
        done = unread = 0
        for row in self.exclude(sealed="").order_by("pk").iterator():
            try:
                token = sealing.keys(_PURPOSE).rotate(row.sealed.encode()).decode()
            except InvalidToken:
                unread += 1
                continue
            done += self.filter(pk=row.pk, sealed=row.sealed).update(sealed=token)
        return done, unread

    def forget_old(self) -> int:
        """Empty what was given, and last reported, longer ago than KEPT. Returns how many."""
        limit = timezone.now() - KEPT
        reported = Q(reports__issued_at__gte=limit)
        due = self.filter(given_at__lt=limit).exclude(sealed="").exclude(reported).values_list("pk", flat=True)
        return self.filter(pk__in=list(due)).update(sealed="")


class TaxIdentity(models.Model):
    """One version of a creator's tax identity. The database lets nothing of a row change but its seal, which is made
    anew with a new key of the site, or emptied when its time is over.

    `has_number` says whether a tax number is among it, so that whoever lacks one is found without opening anything.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("A person")
        COMPANY = "company", _("A company or organization")

    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="tax_identities")
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    sealed = models.TextField(blank=True)
    has_number = models.BooleanField()

    objects = TaxIdentityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tax identities"

    def __str__(self) -> str:
        return f"tax identity {self.pk}"

    @property
    def details(self) -> TaxDetails | None:
        """Opened; None when it was forgotten, or no key of the site opens it."""
        try:
            opened: dict[str, Any] = json.loads(sealing.keys(_PURPOSE).decrypt(self.sealed.encode()))
        except InvalidToken:
            return None
        return TaxDetails(**opened)
