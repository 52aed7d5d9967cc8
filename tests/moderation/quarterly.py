"""Facts of a quarter in tests, as rows with the times that a test names: what people would take months for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from courses.models import Course, Submission
from creators.models import Creator
from moderation.models import Appeal, AppealAnswer, Case, Measure, Report, RuleVersion
from moderation.quarters import Quarter
from moderation.sla import case_due_at
from payments.models import IncomeMonth, Order, OrderItem, Payout, PayoutRun, Refund, RefundLine
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator

QUARTER = Quarter(2026, 3)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(**after: float) -> datetime:
    """So long after the quarter began."""
    return QUARTER.start + timedelta(**after)


def submission(course: Course, submitted_at: datetime, decided_at: datetime | None = None, **more: Any) -> None:
    version: Any = course.live_version
    facts = {"version": version, "submitted_by": course.creator.user, "decided_at": decided_at}
    Submission.objects.bulk_create([Submission(submitted_at=submitted_at, **facts, **more)])


def case(
    owner: User, opened_at: datetime, closed_at: datetime | None = None, *,
    reports: Sequence[tuple[datetime, int]] = (), severity: int = 1,
) -> Case:  # fmt: skip
    """With its reports, each of a rule so grave; `severity` is what a detector says. The case's own figures are as they
    would stand after all of that.
    """
    gravest, number = max([severity, *(grave for _at, grave in reports)]), Case.objects.count()
    made = Case.objects.create(
        kind="course", key=f"course-{number}", title="A course", url="/", owner=owner, opened_at=opened_at,
        closed_at=closed_at, severity=gravest, due_at=case_due_at(opened_at, gravest), reports_count=len(reports),
    )  # fmt: skip
    for reported_at, grave in reports:
        _report(made, reported_at, grave)
    return made


def report(of: Case, reported_at: datetime, severity: int) -> None:
    """One more of an open case."""
    rule = _report(of, reported_at, severity)
    of.count(rule=rule, reach=0, kept=True)


def _report(of: Case, reported_at: datetime, severity: int) -> RuleVersion:
    rule = RuleVersion.objects.filter(severity=severity)[0]
    sender = f"sender-{of.reports.count()}"
    Report.objects.create(case=of, sender=sender, rule=rule, weight=0, reported_at=reported_at)
    return rule


def reported(owner: User, reported_at: datetime, closed_at: datetime | None = None, severity: int = 2) -> Case:
    return case(owner, reported_at, closed_at, reports=[(reported_at, severity)])


def measure(owner: User, decided_at: datetime, action: str = "warn") -> Measure:
    return Measure.objects.create(
        kind="course", key="glazes", title="Glazes", owner=owner, action=action, reason="Copied",
        rule=None if action == "dismiss" else RuleVersion.objects.first(), decided_by=cast.sam(), decided_at=decided_at,
    )  # fmt: skip


def appeal(of: Measure, appealed_at: datetime) -> Appeal:
    return Appeal.objects.create(
        measure=of, by=of.owner, text="It is mine.", appealed_at=appealed_at, due_at=appealed_at + 5 * DAY
    )


def answer(of: Appeal, decided_at: datetime, verdict: str = "upheld") -> None:
    AppealAnswer.objects.create(
        appeal=of,
        verdict=verdict,
        reason="Looked at",
        decided_at=decided_at,
        decided_by=cast.person("Kim", role="senior"),
    )


def payout(creator: Creator, created_at: datetime, sent_at: datetime | None = None, book: str = "sandbox") -> None:
    number = Payout.objects.count()
    sent = {"state": "sent", "sent_at": sent_at, "transfer_id": f"tr_{number}"} if sent_at else {}
    Payout.objects.create(
        run=PayoutRun.objects.start(book=book, by=None, as_of=created_at), creator=creator, book=book, currency="USD",
        amount_minor=1000, destination="acct_1", created_at=created_at, **sent,
    )  # fmt: skip


def refund(
    order: Order, requested_at: datetime, settled_at: datetime | None = None, cause: str = "meter", *,
    has_failed: bool = False, items: Sequence[OrderItem] = (), minor: int = 1,
) -> None:  # fmt: skip
    """With `items` a cent of each of them."""
    state = "failed" if has_failed else "done" if settled_at else "requested"
    facts: dict[str, Any] = {"requested_at": requested_at, "settled_at": settled_at, "cause": cause, "state": state}
    [made] = Refund.objects.bulk_create(
        [Refund(order=order, amount_minor=len(items) or minor, ends_access=False, **facts)]
    )
    RefundLine.objects.line_up(made, [(item, 1) for item in items])
    if has_failed:
        made.lines.update(failed_at=settled_at)


def seller(name: str, published_at: datetime) -> Creator:
    creator = make_creator(cast.person(name))
    course = make_course(creator, title=f"Course of {name}")
    Course.objects.filter(pk=course.pk).update(published_at=published_at)
    return creator


def income(owner: Creator, minor: int, currency: str = "USD", role: str = "creator", **more: Any) -> None:
    gross = {"gross_minor": minor} if role == "creator" else {}
    facts = {"book": "sandbox", "month": QUARTER.first_month, **more}
    IncomeMonth.objects.create(owner=owner, role=role, currency=currency, share_minor=minor, **gross, **facts)
