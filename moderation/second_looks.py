"""Second looks: a share of all decisions is read again without knowing the answer; how far two readers agree is public.

Where they differ, somebody gains: what should not be on sale becomes a case of its own, and what was sent back without
need is told to its creator.
"""

import random
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from courses.models import Course, Decision

from . import messages, reports, rubric, targets
from .models import SecondJudgment, SecondLook

# Nobody can tell beforehand which decision will be read again, not even by having seen the ones before.
_chance = random.SystemRandom()


def draw(decision: Decision) -> SecondLook | None:
    """Called in the transaction of each decision: `SECOND_LOOK_PERCENT` of them wait for a second reader."""
    if _chance.random() * 100 >= settings.SECOND_LOOK_PERCENT:
        return None
    return SecondLook.objects.create(decision=decision)


@transaction.atomic
def answer(look: SecondLook, by: User, verdict: str, reason: str, findings: Iterable[dict[str, Any]]) -> SecondJudgment:
    """What the second reader found. Raises UnknownRule and what `SecondLook.answer` raises."""
    asked = rubric.current()
    numbered = [{**found, "rule_version": asked.rule(found["rule_code"]).number} for found in findings]
    judgment = look.answer(by=by, verdict=verdict, reason=reason, findings=numbered, rubric_version=asked.version)
    if not judgment.agrees:
        _follow(judgment)
    return judgment


def _follow(judgment: SecondJudgment) -> None:
    version = judgment.look.decision.submission.version
    if judgment.verdict == Decision.Verdict.APPROVE:
        messages.mail_second_look(judgment)
        return
    course = Course.objects.on_sale().filter(pk=version.course_id, live_version=version).first()
    target = targets.find("course", course.slug) if course else None
    worst = _reportable(judgment)
    if target and worst:
        text = "\n".join(filter(None, [judgment.reason, *(found["text"] for found in judgment.findings)]))
        reports.file(target, reports.Sender(judgment.by), rule_code=worst, text=text[:2000])


def _reportable(judgment: SecondJudgment) -> str:
    """The first of the broken rules that a course can be reported under, or ""."""
    asked = rubric.current()
    codes = [found["rule_code"] for found in judgment.findings]
    return next((code for code in codes if "course" in asked.rule(code).applies_to), "")
