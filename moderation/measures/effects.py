"""What a measure would do, shown before it is confirmed: to how many people, to how much money, by which message.

The effect has a version: a hash of everything that is taken from somebody, of the state that it meets, and of what the
moderator wrote. Who confirms names the version that she saw.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.models import AccountCurb
from community.models import PostHiding, RatingHiding
from courses.models import Course, Restriction
from creators.models import Creator
from learners.models import Enrollment, Handling
from marketplace.lib.money import Money
from moderation import messages, targets
from moderation.messages import Message
from moderation.models import Case
from payments import ledger
from payments.models import AccountKind, OrderItem, PayoutHold

from . import refund_limit
from .wish import OF_PERSON, Action, Wish

# What takes nothing from anybody is said of what was looked at: what the thing shows, and the words that are sent, are
# part of the version. Of all else they are not: the judged person's script that changes a price or a name each second
# would put it off for ever. That the thing has changed is said beside it.
OF_WHAT_IS_SHOWN = (Action.DISMISS, Action.WARN)
# Facts that a sale or a refund changes, and nothing else.
OF_TRADE = ("sales", "money", "learners")


@dataclass(frozen=True)
class Effect:
    """`learners` keep the course, unless `takes_back`; `money` is what they get, or what is held back."""

    action: str
    takes_back: bool
    learners: int
    courses: int
    sales: int
    money: tuple[Money, ...]
    # It meets something that is so already; what was reported shows something else by now.
    is_so_already: bool
    has_changed: bool
    message: Message | None
    version: str
    # The version without what trade alone moves: how many bought, and for how much.
    steady_version: str

    @property
    def needs_second(self) -> bool:
        """Whether another person must agree before so much money goes."""
        return self.takes_back and refund_limit.is_reached(self.money)

    def as_json(self) -> dict[str, Any]:
        """What is kept with the measure."""
        money = [amount.as_json() for amount in self.money]
        return {
            "learners": self.learners, "courses": self.courses, "sales": self.sales, "money": money,
            "takes_back": self.takes_back, "version": self.version,
        }  # fmt: skip


def of(wish: Wish) -> Effect:
    """As things are now. Asked inside the deciding transaction, it is what is about to happen."""
    message = None if wish.action == Action.DISMISS else messages.preview_measure(wish)
    learners, courses = _reached(wish)
    money, sales = _money(wish)
    state = _state(wish)
    present = targets.find(wish.target.kind, wish.target.key) or wish.target
    is_of_shown = wish.action in OF_WHAT_IS_SHOWN
    facts: dict[str, Any] = {
        "action": wish.action, "target": [wish.target.kind, wish.target.key], "state": state, "days": wish.days,
        "rule": wish.rule.pk if wish.rule else None, "sales": sales,
        "money": [str(amount) for amount in money] if wish.takes_back else [],
        "message": [message.subject, message.text] if message and is_of_shown else [], "open": _is_open(wish.case),
        "learners": learners if wish.takes_back else None, "reason": wish.reason.strip(),
        "shown": Case.digest_of(present) if is_of_shown else "",
    }  # fmt: skip
    steady = {name: fact for name, fact in facts.items() if name not in OF_TRADE}
    return Effect(
        wish.action, wish.takes_back, learners, courses, sales, tuple(money), bool(state.get("is_so")),
        wish.case is not None and wish.case.has_changed(present), message,
        _digest(facts), _digest(steady),
    )  # fmt: skip


def _digest(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _is_open(case: Case | None) -> bool:
    return case is None or Case.objects.filter(pk=case.pk, closed_at=None).exists()


def _reached(wish: Wish) -> tuple[int, int]:
    """How many learners and how many courses on sale it touches; of an account, the courses that it keeps."""
    creator, course = wish.target.creator, wish.target.course
    if wish.action == Action.SUSPEND and creator:
        mine = Course.objects.filter(creator=creator)
        return sum(mine.values_list("learners_count", flat=True)), mine.on_sale().count()
    if wish.action == Action.BAR:
        return 0, Enrollment.objects.active().of(wish.target.owner).count()
    if course and wish.action in (Action.LIMIT, Action.HIDE, Action.UNPUBLISH, Action.REFUND):
        return Enrollment.objects.active().filter(course=course).count(), 1
    return 0, 0


def _money(wish: Wish) -> tuple[list[Money], int]:
    """What goes back to learners, of how many sales; or what a hold keeps here."""
    if wish.takes_back and wish.target.course:
        sales = OrderItem.objects.left_of(wish.target.course, settings.PAYMENTS_BOOK)
        return sales.money_left(), sales.sales()
    if wish.action == Action.HOLD and wish.target.creator:
        return payable(wish.target.creator), 0
    return [], 0


def payable(creator: Creator) -> list[Money]:
    """What she could be paid now, a currency each: what a hold keeps here, and what goes on when it ends."""
    owed = ledger.balances_of(creator.pk, settings.PAYMENTS_BOOK)
    available = [money for (kind, _currency), money in owed.items() if kind == AccountKind.CREATOR_AVAILABLE]
    return [money for money in available if money.minor > 0]


def _state(wish: Wish) -> dict[str, Any]:
    """What it meets. `is_so`: there is nothing left to do."""
    creator, course = wish.target.creator, wish.target.course
    if wish.action == Action.HOLD and creator:
        return {"is_so": PayoutHold.objects.open().filter(creator=creator).exists()}
    if wish.action == Action.SUSPEND and creator:
        creator.refresh_from_db(fields=["suspended_at"])
        return {"is_so": creator.suspended_at is not None}
    if wish.action == Action.HIDE_CLIP:
        return {"is_so": Restriction.objects.hiding_clips().filter(clip_key=wish.target.key).exists()}
    if wish.action == Action.HIDE_RATING:
        return {"is_so": RatingHiding.objects.filter(rating=wish.target.key, lifted_at=None).exists()}
    if wish.action == Action.HIDE_POST:
        return {"is_so": PostHiding.objects.filter(post=wish.target.key, lifted_at=None).exists()}
    if wish.action == Action.HIDE_WORK:
        return {"is_so": not Handling.objects.with_peers().filter(pk=wish.target.key).exists()}
    if wish.action in OF_PERSON:
        return {"is_so": AccountCurb.objects.open().of(wish.target.owner).filter(kind=wish.action).exists()}
    if course and wish.action in (Action.LIMIT, Action.UNPUBLISH, Action.REFUND, Action.HIDE):
        course.refresh_from_db(fields=["is_taken_down", "is_limited", "live_version"])
        hidden = Restriction.objects.hiding().filter(course=course).values_list("lesson_key", flat=True)
        is_so = {
            Action.LIMIT: course.is_limited,
            Action.UNPUBLISH: course.is_taken_down,
            Action.HIDE: wish.target.key in {str(key) for key in hidden},
        }
        return {"is_so": is_so.get(Action(wish.action), False), "live": course.live_version_id}
    return {}
