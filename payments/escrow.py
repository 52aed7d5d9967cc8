"""Income of a course that somebody claims: taken into escrow, kept from payouts, and given to whom the verdict says.

What is pending goes back to pending, so that its hold, refunds and disputes go on as for every sale; what had been
released goes back to available. What is awarded leaves only when its hold is over and nothing of it is asked back.

Parts of the pass's pool go with it (`escrow_parts`); they have no hold.

Whoever moves it locks in this order: all escrows of the course, the oldest first, all its sales in order of their keys,
then all balances at once. A refund has a sale when it asks for its creators' balances.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock, failpoints
from marketplace.lib.money import Money

from . import escrow_lines, escrow_parts, ledger
from .models import (  # fmt: skip
    AccountKind,
    AccountRef,
    CourseEscrow,
    EntryKind,
    EscrowedShare,
    LedgerBalance,
    OrderItem,
    ReleasedShare,
    Reserve,
)
from .models.course_escrow import EscrowedShareQuerySet

BATCH = 200
Outcome = CourseEscrow.Outcome


@transaction.atomic
def begin(course: Course, *, cause: str, by: User) -> CourseEscrow:
    """Hold the course's income from now on: what its creators have not been paid, and what is sold later."""
    CourseEscrow.objects.queue(course)
    row, _is_new = CourseEscrow.objects.get_or_create(
        cause=cause, defaults={"course": course, "opened_by": by, "opened_at": clock.now()}
    )
    take_in(row, also_released=True)
    return row


@transaction.atomic
def end(escrow: CourseEscrow, outcome: str, *, by: User | None) -> None:
    """Close it: everything back to its creators, or awarded as it becomes due. Closed already, nothing happens."""
    held = escrow.hold()
    if not held.is_open:
        return
    now = clock.now()
    held.close(outcome, by, now)
    if outcome == Outcome.BACK:
        _give_back(held, EscrowedShare.objects.kept().filter(escrow=held), now)
        held.settle(now)
    else:
        _award_due(held, now)
    _hand_over(held)


def _hand_over(escrow: CourseEscrow) -> None:
    """Another claim on the same course has from now on what this one let go."""
    for other in CourseEscrow.objects.open().filter(course=escrow.course_id)[:1]:
        take_in(other, also_released=True)


@transaction.atomic
def overturn(escrow: CourseEscrow, *, by: User | None) -> None:
    """The verdict that awarded it was taken back: all of it is its creators' again, what was paid out too.

    Then it is taken from the claimant's balance, which may go below zero as by a refund.
    """
    held = escrow.hold()
    if held.outcome != Outcome.AWARD:
        return
    now = clock.now()
    _give_back(held, EscrowedShare.objects.exclude(end=EscrowedShare.End.BACK).filter(escrow=held), now)
    held.close(Outcome.BACK, by, now)
    held.settle(now)
    _hand_over(held)


@transaction.atomic
def take_in(escrow: CourseEscrow, *, also_released: bool = False) -> int:
    """What is pending of its course's sales, what came back of payouts, and parts of the pool; at its beginning all
    that is available and in no payout.

    Returns how many sales and parts.
    """
    held = escrow.hold()
    oldest = CourseEscrow.objects.open().filter(course=held.course_id).first()
    if not held.is_open or oldest != held:
        return 0
    book = settings.PAYMENTS_BOOK
    pks = set(held.sales_to_take(book, also_released=also_released).values_list("pk", flat=True))
    came_back = ReleasedShare.objects.contested().filter(book=book, share__item__course=held.course_id)
    pks.update(came_back.values_list("share__item_id", flat=True))
    now, sales = clock.now(), sorted(pks)
    _hold(sales, escrow_lines.owners_of(sales) | escrow_parts.owners_of(held))
    taken = sum(_take_in(held, some, now) for some in _by_batches(iter(sales)))
    return taken + escrow_parts.take_in(held, book, now)


def follow() -> int:
    """What beat rings every minute: into open escrows what is new, a sale or one whose payout came back, and out of
    those that were awarded what is due.
    """
    moved = sum(take_in(row) for row in CourseEscrow.objects.open().select_related("course"))
    return moved + sum(settle(row) for row in CourseEscrow.objects.unsettled())


@transaction.atomic
def settle(escrow: CourseEscrow) -> int:
    """Award what has become due since the verdict. Returns how many shares."""
    held = escrow.hold()
    if held.outcome != Outcome.AWARD or held.settled_at is not None:
        return 0
    return _award_due(held, clock.now())


@transaction.atomic
def pay(escrow: CourseEscrow, payee: Creator) -> list[Money]:
    """What was awarded and is not paid goes to the claimant's balance, from which payouts send it as all income.

    A currency each. Called by the app above when the verdict can no longer be appealed against.
    """
    held = escrow.hold()
    unpaid = EscrowedShare.objects.awarded().filter(escrow=held, paid_at=None)
    now, paid = clock.now(), []
    for book in sorted(set(unpaid.values_list("book", flat=True))):
        paid += [_pay(held, payee, book, amount, now) for amount in unpaid.filter(book=book).sums()]
    if paid:
        held.name_payee(payee)
    unpaid.mark_paid(now)
    failpoints.reach("escrow.before_paid_commit")
    return paid


