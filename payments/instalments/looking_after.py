"""What the clock does of plans besides taking what is due: reminders, pauses that end, plans that stand for nothing.

Each is asked again under the plan's lock, so that whoever pays meanwhile is never told or closed out; told and done
once, however often it is rung.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import clock, failpoints, sweeps

from ..memberships import rights
from ..models import InstalmentCharge, InstalmentPlan, Order, PlanPause
from . import ending, in_parts, mails, schedule

MOST = 1000  # plans a sweep, of each kind


def look_after() -> None:
    """What beat rings. One kind that fails holds up no other."""
    sweeps.each("instalments", (stop_all, remind_all, warn_all, lapse_all, ask_again), lambda act: act())


def stop_all() -> None:
    sweeps.each("instalments stop", ending.paused_for_nothing(MOST), stop)


@transaction.atomic
def stop(pk: int) -> bool:
    """End a paused plan of which nothing can be paid any more."""
    return ending.end_if_over(InstalmentPlan.objects.hold_all([pk])[pk], clock.now())


def remind_all() -> None:
    sweeps.each("instalments remind", _keys(_soon(clock.now())), remind)


@transaction.atomic
def remind(pk: int) -> bool:
    """A mail some days before the next part is taken, once a day on which it is."""
    plan, now = InstalmentPlan.objects.hold_all([pk])[pk], clock.now()
    if not _soon(now).filter(pk=pk).exists():
        return False
    announce(plan, now)
    return True


def announce(plan: InstalmentPlan, now: datetime) -> None:
    """Tell of the next part; one that was put off, some days before it is taken now. The caller holds the plan."""
    if plan.was_put_off(now):
        plan.put_off(now + schedule.SOON)
    plan.note_reminder()
    mails.soon(plan)
    failpoints.reach("instalment.before_reminder_commit")


def warn_all() -> None:
    rows = PlanPause.objects.untold(clock.now()).filter(plan__in=_idle())
    sweeps.each("instalments warn", list(rows.order_by("pk").values_list("plan", flat=True)[:MOST]), warn)


@transaction.atomic
def warn(pk: int) -> bool:
    """She is told that the plan ends if its part is not paid."""
    plan = InstalmentPlan.objects.hold_all([pk])[pk]
    pause = PlanPause.objects.untold(clock.now()).filter(plan=plan).first()
    if pause is None or not _idle().filter(pk=pk).exists():
        return False
    pause.tell(clock.now())
    mails.lapses(plan, pause)
    return True


def lapse_all() -> None:
    rows = PlanPause.objects.over(clock.now()).filter(plan__in=_idle())
    sweeps.each("instalments lapse", list(rows.order_by("pk").values_list("plan", flat=True)[:MOST]), lapse)


@transaction.atomic
def lapse(pk: int) -> bool:
    """A pause has lasted as long as it may: the plan ends, and the access with it. She owes nothing more, and can buy
    the course again.
    """
    in_parts.hold_plan(pk)  # the orders first, as whoever gives money back does
    plan, now = InstalmentPlan.objects.select_related("course", "buyer").get(pk=pk), clock.now()
    if not _idle().filter(pk=pk).exists() or not PlanPause.objects.over(now).filter(plan=plan).exists():
        return False
    bought = rights.held_of(plan.buyer).active().filter(reference=plan.reference)
    for right in bought.select_related("course"):
        right.end(Enrollment.EndReason.UNPAID)
        if right.open_by:
            rights.fall_back(plan.buyer, right.course)  # a membership had opened it meanwhile
    plan.orders.earliest("pk").let_parts_go()
    plan.end(plan.EndReason.UNPAID, now)
    mails.lapsed(plan)
    failpoints.reach("instalment.before_lapse_commit")
    return True


def ask_again() -> None:
    """A try that is out of attempts is looked up anew each day: until it is known, nobody can pay that part."""
    tried = InstalmentCharge.objects.under_way().filter(dead_at__lt=timezone.now() - schedule.DEAD_FOR)
    stuck = tried.filter(order__book=settings.PAYMENTS_BOOK, order__state=Order.State.PENDING).order_by("dead_at")
    sweeps.each("instalments again", list(stuck[:MOST]), lambda row: row.reopen())


def _idle() -> QuerySet[InstalmentPlan]:
    """Paused, and she is not paying right now."""
    return InstalmentPlan.objects.live().filter(~Exists(_open()), state=InstalmentPlan.State.PAUSED)


def _soon(now: datetime) -> QuerySet[InstalmentPlan]:
    """A part of theirs is taken within days, she was not told, and nothing holds it up."""
    held = Order.objects.filter(plan=OuterRef("pk"), items__disputed_at__isnull=False)
    running = InstalmentPlan.objects.filter(book=settings.PAYMENTS_BOOK, state=InstalmentPlan.State.RUNNING)
    in_time = running.filter(next_at__gt=now, next_at__lte=now + schedule.SOON, told_part__lte=F("paid_parts"))
    # Of a part that did not come she knows already.
    rights = Enrollment.objects.active().filter(learner=OuterRef("buyer"), reference=OuterRef("reference"))
    can_come = in_time.filter(Exists(rights), course__in=Course.objects.on_sale()).exclude(customer_id="")
    return can_come.filter(~Exists(_open()), ~Exists(held), failed_tries=0)


def _open() -> QuerySet[Order]:
    return Order.objects.filter(plan=OuterRef("pk"), state=Order.State.PENDING)


def _keys(plans: QuerySet[InstalmentPlan]) -> list[int]:
    return list(plans.order_by("next_at", "pk").values_list("pk", flat=True)[:MOST])
