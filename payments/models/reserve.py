"""The rolling reserve: a part of each released share that waits some days longer, against refunds that come late."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import Money, currency_choices

from .item_share import ItemShare
from .ledger import LedgerBalance
from .ledger_kinds import AccountKind, Book

MOST_BPS, MOST_DAYS = 5_000, 365


class AlreadyReserved(DomainError):
    code = "reserve_rule_stands"
    message = _("There is such a reserve already. End it first.")


class ReserveEnded(DomainError):
    code = "reserve_rule_ended"
    message = _("This reserve has been ended already.")


class ReserveRuleQuerySet(models.QuerySet["ReserveRule"]):
    def open(self) -> "ReserveRuleQuerySet":
        return self.filter(ended_at=None)

    def for_owners(self, owners: set[int]) -> dict[int, "ReserveRule"]:
        """The rule in force of each creator that has one: her own, or else everybody's."""
        rules = {rule.creator_id: rule for rule in self.open().filter(Q(creator=None) | Q(creator__in=owners))}
        of_all = rules.get(None)
        chosen = {owner: rules.get(owner, of_all) for owner in owners}
        return {owner: rule for owner, rule in chosen.items() if rule is not None}

    @transaction.atomic
    def place(self, *, by: User, creator: Creator | None, bps: int, days: int, reason: str) -> "ReserveRule":
        """Keep `bps` of each share released from now on back for `days`. Without a creator: everybody's.

        A creator's own rule goes before everybody's. Raises NotAllowed, AlreadyReserved.
        """
        _only_finance(by, creator)
        try:
            with transaction.atomic():
                rule = self.create(creator=creator, bps=bps, days=days, reason=reason, placed_by=by)
        except IntegrityError:
            if self.open().filter(creator=creator).exists():
                raise AlreadyReserved from None
            raise
        audit.record(by, "payouts.reserve", rule, creator=creator and creator.pk, bps=bps, days=days, reason=reason)
        return rule


class ReserveRule(models.Model):
    """So much of each share, in basis points, waits for so many days after its release. Ended, never changed."""

    creator = models.ForeignKey(Creator, null=True, blank=True, on_delete=models.PROTECT, related_name="reserve_rules")
    bps = models.PositiveIntegerField(_("part, in hundredths of a percent"))
    days = models.PositiveIntegerField(_("days"))
    reason = models.CharField(_("reason"), max_length=500)
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=500, blank=True)

    objects = ReserveRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["creator"], condition=Q(ended_at=None), nulls_distinct=False, name="one_open_reserve_rule"
            ),
            models.CheckConstraint(
                condition=Q(bps__gt=0, bps__lte=MOST_BPS, days__gt=0, days__lte=MOST_DAYS),
                name="reserve_rule_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bps} bps for {self.days} days"

    @property
    def percent(self) -> str:
        return f"{self.bps // 100}.{self.bps % 100:02}".removesuffix(".00")

    def part_of(self, share: Money) -> Money:
        """What is kept back of a share; rounded in the creator's favor."""
        return Money(share.minor * self.bps // 10_000, share.currency)

    @transaction.atomic
    def end(self, *, by: User, reason: str) -> None:
        """Keep nothing more back; what is kept comes back on its day. Raises NotAllowed, ReserveEnded."""
        _only_finance(by, self.creator)
        values = {"ended_by": by, "ended_at": timezone.now(), "end_reason": reason}
        if not ReserveRule.objects.open().filter(pk=self.pk).update(**values):
            raise ReserveEnded
        self.refresh_from_db()
        audit.record(by, "payouts.end_reserve", self, reason=reason)


class ReserveQuerySet(models.QuerySet["Reserve"]):
    def keep(self, parts: Iterable[tuple[ReserveRule | None, ItemShare, str, Money]]) -> None:
        """Of (rule, share, book, what is kept of it), each part that is something waits from now on."""
        now = clock.now()
        self.bulk_create(
            Reserve(
                rule_id=rule.pk, share_id=share.pk, owner_id=share.owner_id, book=book, currency=kept.currency,
                amount_minor=kept.minor, kept_at=now, due_at=now + timedelta(days=rule.days),
            )
            for rule, share, book, kept in parts
            if rule is not None and kept
        )  # fmt: skip

    def kept(self) -> "ReserveQuerySet":
        return self.filter(returned_at=None)

    def to_return(self, now: datetime) -> "ReserveQuerySet":
        """What was kept long enough, and what an owner with a negative balance of its currency has."""
        balances = LedgerBalance.objects.filter(
            account__kind=AccountKind.CREATOR_AVAILABLE, account__owner_id=OuterRef("owner_id"),
            account__book=OuterRef("book"), account__currency=OuterRef("currency"), amount_minor__gt=0,
        )  # fmt: skip
        return self.kept().filter(Q(due_at__lte=now) | Exists(balances))

    def hold(self, pks: list[int]) -> "list[Reserve]":
        """Lock these for the rest of the transaction, in their order; without those that came back meanwhile."""
        held = self.kept().filter(pk__in=pks).select_related("share").select_for_update(no_key=True, of=("self",))
        return list(held.order_by("pk"))

    def mark_returned(self, parts: "list[Reserve]", at: datetime) -> None:
        self.filter(pk__in=[part.pk for part in parts]).update(returned_at=at)


class Reserve(models.Model):
    """A part of one share that waits on its owner's reserve account until `due_at`, or fills a debt before."""

    rule = models.ForeignKey(ReserveRule, on_delete=models.PROTECT, related_name="reserves")
    share = models.OneToOneField(ItemShare, on_delete=models.PROTECT, related_name="reserve")
    owner = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="reserves")
    book = models.CharField(max_length=8, choices=Book.choices)
    currency = models.CharField(max_length=3, choices=currency_choices())
    amount_minor = models.PositiveBigIntegerField()
    kept_at = models.DateTimeField()
    due_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    objects = ReserveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="reserve_is_positive"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(returned_at=None), name="reserve_due"),
            models.Index(fields=["owner"], condition=Q(returned_at=None), name="reserve_kept_of"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of share {self.share_id}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


def _only_finance(by: User, creator: Creator | None) -> None:
    if not by.has_role("finance") or (creator is not None and by.pk == creator.user_id):
        raise NotAllowed
