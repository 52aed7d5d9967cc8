"""A case as a moderator sees it. Reading only; as many questions for ten thousand reports as for ten."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet

from accounts.models import User

from . import evidence as kept_evidence
from . import impartial, targets
from .measure_forms import MeasureForm
from .models import Case, CaseClaim, Measure, Report
from .priority import SEVERITY_WEIGHT
from .rights import strikes

MOST_SHOWN = 20


def shown(case: Case, reader: User, data: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Reports by rule, the weightiest in their words, what the thing showed, and what was decided of it before."""
    target = case.target
    evidence = list(case.evidence.order_by("id"))
    films = kept_evidence.films(*(row.shown for row in evidence))
    by_rule = case.reports.values("rule").annotate(times=Count("pk")).values_list("rule__code", "rule__number", "times")
    same = targets.same(case.kind, case.key, case.owner)
    earlier = Measure.objects.decisions().filter(**same).exclude(case=case)
    part = impartial.part_of(impartial.of_case(case), reader)
    claim = CaseClaim.objects.open().filter(case=case).select_related("moderator").first()
    is_mine = claim is not None and claim.moderator_id == reader.pk
    may_decide = case.is_open and part is None and reader.has_role("moderator")
    can_decide = may_decide and (claim is None or is_mine)
    return {
        "case": case,
        "target": target,
        "part": part,
        "flags": case.flags.select_related("answer").order_by("id"),
        "claim": claim,
        "is_mine": is_mine,
        "can_decide": can_decide,
        "by_rule": by_rule.order_by("-times"),
        "reports": _reports(case, part),
        "evidence": evidence,
        "kept_films": films,
        "film": films.get(evidence[-1].shown.get("film", "")) if evidence else None,
        "is_gone": targets.find(case.kind, case.key) is None,
        "has_changed": case.has_changed(target),
        "earlier": earlier.with_all().order_by("-decided_at")[:MOST_SHOWN],
        "strikes": strikes.of(case.creator)[:MOST_SHOWN] if case.creator else [],
        "severity_weight": SEVERITY_WEIGHT[case.severity],
        "form": MeasureForm(target, by=reader, case=case, data=data) if can_decide else None,
    }


def _reports(case: Case, part: impartial.Part | None) -> QuerySet[Report]:
    """The weightiest. Whom it is about, who earns from it too, learns neither who reported it nor in which words: that
    was promised to them.
    """
    is_hers = part in (impartial.Part.OWN, impartial.Part.SHARES)
    reports = case.reports.none() if is_hers else case.reports.all()
    return reports.select_related("rule", "reporter").order_by("-weight", "id")[:MOST_SHOWN]