def _pay(escrow: CourseEscrow, payee: Creator, book: str, amount: Money, now: datetime) -> Money:
    newest = EscrowedShare.objects.awarded().filter(escrow=escrow, book=book, currency=amount.currency, paid_at=None)
    key = f"escrow:{escrow.pk}:paid:{newest.order_by('pk').values_list('pk', flat=True).last()}"
    lines = [
        (AccountRef(AccountKind.RIGHTS_AWARDED), amount),
        (AccountRef(AccountKind.CREATOR_AVAILABLE, payee.pk), -amount),
    ]
    meta = {"escrow": escrow.pk, "course": escrow.course_id}
    ledger.post(key, EntryKind.AWARD_PAID, lines, book=book, meta=meta, occurred_at=now)
    return amount


def _take_in(escrow: CourseEscrow, pks: list[int], now: datetime) -> int:
    """Reads where each share stands behind the locks: a refund or a release that was first is seen."""
    items = {item.pk: item for item in OrderItem.objects.hold(pk__in=pks)}
    taken = escrow_lines.taken(escrow, items, settings.PAYMENTS_BOOK)
    # A sale that comes a second time, with what a payout brought back, has an entry of its own.
    posts = escrow_lines.posts(
        [(each.share.item_id, each.lines) for each in taken], items, f"escrow:{escrow.pk}:in", EntryKind.ESCROW, now,
        after=EscrowedShare.objects.already(escrow, items),
    )  # fmt: skip
    if posts:
        ledger.post_all(posts)
    ReleasedShare.objects.filter(share__in=[each.share.pk for each in taken if each.available]).delete()
    Reserve.objects.mark_returned([each.reserve for each in taken if each.reserve is not None], now)
    EscrowedShare.objects.take(
        escrow, ((each.share, items[each.share.item_id].order.book, each.amount) for each in taken), now
    )
    OrderItem.objects.mark_escrowed([pk for pk, item in items.items() if item.released_at is None], now)
    failpoints.reach("escrow.before_commit")
    return len(items)


def _hold(sales: list[int], owners: set[int]) -> None:
    """All sales before the first balance, and the balances in one order: batches take no more locks than these."""
    for some in _by_batches(iter(sales)):
        OrderItem.objects.hold(pk__in=some)
    LedgerBalance.objects.hold_available(owners)


def _give_back(escrow: CourseEscrow, all_kept: EscrowedShareQuerySet, now: datetime) -> None:
    kept = all_kept.filter(share__isnull=False)
    pks = list(kept.values_list("share__item_id", flat=True))
    # Sales that nobody has a part of wait without a row; what an older escrow has stays there.
    others = EscrowedShare.objects.kept().filter(share__isnull=False).exclude(escrow=escrow).values("share__item_id")
    rest = OrderItem.objects.filter(escrowed_at__isnull=False, course=escrow.course_id).exclude(pk__in=others)
    pks = sorted({*pks, *rest.values_list("pk", flat=True)})
    _hold(pks, all_kept.receivers())
    for some in _by_batches(iter(pks)):
        items = {item.pk: item for item in OrderItem.objects.hold(pk__in=some)}
        rows = list(kept.filter(share__item__in=items).select_related("share", "escrow").order_by("pk"))
        for kind, of_kind in escrow_lines.by_origin(rows):
            lines = [(row.share.item_id, escrow_lines.back(row, items[row.share.item_id])) for row in of_kind]
            ledger.post_all(escrow_lines.posts(lines, items, f"escrow:{escrow.pk}:{kind}", kind, now))
        released = [row for row in rows if items[row.share.item_id].released_at is not None]
        ReleasedShare.objects.wait((row.share, row.book, row.left) for row in released)
        EscrowedShare.objects.filter(pk__in=[row.pk for row in rows]).end_as(EscrowedShare.End.BACK, now)
        OrderItem.objects.mark_escrowed(items, None)
    escrow_parts.give_back(all_kept, now)


def _award_due(escrow: CourseEscrow, now: datetime) -> int:
    kept = EscrowedShare.objects.kept().filter(escrow=escrow)
    escrow_parts.award(kept, now)
    due = kept.filter(
        share__item__hold_until__lte=now, share__item__disputed_at=None,
        share__item__refund_asked_minor=F("share__item__refunded_minor"),
    )  # fmt: skip
    awarded = 0
    pks = sorted(set(due.values_list("share__item_id", flat=True)))
    for some in _by_batches(iter(pks)):
        items = {item.pk: item for item in OrderItem.objects.hold(pk__in=some)}
        rows = list(due.filter(share__item__in=items).select_related("share").order_by("pk"))
        lines = [(row.share.item_id, escrow_lines.awarded(row)) for row in rows]
        if posts := escrow_lines.posts(lines, items, f"escrow:{escrow.pk}:award", EntryKind.AWARD, now):
            ledger.post_all(posts)
        EscrowedShare.objects.filter(pk__in=[row.pk for row in rows]).end_as(EscrowedShare.End.AWARD, now)
        OrderItem.objects.mark_escrowed({row.share.item_id for row in rows}, None)
        awarded += len(rows)
    if not kept.exists():
        escrow.settle(now)
    return awarded


def _by_batches(pks: Iterator[int]) -> Iterator[list[int]]:
    while some := list(islice(pks, BATCH)):
        yield some
