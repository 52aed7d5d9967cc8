"""Memberships as sets: whose they are, and which of them something is to be done for."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate

if TYPE_CHECKING:
    from .membership import Membership

# So long after the end of a paid month courses stay open while the next one is being tried.
GRACE = timedelta(days=3)
# So long before the next month somebody is told that her card ends.
CARD_TOLD = timedelta(days=14)
LIVING = ("proposed", "running")
FINANCE_SHOWS = ("trouble", "running", "ended")


class PaidMembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, member: Any) -> Self:
        """Hers that came to be: what was only proposed shows nowhere."""
        return self.filter(member=member, started_at__isnull=False)

    def visible_to(self, person: Any) -> Self:
        """Her own; finance and auditors see everybody's."""
        began = self.filter(started_at__isnull=False)
        return began if person.may_read("finance") else began.filter(member=person)

    def running(self) -> Self:
        return self.filter(book=settings.PAYMENTS_BOOK, state="running")

    def shown(self) -> Self:
        return self.select_related("offer__creator__user", "creator__user", "member").order_by("-pk")

    def due(self, now: datetime) -> Self:
        """Something is to be done: a month to be taken, of which no order is open and no bank disputes one; or the end
        that she chose has come.
        """
        from .order import Order

        theirs = Order.objects.filter(membership=OuterRef("pk"))
        held = theirs.filter(Q(state=Order.State.PENDING) | Q(items__disputed_at__isnull=False))
        return self.running().filter(~Exists(held), next_at__lte=now)

    def lapsed(self, now: datetime) -> Self:
        """Their courses are to be closed: the paid month is over, and so is the time that was given beyond it."""
        over = Q(paid_until__lte=now - GRACE) | Q(canceled_at__isnull=False, paid_until__lte=now)
        return self.running().filter(over, paused_at=None)

    def paid_by_old_cards(self, now: datetime) -> Self:
        """Their next month is due within a fortnight, and the card is not good any more then."""
        soon = self.running().filter(canceled_at=None, failed_tries=0, next_at__lte=now + CARD_TOLD, next_at__gt=now)
        untold = Q(card_told=None) | ~Q(card_told=F("card_until"))
        return soon.filter(untold, card_until__lt=TruncDate("next_at"))

    def in_trouble(self) -> Self:
        """A try has failed since the last month came, or was given up without an answer."""
        from .order import Order

        open_ = Order.objects.filter(membership=OuterRef("pk"), state="pending")
        given_up = open_.filter(membership_charge__dead_at__isnull=False)
        return self.running().filter(Q(failed_tries__gt=0) | Exists(given_up))

    def for_finance(self, show: str, creator: str = "") -> Self:
        """`show`, of FINANCE_SHOWS: those in trouble, all that run, or those that have ended; of one by slug."""
        if show == "ended":
            rows = self.filter(book=settings.PAYMENTS_BOOK, state="ended", started_at__isnull=False)
        else:
            rows = self.running() if show == "running" else self.in_trouble()
        return rows.filter(creator__slug=creator) if creator else rows

    def hold_all(self, pks: Iterable[int]) -> dict[int, "Membership"]:
        """Lock them, and what else their members have with the same creator or begin, in order of their keys. Whoever
        holds orders too held those first.
        """
        members = self.model.objects.filter(pk__in=set(pks)).values("member")
        living = self.filter(member__in=members, state__in=LIVING)
        rows = (living | self.filter(pk__in=set(pks))).select_for_update(no_key=True, of=("self",))
        return {one.pk: one for one in rows.order_by("pk")}

    def end_all_of(self, member: Any, at: datetime) -> None:
        """Her account is deleted: nothing more is taken, and the provider forgets what was kept."""
        open_ = self.filter(member=member, state__in=LIVING)
        for one in self.hold_all(open_.values_list("pk", flat=True)).values():
            one.end("forgotten", at)

    def propose(self, **agreed: Any) -> "Membership":
        """The member's one with this key that waits for its first month; made if there is none."""
        found, _is_new = self.get_or_create(
            member=agreed.pop("member"), key=agreed.pop("key"), state="proposed", defaults=agreed
        )
        return found
