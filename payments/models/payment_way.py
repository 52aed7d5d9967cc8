"""Ways to pay by hand that finance has set up: an account, or a code to scan.

Rows are versions. The newest one that a second person has approved stands; one that only switches the way off needs
nobody's yes, since it leads no money anywhere.
"""

from collections.abc import Sequence
from typing import Any, Self

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import currency_choices
from marketplace.lib.spoken import reads_chinese

from .ledger_kinds import Book

# What each version says anew; the rest is the way's own and stays.
TOLD = ("name_en", "name_zh", "holder", "account", "bank_code", "instructions_en", "instructions_zh", "is_on", "qr")


class WayChanged(DomainError):
    code = "payment_way_changed"
    message = _("Somebody else changed this meanwhile. Look at it again.")


class PaymentWayQuerySet(models.QuerySet["PaymentWay"]):
    def standing(self) -> Self:
        """The version of each way of the present book that buyers and arrivals go by."""
        return self._newest(Q(is_on=False) | Q(verdict__approves=True))

    def present(self) -> Self:
        """The newest version of each way that was not declined: it stands, or waits for a second person."""
        return self._newest(~Q(verdict__approves=False)).select_related("set_by", "verdict")

    def _newest(self, which: Q) -> Self:
        rows = self.model.objects.filter(which, book=settings.PAYMENTS_BOOK)
        return self.filter(pk__in=rows.order_by("code", "-version").distinct("code").values("pk"))

    def offered(self, currency: str) -> Self:
        return self.standing().filter(is_on=True, currency=currency).order_by("pk")

    def versions(self, code: str) -> Self:
        """The newest first."""
        found = self.filter(book=settings.PAYMENTS_BOOK, code=code)
        return found.select_related("set_by", "verdict__by").order_by("-version")

    def seen(self, code: str, version: int | str) -> "PaymentWay":
        """The version that somebody of finance looked at. Raises WayChanged for one that is not there, or was not
        named: nobody decides on what she does not name.
        """
        found = next((row for row in self.versions(code) if str(row.version) == str(version)), None)
        if found is None:
            raise WayChanged
        return found

    def hold(self, code: str) -> list["PaymentWay"]:
        """The versions, the newest first, for who holds them: nobody else adds one or decides on one."""
        list(self.filter(book=settings.PAYMENTS_BOOK, code=code, version=1).select_for_update(no_key=True))
        return list(self.versions(code))

    def set_up(
        self, *, by: User, kind: str, currency: str, reason: str, qr: ContentFile | None = None, **told: Any
    ) -> "PaymentWay":  # fmt: skip
        """A new way. `qr` is a picture that was cleaned. Raises NotAllowed."""
        first = PaymentWay(code=self._free_code(told["name_en"], currency), version=1, kind=kind, currency=currency)
        return self._note(first, by, reason, told, qr)

    def change(
        self, way: "PaymentWay", *, by: User, reason: str, qr: ContentFile | None = None, **told: Any
    ) -> "PaymentWay":
        """The next version of a way, from the present one, `way`; what is not told, its picture too, stays as it was
        there. Raises NotAllowed, WayChanged.

        Two who change the same version at once: the database takes one.
        """
        versions = list(self.versions(way.code))
        if present_of(versions).pk != way.pk:
            raise WayChanged
        row = PaymentWay(code=way.code, version=versions[0].version + 1, kind=way.kind, currency=way.currency)
        return self._note(row, by, reason, {name: getattr(way, name) for name in TOLD} | told, qr)

    def _note(
        self, row: "PaymentWay", by: User, reason: str, told: dict[str, Any], qr: ContentFile | None
    ) -> "PaymentWay":
        if not by.has_role("finance"):
            raise NotAllowed
        for name, value in told.items():
            setattr(row, name, value)
        row.book, row.set_by, row.set_at, row.reason = settings.PAYMENTS_BOOK, by, clock.now(), reason
        if qr is not None:
            row.qr.save(f"{row.code}-{row.version}.webp", qr, save=False)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
                facts = {"version": row.version, "is_on": row.is_on, "account": row.account, "reason": reason}
                audit.record(by, "payment_way.set", row, code=row.code, currency=row.currency, **facts)
        except IntegrityError:
            raise WayChanged from None
        return row

    def _free_code(self, name: str, currency: str) -> str:
        stem = f"{slugify(name)[:24].strip('-') or 'way'}-{currency.lower()}"
        taken = set(self.filter(code__startswith=stem).values_list("code", flat=True))
        return next(code for n in range(1, len(taken) + 2) if (code := stem if n == 1 else f"{stem}-{n}") not in taken)


