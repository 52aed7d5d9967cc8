"""Appeals: by the owner, once, in time; answered by another person, who can put back what was taken."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import sweeps
from marketplace.lib.errors import DomainError, NotAllowed

from . import appeal_mails, impartial, measures, messages, outcomes
from .measures import ending
from .models import Appeal, AppealAnswer, AppealReminder, Measure
from .models.appeal import ANSWER_WITHIN
from .rights import verdicts

Verdict = AppealAnswer.Verdict
A_SWEEP = 100


class AlreadyAppealed(DomainError):
    code = "already_appealed"
    message = _("You have appealed against this decision. Another person looks at it.")


class TooLateToAppeal(DomainError):
    code = "too_late_to_appeal"
    message = _("The time to appeal against this decision is over, or the decision has ended.")


class SamePerson(DomainError):
    code = "same_person"
    status = 403
    message = _("You made this decision, or agreed to it. Another person answers the appeal.")


class AlreadyAnswered(DomainError):
    code = "appeal_answered"
    message = _("Somebody has answered this appeal already.")


def can_appeal(measure: Measure, by: User) -> bool:
    is_open = measure.is_standing and not measure.is_final and not hasattr(measure, "appeal")
    return is_open and measure.owner_id == by.pk and timezone.now() < measure.appeal_until


@transaction.atomic
def make(measure: Measure, by: User, text: str) -> Appeal:
    """Raises NotAllowed, AlreadyAppealed, TooLateToAppeal, FiledAgain."""
    if measure.owner_id != by.pk:
        raise NotAllowed
    held = measure.hold()
    if Appeal.objects.filter(measure=held).exists():
        raise AlreadyAppealed
    if not can_appeal(held, by):
        raise TooLateToAppeal
    _must_not_be_filed_again(held, by)
    now = timezone.now()
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(
                measure=held, by=by, text=text.strip(), appealed_at=now, due_at=now + ANSWER_WITHIN
            )
    except IntegrityError:
        raise AlreadyAppealed from None
    messages.mail_appeal(appeal)
    appeal_mails.wanted(appeal)
    return appeal


def remind() -> int:
    """Rung by beat: of an appeal whose day has passed those who may answer are told again, and administrators; once.

    Raises SweepFailed when one of them could not be told; all others were.
    """
    waiting = list(Appeal.objects.to_be_told(timezone.now()).values_list("pk", flat=True))
    return sum(sweeps.each("late_appeals", waiting, _remind_of, most=A_SWEEP))


@transaction.atomic
def _remind_of(pk: int) -> bool:
    """All are told, or none of them: cut short, it is done again. A second sweep queues here and finds it done."""
    held = Appeal(pk=pk).hold()
    if not held.is_open or AppealReminder.objects.filter(appeal=held).exists():
        return False
    if not appeal_mails.late(held):
        return False  # there is nobody yet: looked for again with the next sweep
    AppealReminder.objects.create(appeal=held)
    return True


def _must_not_be_filed_again(measure: Measure, by: User) -> None:
    """She has asked for another verdict on the same claim already: that one comes first. Raises FiledAgain."""
    step = getattr(measure, "rights_step", None)
    if step is None or step.claim.claimant_id != by.pk:
        return
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if step.claim.was_filed_again:
        raise verdicts.FiledAgain


def preview(appeal: Appeal, by: User, *, verdict: str, reason: str) -> measures.Ending:
    """What the answer would do now; nothing is changed. Raises what `answer` raises."""
    _must_be_hers(appeal, by)
    return ending.of_answer(appeal, Measure.objects.with_all().get(pk=appeal.measure_id), verdict, reason)


@transaction.atomic
def answer(appeal: Appeal, by: User, *, verdict: str, reason: str, seen: str) -> AppealAnswer:
    """Let the decision stand, or overturn it: what it took is put back. `seen` is the version that was confirmed.

    Raises NotAllowed, SamePerson, Partial, SeniorNeeded, AlreadyAnswered, EndingChanged (with what it would do now).
    """
    held = appeal.hold()
    _must_be_hers(held, by)
    measure = held.measure.hold()
    now = ending.of_answer(held, measure, verdict, reason)
    if now.version != seen:
        raise measures.EndingChanged.of(now)
    row = AppealAnswer.objects.create(appeal=held, verdict=Verdict(verdict), reason=reason.strip(), decided_by=by)
    if row.verdict == Verdict.OVERTURNED:
        _put_right(measure, by, reason)
    audit.record(by, "appeal.answer", held, verdict=verdict, reason=reason)
    messages.mail_appeal_answer(row)
    return row


def _must_be_hers(appeal: Appeal, by: User) -> None:
    measure = appeal.measure
    if not by.has_role("moderator"):
        raise NotAllowed
    impartial.must_be(by, impartial.anew(measure), {impartial.Part.DECIDED: SamePerson})
    if measure.is_grave and not by.has_role("senior"):
        raise measures.SeniorNeeded
    if AppealAnswer.objects.filter(appeal=appeal).exists():
        raise AlreadyAnswered


def _put_right(measure: Measure, by: User, reason: str) -> None:
    """What has ended meanwhile is not ended again. But time that is up gives no money back to who sold; this does."""
    if measure.is_standing:
        measures.reverse(measure, by, reason=reason, cause=Measure.Cause.APPEAL)
    else:
        measures.make_good(measure, by)
        outcomes.changed(measure)
