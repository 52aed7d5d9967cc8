"""Doing what was decided, and putting it back: each act by the verb of the app that it belongs to."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from accounts import curbing
from accounts.models import User
from community import hiding
from community.models import Post, Rating
from courses.models import Course, Restriction, Takedown
from creators.models import Suspension
from learners.assignments import keeping_back
from learners.models import HandIn
from marketplace.lib.money import Money
from moderation.models import Measure
from moderation.rights import verdicts
from payments import making_good
from payments.models import PayoutHold

from .wish import Action, Wish

Rows = dict[str, Any]


def do(wish: Wish, by: User) -> Rows:
    """What the measure names: the row that holds the new state. Raises what the app's verb raises."""
    return _ACTS[Action(wish.action)](wish, by)


def undo(measure: Measure, by: User | None, reason: str, cause: str) -> None:
    """Put back what was taken. Money that learners have already they keep; who sold gets hers from the platform.

    By nobody: its time is up.
    """
    step = getattr(measure, "rights_step", None)
    if step is not None:
        verdicts.undo(step, by, reason, cause)
    if measure.takedown:
        measure.takedown.lift(by=by, reason=reason)
    if measure.suspension:
        measure.suspension.lift(by=by, reason=reason)
    if measure.restriction:
        measure.restriction.lift(by=by, reason=reason)
    if measure.rating_hiding:
        hiding.lift(measure.rating_hiding, by=by, reason=reason)
    if measure.post_hiding:
        hiding.lift_post(measure.post_hiding, by=by, reason=reason)
    if measure.work_hiding:
        keeping_back.give_back(measure.work_hiding, by=by, reason=reason)
    if measure.curb:
        curbing.lift(measure.curb, by=by, reason=reason)
    if measure.payout_hold and measure.payout_hold.lifted_at is None:  # finance could, once
        measure.payout_hold.lift(by=by, reason=reason[:500])
    wave = getattr(measure, "wave", None)
    if wave is not None:
        wave.stop()
        if by is not None and cause != Measure.Cause.EXPIRED:  # its time is up: it was right to refund them
            make_good(measure, by)


def make_good(measure: Measure, by: User) -> None:
    """Who sold gets from the platform what its refunds took, if it gave anything back. Said again: nothing more."""
    wave = getattr(measure, "wave", None)
    if wave is not None:
        making_good.order(wave.origin, by=by)


def made_good_if_ended(measure: Measure) -> list[Money]:
    """What the platform would give to sellers for refunds of this decision, a currency each; shown before it ends."""
    step = getattr(measure, "rights_step", None)
    # An upheld claim refunds everybody by a measure of its own, which ends with it.
    wave = getattr(measure, "wave", None) or getattr(getattr(step, "refunding", None), "wave", None)
    return making_good.would_be(wave.origin) if wave is not None else []


def _words(wish: Wish) -> dict[str, Any]:
    assert wish.rule is not None
    return {"rule_code": wish.rule.code, "rule_version": wish.rule.number, "reason": wish.reason}


def _course(wish: Wish) -> Course:
    assert wish.target.course is not None
    return wish.target.course


def _limit(wish: Wish, by: User) -> Rows:
    kind = Restriction.Kind.LIMIT
    return {"restriction": Restriction.objects.impose(kind, _course(wish), by=by, **_words(wish))}


def _hide(wish: Wish, by: User) -> Rows:
    kind, key = Restriction.Kind.HIDE, UUID(wish.target.key)
    return {"restriction": Restriction.objects.impose(kind, _course(wish), by=by, lesson_key=key, **_words(wish))}


def _hide_clip(wish: Wish, by: User) -> Rows:
    kind, key = Restriction.Kind.CLIP, UUID(wish.target.key)
    return {"restriction": Restriction.objects.impose(kind, _course(wish), by=by, clip_key=key, **_words(wish))}


def _hide_rating(wish: Wish, by: User) -> Rows:
    rating = Rating.objects.select_related("course__creator").get(pk=wish.target.key)
    return {"rating_hiding": hiding.hide(rating, by=by, **_words(wish))}


def _hide_post(wish: Wish, by: User) -> Rows:
    post = Post.objects.with_writers().get(pk=wish.target.key)
    return {"post_hiding": hiding.hide_post(post, by=by, **_words(wish))}


def _hide_work(wish: Wish, by: User) -> Rows:
    work = HandIn.objects.select_related("lesson__version__course", "course__creator").get(pk=wish.target.key)
    return {"work_hiding": keeping_back.keep_back(work, by=by, **_words(wish))}


def _curb(wish: Wish, by: User) -> Rows:
    """The kinds of curbs are called as the actions are."""
    return {"curb": curbing.impose(wish.action, wish.target.owner, by=by, **_words(wish))}


def _unpublish(wish: Wish, by: User) -> Rows:
    return {"takedown": Takedown.objects.take_down(course=_course(wish), by=by, **_words(wish))}


def _suspend(wish: Wish, by: User) -> Rows:
    assert wish.target.creator is not None
    return {"suspension": Suspension.objects.suspend(creator=wish.target.creator, by=by, **_words(wish))}


def _hold(wish: Wish, by: User) -> Rows:
    assert wish.target.creator is not None
    rule = PayoutHold.Rule.CONTENT
    hold = PayoutHold.objects.place(creator=wish.target.creator, by=by, rule_code=rule, reason=wish.reason[:500])
    return {"payout_hold": hold}


def _nothing_more(_wish: Wish, _by: User) -> Rows:
    """A warning is its message; a refund is the wave that begins with it; a dismissal changes nothing."""
    return {}


_ACTS: dict[Action, Callable[[Wish, User], Rows]] = {
    Action.DISMISS: _nothing_more,
    Action.WARN: _nothing_more,
    Action.LIMIT: _limit,
    Action.HIDE: _hide,
    Action.HIDE_CLIP: _hide_clip,
    Action.HIDE_RATING: _hide_rating,
    Action.HIDE_POST: _hide_post,
    Action.HIDE_WORK: _hide_work,
    Action.MUTE: _curb,
    Action.BAR: _curb,
    Action.UNPUBLISH: _unpublish,
    Action.REFUND: _nothing_more,
    Action.SUSPEND: _suspend,
    Action.HOLD: _hold,
}
