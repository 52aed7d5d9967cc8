"""Raising flags: what detectors found becomes rows, beside the case of their thing, each once; owners are told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from marketplace.lib import sweeps

from . import flag_mails, targets
from .models import Case, Flag


@dataclass(frozen=True)
class Finding:
    """`figures`: plain values, without names of people; they are kept and shown as they are."""

    code: str
    rule_version: int
    kind: str
    key: str
    figures: dict[str, Any]


def keep(code: str, findings: list[Finding], now: datetime) -> int:
    """Flag what is new of one detector's findings and note which old ones no longer stand out; how many are new.

    As many statements as there are new flags, and a handful besides, however many findings were known.
    """
    Flag.objects.clear(code, {(finding.kind, finding.key) for finding in findings}, now)
    known = Flag.objects.answered_for(code, now)
    fresh = [finding for finding in findings if (finding.kind, finding.key) not in known]
    return sum(sweeps.each(f"flags:{code}", fresh, lambda finding: _raise(finding, now)))


@transaction.atomic
def _raise(finding: Finding, now: datetime) -> bool:
    """Two workers at one thing queue at its case: the second finds the first one's flag."""
    target = targets.find(finding.kind, finding.key)
    if target is None:
        return False
    case = Case.objects.hold_open(target)
    flag, is_new = Flag.objects.get_or_create(
        case=case, code=finding.code,
        defaults={"rule_version": finding.rule_version, "figures": finding.figures, "raised_at": now},
    )  # fmt: skip
    if is_new:
        case.keep_evidence(target)
        case.count_flag(severity=flag.detector.severity, reach=target.reach)
        flag_mails.raised(flag)
    return is_new
