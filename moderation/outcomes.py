"""What whoever reported a thing is told of it: the page, the API and the mails ask here, so that they say the same."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from . import report_mails
from .models import AppealAnswer, Case, CaseAnswer, Measure, Outcome, OutcomeChange, Report

BATCH = 50
# Rows that `outcome_of` reads, for select_related on a case.
READ = ("measure__reversal", "measure__appeal__answer")


def outcome_of(case: Case) -> Outcome | None:
    """None while nobody has decided. An appeal that was won counts also when the decision had ended before it."""
    measure = getattr(case, "measure", None)
    if measure is None:
        return None
    if measure.action == Measure.Action.DISMISS:
        return Outcome.DISMISSED
    answer = getattr(getattr(measure, "appeal", None), "answer", None)
    if answer is not None and answer.verdict == AppealAnswer.Verdict.OVERTURNED:
        return Outcome.OVERTURNED
    reversal = getattr(measure, "reversal", None)
    # Its time is up: it was right for as long as it was meant to last.
    was_taken_back = reversal is not None and reversal.cause != Measure.Cause.EXPIRED
    return Outcome.TAKEN_BACK if was_taken_back else Outcome.UPHELD


def done(case: Case) -> Measure.Action | None:
    """What was decided, for whoever reported it and was right; None before and otherwise."""
    is_upheld = outcome_of(case) == Outcome.UPHELD
    return Measure.Action(case.measure.action) if is_upheld else None


def changed(measure: Measure) -> None:
    """A decision was taken back, or lost on appeal: all who reported are to hear. In the transaction of that step."""
    if measure.case_id is None:
        return
    outcome = outcome_of(Case.objects.select_related(*READ).get(pk=measure.case_id))
    if outcome in (Outcome.TAKEN_BACK, Outcome.OVERTURNED):
        OutcomeChange.objects.begin(measure, outcome)


def tell(row: OutcomeChange) -> None:
    """The worker's part: a mail to each person who reported. What was told before goes first."""
    measure = row.measure
    assert measure.case is not None
    earlier = OutcomeChange.open_work().filter(measure=measure, pk__lt=row.pk)
    if CaseAnswer.open_work().filter(measure=measure).exists() or earlier.exists():
        return row.wait_until_due(timedelta(minutes=1))
    reports = measure.case.reports.filter(reporter__is_active=True).select_related("reporter", "case")
    while batch := list(reports.filter(pk__gt=row.through_report_id).order_by("pk")[:BATCH]):
        for report in batch:
            report_mails.outcome_changed(report, row.outcome)
        row.reach(batch[-1].pk)


def reported_by(person: Any) -> QuerySet[Report]:
    """Her reports, newest first, with what `outcome_of` reads."""
    related = [f"case__{path}" for path in READ]
    return Report.objects.filter(reporter=person).select_related("rule", *related).order_by("-pk")
