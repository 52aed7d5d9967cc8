"""Reckons a quarter's figures from the rows alone: asked again about the same moment, it answers the same.

What was promised is counted in the quarter in which the promised time was up, whatever became of it: a case that is
still open then was late, and counts as that. Facts after `as_of` are as if they had not happened; of money earned the
ledger's months count, which take in nothing late once they are closed.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Aggregate, Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from courses.models import Course, Submission, Takedown
from creators.models import Suspension
from discovery.matching import gini
from moderation.models import Appeal, AppealAnswer, Measure, Report, ReportCardFigure
from moderation.models.measure import FINAL
from moderation.quarters import Quarter
from moderation.sla import CASE_WITHIN, REVIEW_WITHIN
from payments.incomes import earned
from payments.models import Payout, Refund, RefundLine

# Creators are told that runs pay on their day.
PAID_WITHIN = timedelta(days=1)
# Nobody waited for us: the money had gone before we knew.
GONE_ALREADY = (Refund.Cause.PROVIDER, Refund.Cause.DISPUTE)
# What whoever reported something was promised, by the rule that she named.
_REPORT_DUE_AT = Case(
    *(When(rule__severity=severity, then=F("reported_at") + within) for severity, within in CASE_WITHIN.items()),
    output_field=models.DateTimeField(),
)
_TENTH_OF_AN_HOUR = timedelta(minutes=6)


class _Median(Aggregate):
    """The lower one of two in the middle: a time that somebody really waited."""

    template = "percentile_disc(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = models.DurationField()


def reckon(quarter: Quarter, as_of: datetime) -> list[ReportCardFigure]:
    """All figures, in the order of the page; none of them is kept. `as_of` is not before the quarter."""
    until = min(quarter.end, as_of)
    return [
        _reviews(quarter, until),
        _reports(quarter, until),
        _appeals(quarter, until),
        _payouts(quarter, until),
        _refunds(quarter, until, as_of),
        *_earnings(quarter, until),
        _overturned(quarter, until, as_of),
    ]


def _within(quarter: Quarter, until: datetime, field: str, promised: timedelta = timedelta(0)) -> dict[str, Any]:
    """What began at `field`, and whose promised time was up in the quarter before `until`."""
    return {f"{field}__gte": quarter.start - promised, f"{field}__lt": until - promised}


def _share(name: str, rows: QuerySet[Any, Any], done: Q, *, of: str = "pk") -> ReportCardFigure:
    found = rows.aggregate(cases=Count(of), done=Count(of, filter=done))
    return ReportCardFigure.draft(name, found["cases"], percent(found["done"], found["cases"]))


def _reviews(quarter: Quarter, until: datetime) -> ReportCardFigure:
    due_at = F("submitted_at") + REVIEW_WITHIN
    rows = Submission.objects.filter(**_within(quarter, until, "submitted_at", REVIEW_WITHIN))
    return _share("reviews_in_time", rows.exclude(withdrawn_at__lt=due_at), Q(decided_at__lte=due_at))


def _reports(quarter: Quarter, until: datetime) -> ReportCardFigure:
    """Of people; what a detector alone has flagged nobody waits for.

    Each report has its day, and the first of them is the case's. A report that comes after that day has a later one,
    so what was due stays so, whatever is reported or flagged afterwards. The case's own `due_at` is the queue's: it is
    moved by all of that, and into the past.
    """
    begun = {"reported_at__gte": quarter.start - max(CASE_WITHIN.values()), "reported_at__lt": until}
    of_cases = Report.objects.filter(case__in=Report.objects.filter(**begun).values("case")).order_by()
    due = of_cases.values("case", closed_at=F("case__closed_at")).annotate(due_at=models.Min(_REPORT_DUE_AT))
    rows = due.filter(**_within(quarter, until, "due_at"))
    return _share("reports_in_time", rows, Q(closed_at__lte=F("due_at")), of="due_at")


def _appeals(quarter: Quarter, until: datetime) -> ReportCardFigure:
    rows = Appeal.objects.filter(**_within(quarter, until, "due_at"))
    return _share("appeals_in_time", rows, Q(answer__decided_at__lte=F("due_at")))


def _payouts(quarter: Quarter, until: datetime) -> ReportCardFigure:
    rows = Payout.objects.filter(book=settings.PAYMENTS_BOOK, **_within(quarter, until, "created_at", PAID_WITHIN))
    return _share("payouts_on_time", rows, Q(sent_at__lte=F("created_at") + PAID_WITHIN))


def _refunds(quarter: Quarter, until: datetime, as_of: datetime) -> ReportCardFigure:
    """Of money; and one wish is one case, also where it failed and was laid down or asked for anew.

    Whether a refund is such another one is settled when it is asked for, so nothing later can change a quarter's cases.
    """
    asked = Refund.objects.filter(order__book=settings.PAYMENTS_BOOK, **_within(quarter, until, "requested_at"))
    rows = asked.filter(~Exists(_failed_before()), amount_minor__gt=0).exclude(cause__in=GONE_ALREADY)
    back_at = Case(
        When(state=Refund.State.DONE, settled_at__lte=as_of, then=F("settled_at")),
        When(state=Refund.State.FAILED, then=Coalesce(Subquery(_made_anew(as_of)), Value(as_of))),
        default=Value(as_of),
        output_field=models.DateTimeField(),
    )
    found = rows.annotate(back_at=back_at).aggregate(
        cases=Count("pk"), median=_Median(F("back_at") - F("requested_at"))
    )
    tenths = (found["median"] or timedelta(0)) // _TENTH_OF_AN_HOUR
    return ReportCardFigure.draft("refund_hours", found["cases"], Decimal(tenths).scaleb(-1))


def _failed_before() -> QuerySet[RefundLine]:
    """For a refund: lines of those that had failed for an item of it when it was asked for."""
    failed = Q(refund__state=Refund.State.FAILED, refund__settled_at__lte=OuterRef("requested_at"), amount_minor__gt=0)
    of_its_items = Q(item__refund_lines__refund=OuterRef("pk"), refund__lt=OuterRef("pk"))
    return RefundLine.objects.filter(failed & of_its_items).exclude(refund__cause__in=GONE_ALREADY)


def _made_anew(as_of: datetime) -> QuerySet[RefundLine, Any]:
    """For a failed refund: when money of the last of its items was given back after all, at the earliest; by `as_of`
    or not at all, which is `as_of`.
    """
    made = RefundLine.objects.filter(
        item=OuterRef("item"), amount_minor__gt=0, refund__requested_at__gte=OuterRef("refund__settled_at"),
        refund__state=Refund.State.DONE, refund__settled_at__lte=as_of,
    )  # fmt: skip
    first = Subquery(made.order_by("refund__settled_at").values("refund__settled_at")[:1])
    lines = RefundLine.objects.filter(refund=OuterRef("pk"), amount_minor__gt=0).order_by()
    return lines.values("refund").annotate(last=models.Max(Coalesce(first, Value(as_of)))).values("last")


def _overturned(quarter: Quarter, until: datetime, as_of: datetime) -> ReportCardFigure:
    rows = Measure.objects.decisions().exclude(action__in=FINAL).filter(**_within(quarter, until, "decided_at"))
    answered = Q(appeal__answer__verdict=AppealAnswer.Verdict.OVERTURNED, appeal__answer__decided_at__lte=as_of)
    ended = Q(reversal__cause=Measure.Cause.APPEAL, reversal__decided_at__lte=as_of)
    return _share("decisions_overturned", rows, answered | ended)


def _earnings(quarter: Quarter, until: datetime) -> Iterator[ReportCardFigure]:
    """By currency, the one in which most people earned first."""
    by_currency = earned.by_person(quarter.first_month, quarter.last_month)
    sellers = _sellers(quarter, until)
    earners = {owner for people in by_currency.values() for owner in people}
    yield ReportCardFigure.draft("creators_earned", len(sellers), percent(len(sellers & earners), len(sellers)))
    amounts = {currency: sorted(people.values()) for currency, people in by_currency.items()} or {"": []}
    order = sorted(amounts, key=lambda currency: (-len(amounts[currency]), currency))
    for currency in order:
        yield _of(currency, "median_earning", amounts[currency], _median)
    for currency in order:
        yield _of(currency, "earnings_gini", amounts[currency], _gini)


def _of(currency: str, name: str, amounts: list[int], reckoned: Any) -> ReportCardFigure:
    return ReportCardFigure.draft(name, len(amounts), reckoned(amounts) if amounts else None, currency)


def _sellers(quarter: Quarter, until: datetime) -> set[int]:
    """Creators with a course that the public could buy on some day of the quarter: it had passed review, and neither it
    nor its creator was kept off the sale from the first day to the last.
    """
    throughout = Q(lifted_at=None) | Q(lifted_at__gte=until)
    down = Takedown.objects.filter(throughout, course=OuterRef("pk"), taken_down_at__lte=quarter.start)
    suspended = Suspension.objects.filter(throughout, creator=OuterRef("creator"), suspended_at__lte=quarter.start)
    courses = Course.objects.filter(~Exists(down), ~Exists(suspended), published_at__lt=until)
    return set(courses.order_by().values_list("creator", flat=True).distinct())


def percent(part: int, whole: int) -> Decimal | None:
    """With one place. Cut, never rounded up: not all is not 100 %."""
    return Decimal(1000 * part // whole).scaleb(-1) if whole else None


def _median(amounts: Sequence[int]) -> Decimal:
    return Decimal(two_digits(amounts[(len(amounts) - 1) // 2]))


def _gini(amounts: Sequence[int]) -> Decimal:
    return Decimal(f"{gini.coefficient(amounts):.3f}")


def two_digits(amount: int) -> int:
    """Its first two digits, and nothing for the others."""
    return amount - amount % 10 ** max(0, len(str(amount)) - 2)
