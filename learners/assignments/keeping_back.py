"""A moderator keeps a work back from peers: its course's creator marks it. The assignment's desk is held."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from learners.models import AssignmentDesk, HandIn, Handling, PeerTurn, WorkHiding
from learners.models.work_hiding import AlreadyGivenBack, AlreadyKeptBack
from marketplace.lib.errors import NotAllowed

from . import notices


@transaction.atomic
def keep_back(work: HandIn, *, by: User, rule_code: str, rule_version: int, reason: str) -> WorkHiding:
    """No peer has it before her any more; who had taken it loses nothing by that. Marks that were given stay.

    Raises AlreadyKeptBack (also of a work that is not with peers), NotAllowed.
    """
    _must_judge(by, work)
    AssignmentDesk.objects.hold(work.lesson_key)
    handling = Handling.objects.with_peers().filter(pk=work.pk).first()
    if handling is None:
        raise AlreadyKeptBack
    now = timezone.now()
    row = WorkHiding.objects.create(
        hand_in=work, hidden_by=by, hidden_at=now, rule_code=rule_code, rule_version=rule_version, reason=reason
    )
    PeerTurn.objects.filter(hand_in=work).expire(now)
    handling.give_to_creator(now)
    notices.kept_from_peers(work, row.pk)
    audit.record(by, "work.keep_back", work, rule=rule_code, reason=reason)
    return row


@transaction.atomic
def give_back(row: WorkHiding, *, by: User | None, reason: str) -> None:
    """Peers may take it again, unless the creator has marked it meanwhile. By nobody: its time is up.

    Raises AlreadyGivenBack, NotAllowed.
    """
    work = row.hand_in
    if by is not None:
        _must_judge(by, work)
    AssignmentDesk.objects.hold(work.lesson_key)
    row.end(by=by, reason=reason, refusal=AlreadyGivenBack)
    handling = Handling.objects.unsettled().filter(pk=work.pk, to_creator_at=row.hidden_at).first()
    if handling is not None:
        handling.give_to_peers()
    audit.record(by, "work.give_back", work, reason=reason)


def _must_judge(by: User, work: HandIn) -> None:
    if not by.has_role("moderator") or by.pk in (work.learner_id, work.course.creator.user_id):
        raise NotAllowed