class PaymentWay(models.Model):
    """Where buyers of a currency may send money themselves, from `set_at` on. Append-only."""

    class Kind(models.TextChoices):
        BANK = "bank_transfer", _("Bank transfer")
        ALIPAY = "alipay", _("Alipay")
        WECHAT = "wechat_pay", _("WeChat Pay")

    book = models.CharField(max_length=8, choices=Book.choices)
    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    currency = models.CharField(_("currency"), max_length=3, choices=currency_choices())
    name_en = models.CharField(_("name in English"), max_length=60)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    holder = models.CharField(_("account holder"), max_length=70)
    account = models.CharField(_("account number or IBAN"), max_length=34, blank=True)
    bank_code = models.CharField(_("BIC (SWIFT code) or bank code"), max_length=16, blank=True)
    instructions_en = models.TextField(_("what to do, in English"), max_length=1000, blank=True)
    instructions_zh = models.TextField(_("what to do, in Chinese"), max_length=1000, blank=True)
    qr = models.ImageField(_("picture of a QR code"), upload_to="ways/", blank=True)
    is_on = models.BooleanField(_("new orders may be paid so"), default=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    reason = models.CharField(max_length=500)

    objects = PaymentWayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "code", "version"], name="one_version_of_a_payment_way"),
            models.CheckConstraint(
                condition=~Q(name_en="") & ~Q(name_zh="") & ~Q(holder="") & ~Q(reason=""),
                name="payment_way_is_named_for_a_reason",
            ),
            models.CheckConstraint(
                condition=(Q(kind="bank_transfer") & ~Q(account="")) | (~Q(kind="bank_transfer") & ~Q(qr="")),
                name="payment_way_leads_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    # Of rows with their verdict at hand.
    @property
    def approved(self) -> bool | None:
        """What the second person said; None while nobody has."""
        verdict = getattr(self, "verdict", None)
        return verdict.approves if verdict else None

    @property
    def waits(self) -> bool:
        """For a second person's yes, as long as no newer version is there."""
        return self.is_on and self.approved is None

    @property
    def leads(self) -> tuple[str, ...]:
        """All that buyers read of it."""
        return tuple(str(getattr(self, name)) for name in TOLD if name != "is_on")

    @property
    def holds(self) -> bool:
        return not self.is_on or self.approved is True

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if reads_chinese() else self.name_en

    @property
    def instructions(self) -> str:
        first, second = (self.instructions_zh, self.instructions_en) if reads_chinese() else (
            self.instructions_en, self.instructions_zh)  # fmt: skip
        return first or second

    @property
    def is_iban(self) -> bool:
        return self.kind == self.Kind.BANK and self.account[:2].isalpha()

    @property
    def account_in_groups(self) -> str:
        """As people read it; an IBAN in fours."""
        if not self.is_iban:
            return self.account
        return " ".join(self.account[at : at + 4] for at in range(0, len(self.account), 4))


def present_of(versions: Sequence[PaymentWay]) -> PaymentWay:
    """Of a way's versions, the newest first, the one that a change goes on from: the newest that was not declined."""
    return next((row for row in versions if row.approved is not False), versions[0])


def hands_in(versions: Sequence[PaymentWay], way: PaymentWay) -> set[int]:
    """Who had a hand in what this version says: whoever set it, or one before it since the newest that was approved. A
    version that only switched the way off is none of these. `versions`: the newest first.
    """
    before = [row for row in versions if row.version <= way.version]
    stood = next((row for row in before if row.approved), None)
    since = [row for row in before if stood is None or row.version > stood.version]
    return {row.set_by_id for row in since if row.is_on or stood is None or row.leads != stood.leads}
