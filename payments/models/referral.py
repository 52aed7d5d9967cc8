"""Links by which creators and promoters bring buyers, and how often each was followed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed

from .coupon import as_code, new_code
from .promoter_stop import PromoterStop


class ReferralEnded(DomainError):
    code = "referral_ended"
    message = _("This link has been ended already.")


class TooManyLinks(DomainError):
    code = "too_many_links"
    message = _("You have as many links as one person can have. End one that you do not need.")


class NotPromotable(DomainError):
    code = "course_not_promotable"
    message = _("This course cannot be promoted: it is not on sale.")


class ReferralQuerySet(models.QuerySet["Referral"]):
    def of(self, owner: Creator) -> "ReferralQuerySet":
        return self.filter(owner=owner)

    def open(self) -> "ReferralQuerySet":
        return self.filter(ended_at=None)

    def named(self, code: str) -> "Referral | None":
        kept = as_code(code)
        return self.select_related("owner", "course").filter(code=kept).first() if kept else None

    def with_clicks(self) -> "ReferralQuerySet":
        return self.annotate(clicks=Coalesce(Sum("days__clicks"), 0))

    @transaction.atomic
    def make(self, *, owner: Creator, by: Any, kind: str, course: Course | None = None, label: str = "") -> "Referral":
        """A new link. One to a course of her own is an own link whatever `kind` says, one to another's is not.

        Raises NotAllowed, NotPromotable, TooManyLinks.
        """
        if owner.user_id != by.pk:
            raise NotAllowed
        if course is not None:
            if not course.is_on_sale:
                raise NotPromotable(course=course.slug)
            is_closed = PromoterStop.objects.open().filter(creator=course.creator_id).exists()
            if is_closed and course.creator_id != owner.pk:
                raise NotPromotable(_("Its creator does not want it to be promoted."), course=course.slug)
            kind = Referral.Kind.OWN if course.creator_id == owner.pk else Referral.Kind.AFFILIATE
        if self.of(owner).open().count() >= Referral.MOST:
            raise TooManyLinks
        return self.create(
            code=new_code(), owner=owner, kind=kind, course=course, label=label.strip(), made_at=clock.now()
        )


class Referral(models.Model):
    """Whoever follows this link was brought by `owner`: to one course, to all of hers (own), or to all (affiliate)."""

    class Kind(models.TextChoices):
        OWN = "own", _("To your own courses")
        AFFILIATE = "affiliate", _("To other creators' courses")

    MOST = 200

    code = models.CharField(max_length=24, unique=True)
    owner = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="referrals")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    course = models.ForeignKey(Course, null=True, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    clicks: int  # of rows of `with_clicks()`

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9][A-Z0-9-]{3,23}$"), name="referral_code_shape")
        ]
        indexes = [models.Index(fields=["owner", "-id"], name="referral_of_owner")]

    def __str__(self) -> str:
        return self.code

    def end(self, *, by: Any) -> None:
        """Orders that are placed from now on are not credited to it. Raises NotAllowed, ReferralEnded."""
        if self.owner.user_id != by.pk:
            raise NotAllowed
        if not Referral.objects.filter(pk=self.pk, ended_at=None).update(ended_at=clock.now()):
            raise ReferralEnded
        self.refresh_from_db(fields=["ended_at"])


class ReferralDayQuerySet(models.QuerySet["ReferralDay"]):
    @transaction.atomic
    def add(self, day: date, clicks: Mapping[str, int]) -> None:
        """So many more clicks a code on that day; codes that name no link are dropped."""
        known = Referral.objects.filter(code__in=list(clicks)).values_list("code", "pk").order_by("pk")
        for code, pk in known:
            row, _is_new = self.get_or_create(referral_id=pk, day=day)
            self.filter(pk=row.pk).update(clicks=F("clicks") + clicks[code])


class ReferralDay(models.Model):
    """How often a link was followed on a day (UTC). A count to go by, not a ground for money."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    clicks = models.PositiveIntegerField(default=0)

    objects = ReferralDayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["referral", "day"], name="one_row_a_link_and_day")]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.day}: {self.clicks}"
