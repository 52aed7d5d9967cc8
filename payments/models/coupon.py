"""Codes that make courses cheaper: for which of them, from when until when, how often, and who bears what is taken off.

Whoever makes a coupon bears it: a creator for her own courses, the platform for anybody's. The terms never change; a
coupon that is wrong is ended and another one made.
"""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import audit
from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import CURRENCIES

from ..discounts import WHOLE
from .coupon_terms import CouponTerms

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read for another
MADE_LENGTH = 10  # 30 ** 10 codes: at ten tries in a quarter of an hour nobody finds one
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{3,23}", re.ASCII)


class CouponRefused(DomainError):
    """A code does not help this buyer with these courses; without it she can pay."""

    code = "coupon_refused"


class CodeTaken(DomainError):
    code = "coupon_code_taken"
    message = _("There is a code like this already. Choose another one.")


class CouponEnded(DomainError):
    code = "coupon_ended"
    message = _("This coupon has been ended already.")


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _letter in range(MADE_LENGTH))


def as_code(text: str) -> str:
    """A code as it is kept, however it was typed; "" for what cannot be one."""
    plain = re.sub(r"\s", "", text).upper()
    return plain if CODE.fullmatch(plain) else ""


class CouponQuerySet(models.QuerySet["Coupon"]):
    def of(self, creator: Creator) -> "CouponQuerySet":
        """What a creator made."""
        return self.filter(creator=creator)

    def of_platform(self) -> "CouponQuerySet":
        return self.filter(creator=None)

    def named(self, code: str) -> "Coupon | None":
        """By its code, however it was typed."""
        kept = as_code(code)
        rows = self.select_related("creator").prefetch_related("courses")
        return rows.filter(code=kept).first() if kept else None

    def hold(self, pk: int) -> "Coupon":
        """Lock one coupon for the rest of the transaction: who takes a seat of it starts here."""
        return self.select_for_update(no_key=True, of=("self",)).get(pk=pk)

    def hold_all(self, pks: Iterable[int]) -> dict[int, "Coupon"]:
        """`hold`, for many in order of their keys."""
        rows = self.filter(pk__in=list(pks)).select_for_update(no_key=True, of=("self",)).order_by("pk")
        return {coupon.pk: coupon for coupon in rows}

    @transaction.atomic
    def make(
        self, *, by: Any, kind: str, creator: Creator | None = None, code: str = "", courses: Iterable[Course] = (),
        **terms: Any,
    ) -> "Coupon":  # fmt: skip
        """A coupon of `creator`, or of the platform; without a `code` one is made that nobody guesses.

        `terms`: value (basis points, or minor units of `currency`), currency, starts_at, ends_at, cap_total,
        cap_person, min_amount_minor, min_courses; of the platform's also most_minor and most_currency. Raises
        NotAllowed, CodeTaken, ValidationError by field.
        """
        if not (by.has_role("finance") if creator is None else creator.user_id == by.pk):
            raise NotAllowed
        if code and not as_code(code):
            raise ValidationError({"code": _("A code has 4 to 24 letters, digits and hyphens.")})
        now = clock.now()
        bearer = Coupon.Bearer.PLATFORM if creator is None else Coupon.Bearer.CREATOR
        coupon = self.model(
            kind=kind, creator=creator, bearer=bearer, code=as_code(code) or new_code(), made_by=by, made_at=now,
            **{**terms, "starts_at": terms.get("starts_at") or now},
        )  # fmt: skip
        scope = list(courses)
        coupon.must_make_sense(scope)
        try:
            with transaction.atomic():
                coupon.save(force_insert=True)
        except IntegrityError:
            if self.filter(code=coupon.code).exists():
                raise CodeTaken from None
            raise
        coupon.courses.set(scope)
        audit.record(by, "coupon.make", coupon, code=coupon.code, kind=kind, value=coupon.value)
        return coupon


