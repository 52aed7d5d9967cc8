"""The workers' parts: money back for everybody who bought a course, and an answer for everybody who reported."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from learners.models import Enrollment
from learners.models.enrollment import AlreadyEnrolled
from moderation import messages, refund_mails
from moderation.models import CaseAnswer, RefundWave
from payments import refunds
from payments.models import OrderItem
from payments.models.refund import OrderDisputed
from payments.refunds import NothingToRefund

log = logging.getLogger(__name__)
BATCH = 50
# A bank takes weeks; so often is looked whether it has decided.
LOOK_AGAIN = timedelta(hours=6)


def give_back(row: RefundWave) -> None:
    """Ask for each sale's money, once. Interrupted, it goes on where it was; a sale that was asked for is refused.

    What a bank holds is asked for again until its dispute has ended: before that the work is not finished. A decision
    that is taken back meanwhile stops it before the next batch; taken back, it gives free rights back.
    """
    if row.is_stopped():
        _restore_free_rights(row)
        return
    assert not row.is_waiting, "nobody has agreed yet"
    if row.asked_at is None:
        _ask_all(row)
        if row.is_stopped():
            return
        _end_free_rights(row)
        row.note_asked()
    asked = [_ask(row, item) for item in row.left().select_related("order", "creator").order_by("pk")]
    if row.note_left(asked=sum(asked)):
        row.wait_for_others(LOOK_AGAIN)


def _ask_all(row: RefundWave) -> None:
    sales = OrderItem.objects.left_of(row.course, settings.PAYMENTS_BOOK).select_related("order", "creator")
    while batch := list(sales.filter(pk__gt=row.through_item_id).order_by("pk")[:BATCH]):
        if row.is_stopped():
            return
        row.reach(batch[-1].pk, asked=sum(_ask(row, item) for item in batch))


def _ask(row: RefundWave, item: OrderItem) -> bool:
    """Any other refusal is a fault: it rises, and the work is tried again and told when it is given up."""
    try:
        refunds.refund_under_rule(item, by=row.measure.decided_by, reason=row.measure.reason, origin=row.origin)
    except (OrderDisputed, NothingToRefund) as refusal:  # a bank holds it, or it was given back meanwhile
        log.warning("not_given_back", extra={"item": item.pk, "why": refusal.code})
        return False
    return True


def _end_free_rights(row: RefundWave) -> None:
    """Who paid nothing loses the course too; who paid, with her money. Raises LeaseLost."""
    rights = Enrollment.objects.active().filter(course=row.course).exclude(source=Enrollment.Source.PURCHASE)
    for enrollment in rights.select_related("course", "learner").order_by("pk").iterator(chunk_size=500):
        with transaction.atomic():
            # Who gave it up meanwhile, or left us, is told nothing: the row in hand is as old as the loop.
            if enrollment.end(Enrollment.EndReason.WITHDRAWN, by=row.measure.decided_by):
                refund_mails.right_ended(enrollment, until=row.measure.ends_at)
            # Last, since whoever takes the decision back locks the course before this row, too: once it is taken back
            # nothing more ends, or nobody would give it back.
            row.heartbeat()


def free_rights_ended(row: RefundWave) -> QuerySet[Enrollment]:
    """Those that come back when its decision ends; who pays for a membership opens the course again by it."""
    return Enrollment.objects.filter(
        course=row.course, end_reason=Enrollment.EndReason.WITHDRAWN, ended_by=row.measure.decided_by,
        ended_at__gte=row.measure.decided_at, learner__is_active=True,
    ).exclude(source__in=[Enrollment.Source.PURCHASE, Enrollment.Source.MEMBERSHIP])  # fmt: skip


def _restore_free_rights(row: RefundWave) -> None:
    """Who paid nothing has the course again; who paid has her money, and may buy it again. Raises LeaseLost."""
    reversal = getattr(row.measure, "reversal", None)
    is_over = reversal is not None and reversal.cause == row.measure.Cause.EXPIRED
    for right in free_rights_ended(row).select_related("course", "learner").order_by("pk").iterator(chunk_size=500):
        with transaction.atomic():
            try:
                again = Enrollment.objects.grant(
                    learner=right.learner, course=right.course, source=right.source, reference=right.reference
                )
                refund_mails.right_back(again, is_over=is_over)
            except AlreadyEnrolled:
                pass  # by herself, or by an earlier try
            row.heartbeat()


def answer(row: CaseAnswer) -> None:
    """A mail to each person who reported; those without an account, or whose account is closed, cannot be reached."""
    measure = row.measure
    reports = measure.case.reports.filter(reporter__is_active=True).select_related("reporter", "case")
    while batch := list(reports.filter(pk__gt=row.through_report_id).order_by("pk")[:BATCH]):
        for report in batch:
            messages.mail_answer(report, measure)
        row.reach(batch[-1].pk)
