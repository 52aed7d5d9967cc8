"""One mail a day to each creator of a membership: months that were paid, members who began and who left. No names."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, Q, Sum

from accounts import notices
from creators.models import Creator
from marketplace.lib import clock, sweeps
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money

from ..mail_buttons import to_earnings
from ..models import ItemShare, Membership, MembershipMonth, MembershipOffer

# Days that are over are looked at for so long: a night without beat, or a clock that was moved, loses none.
LOOKED_AT = timedelta(days=35)


@dataclass(frozen=True)
class DaySum:
    """What months of one currency brought on a day."""

    count: int
    paid: Money
    share: Money


def tell_creators() -> int:
    """Of each day that is over and of which she was not told yet; how many mails."""
    today = clock.now().date()
    days = _days(today)
    said = set(Mail.objects.filter(key__in=[_key(*each) for each in days]).values_list("key", flat=True))
    waiting = sorted(each for each in days if _key(*each) not in said)
    return len(sweeps.each("days of memberships", waiting, lambda each: _tell(*each)))


def _days(today: date) -> set[tuple[int, date]]:
    """(creator, day) on which something was paid, or somebody left."""
    span = (_begin(today) - LOOKED_AT, _begin(today))
    mine = {"membership__book": settings.PAYMENTS_BOOK, "membership__creator__isnull": False}
    paid = MembershipMonth.objects.filter(paid_at__gte=span[0], paid_at__lt=span[1], **mine)
    left = Membership.objects.filter(
        book=settings.PAYMENTS_BOOK, creator__isnull=False, started_at__isnull=False, ended_at__gte=span[0],
        ended_at__lt=span[1],
    )  # fmt: skip
    rows = {*paid.values_list("membership__creator", "paid_at"), *left.values_list("creator", "ended_at")}
    return {(creator, at.astimezone(UTC).date()) for creator, at in rows}


def _tell(creator_pk: int, day: date) -> bool:
    creator = Creator.objects.select_related("user").get(pk=creator_pk)
    mine = Membership.objects.filter(creator=creator, book=settings.PAYMENTS_BOOK, started_at__isnull=False)
    context = {
        "day": day, "sums": _sums(creator, day), "running": mine.running().count(),
        "began": mine.filter(_on("started_at", day)).count(), "left": mine.filter(_on("ended_at", day)).count(),
        "offer": MembershipOffer.objects.present(creator), **to_earnings(),
    }  # fmt: skip
    notices.tell(_key(creator_pk, day), creator.user, "payments/membership_day", context)
    return True


def _sums(creator: Creator, day: date) -> list[DaySum]:
    """What came on that day, as it was shared then."""
    shares = ItemShare.objects.owned().filter(
        _on("item__order__paid_at", day), owner=creator, item__course=None, item__granted_at__isnull=False,
        item__order__book=settings.PAYMENTS_BOOK,
    )  # fmt: skip
    rows = shares.values("item__order__currency").order_by("item__order__currency")
    found = rows.annotate(count=Count("pk"), paid=Sum("item__price_minor"), share=Sum("amount_minor"))
    return [
        DaySum(row["count"], Money(int(row["paid"]), currency), Money(int(row["share"]), currency))
        for row in found
        for currency in [row["item__order__currency"]]
    ]


def _key(creator_pk: int, day: date) -> str:
    return f"membership-day:{creator_pk}:{day:%Y-%m-%d}"


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _on(name: str, day: date) -> Q:
    return Q(**{f"{name}__gte": _begin(day), f"{name}__lt": _begin(day + timedelta(days=1))})