class Coupon(CouponTerms):
    """Whoever gives this code pays less, as long as it holds and has seats left. `seats_taken`: reserved and used."""

    class Bearer(models.TextChoices):
        CREATOR = "creator", _("The creator")
        PLATFORM = "platform", _("The platform")

    code = models.CharField(max_length=24, unique=True)
    creator = models.ForeignKey(Creator, null=True, on_delete=models.PROTECT, related_name="coupons")
    bearer = models.CharField(max_length=8, choices=Bearer.choices)
    courses = models.ManyToManyField(Course, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    cap_total = models.PositiveIntegerField(null=True)
    cap_person = models.PositiveIntegerField(null=True, default=1)
    seats_taken = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=300, blank=True)

    objects = CouponQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="percent", value__gt=0, value__lt=WHOLE)
                | Q(kind__in=["amount", "fixed_price"], value__gt=0) & ~Q(currency="")
                | Q(kind="free", value=0),
                name="coupon_value_fits_kind",
            ),
            models.CheckConstraint(condition=Q(currency__in=["", *CURRENCIES]), name="coupon_currency_is_known"),
            models.CheckConstraint(
                condition=Q(creator=None, bearer="platform") | Q(creator__isnull=False, bearer="creator"),
                name="coupon_borne_by_its_maker",
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9][A-Z0-9-]{3,23}$"), name="coupon_code_shape"),
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="coupon_window"),
            models.CheckConstraint(
                condition=Q(cap_total=None) | Q(cap_total__gte=F("seats_taken")), name="coupon_seats_within_cap"
            ),
            # What one order may cost, so often, is all that a code that leaked can cost.
            models.CheckConstraint(
                condition=Q(creator__isnull=False) | Q(cap_total__isnull=False), name="coupon_of_platform_has_a_cap"
            ),
            models.CheckConstraint(
                condition=Q(min_amount_minor=0) | ~Q(currency=""), name="coupon_minimum_has_a_currency"
            ),
            models.CheckConstraint(
                condition=Q(creator=None, most_minor__gt=0, most_currency__in=[*CURRENCIES]) & ~Q(kind="amount")
                | (Q(creator__isnull=False) | Q(kind="amount")) & Q(most_minor=0, most_currency=""),
                name="coupon_of_platform_has_a_most",
            ),
            models.CheckConstraint(
                condition=Q(most_currency="") | Q(currency="") | Q(most_currency=F("currency")),
                name="coupon_most_in_its_currency",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="coupon_ended_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["creator", "-id"], name="coupon_of_creator")]

    def __str__(self) -> str:
        return self.code

    @property
    def seats_left(self) -> int | None:
        return None if self.cap_total is None else self.cap_total - self.seats_taken

    def holds_at(self, at: datetime) -> bool:
        """Whether its time has come, is not over, and nobody ended it."""
        return self.ended_at is None and self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

    def state_at(self, at: datetime) -> str:
        """ended, coming, over, full or open."""
        if self.ended_at:
            return "ended"
        if at < self.starts_at:
            return "coming"
        if self.ends_at and self.ends_at <= at:
            return "over"
        return "full" if self.seats_left == 0 else "open"

    def must_make_sense(self, scope: list[Course]) -> None:
        """Raises ValidationError by field for terms that no buyer could use, or that are not the maker's to give."""
        wrong = {
            "value": self.wrong_value(),
            "ends_at": _("It ends before it begins.") if self.ends_at and self.ends_at <= self.starts_at else "",
            "cap_total": self._wrong_cap(),
            "cap_person": _("At least one.") if self.cap_person == 0 else "",
            "currency": _("Choose the currency of the least amount.")
            if self.min_amount_minor and not self.currency
            else "",
            "most": self.wrong_most(is_platform=self.creator_id is None),
            "courses": _("Only your own courses can be made cheaper.")
            if self.creator_id and any(course.creator_id != self.creator_id for course in scope)
            else "",
        }
        if found := {field: said for field, said in wrong.items() if said}:
            raise ValidationError(found)  # type: ignore[arg-type]

    def _wrong_cap(self) -> Any:
        if self.cap_total is None and self.creator_id is None:
            return _("Say for how many orders it is: the platform pays for each of them.")
        return _("At least one.") if self.cap_total == 0 else ""

    def take_seat(self) -> bool:
        """One seat fewer; False when none is left. The caller holds the coupon."""
        if self.seats_left == 0:
            return False
        Coupon.objects.filter(pk=self.pk).update(seats_taken=F("seats_taken") + 1)
        self.seats_taken += 1
        return True

    def give_seat_back(self) -> None:
        Coupon.objects.filter(pk=self.pk).update(seats_taken=F("seats_taken") - 1)

    @transaction.atomic
    def end(self, *, by: Any, reason: str = "") -> None:
        """Nobody can use it from now on; seats that are reserved may still be paid. Raises NotAllowed, CouponEnded."""
        is_hers = self.creator is not None and self.creator.user_id == by.pk
        if not is_hers and not by.has_role("finance"):
            raise NotAllowed
        ended = Coupon.objects.filter(pk=self.pk, ended_at=None).update(
            ended_at=clock.now(), ended_by=by, end_reason=reason[:300]
        )
        if not ended:
            raise CouponEnded
        self.refresh_from_db(fields=["ended_at", "ended_by", "end_reason"])
        audit.record(by, "coupon.end", self, code=self.code, reason=reason)
