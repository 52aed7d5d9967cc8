"""Takedowns and suspensions that stand without a measure: made while two versions of the house ran side by side.

Looking at one writes nothing: its measure is kept when it is ended.
"""

from copy import copy
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.models import Takedown
from creators.models import Suspension
from marketplace.lib.errors import DomainError
from moderation import rulebook
from moderation.models import Measure

from .wish import Action


class FitsNoMeasure(DomainError):
    code = "fits_no_measure"
    message = _(
        "This was decided before measures were kept, under a rule that the book does not have or by its own creator. "
        "It cannot be taken back here: write to an administrator."
    )


def of_takedown(row: Takedown) -> Measure:
    """The decision behind it; where there is none, as it would be kept."""
    course = row.course
    facts = {"kind": "course", "key": course.slug, "title": course.title, "course": course, "creator": course.creator}
    return Measure.objects.filter(takedown=row).first() or _unkept(
        row, takedown=row, action=Action.UNPUBLISH, decided_by=row.taken_down_by, decided_at=row.taken_down_at, **facts
    )


def of_suspension(row: Suspension) -> Measure:
    creator = row.creator
    facts = {"kind": "creator", "key": creator.slug, "title": creator.name, "creator": creator}
    return Measure.objects.filter(suspension=row).first() or _unkept(
        row, suspension=row, action=Action.SUSPEND, decided_by=row.suspended_by, decided_at=row.suspended_at, **facts
    )


def kept(measure: Measure) -> Measure:
    """Itself, or what was not kept yet: a copy, in the transaction that ends it (`measures.reverse`), so that one whose
    end is refused is as it was. Raises FitsNoMeasure.
    """
    must_fit(measure)
    return measure if measure.pk is not None else Measure.objects.adopt(copy(measure))


def must_fit(measure: Measure) -> None:
    """Raises FitsNoMeasure."""
    if measure.pk is None and (measure.rule is None or measure.decided_by_id == measure.owner_id):
        raise FitsNoMeasure


def _unkept(row: Any, **facts: Any) -> Measure:
    rule = rulebook.book().wording(row.rule_code, row.rule_version)
    owner = facts["creator"].user
    return Measure(**facts, owner=owner, rule=rule, reason=row.reason, is_reason_public=False)
