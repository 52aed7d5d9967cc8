"""A list with its reasons in words: why each card is there, and what each reason adds to its score."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from courses.cards import by_course as faces_of
from courses.models import Category, Course, Skill
from discovery.models import Taste

from . import choosing, looks
from .scoring import Match, Reason, Signal

SMALL = 0.02
MOST_TOLD = 12  # reasons of one card, the largest; the rest of them stand in one line


@dataclass(frozen=True)
class Part:
    """`amount`: in whole hundredths, as pages show it."""

    text: str
    amount: float


@dataclass(frozen=True)
class Card:
    """One course with the parts of its score, the largest first; `why` is the line on the card."""

    course: Course
    stamp: str
    parts: list[Part]
    is_look: bool

    @property
    def score(self) -> float:
        return round(math.fsum(part.amount for part in self.parts), 2)

    @property
    def why(self) -> str:
        if self.is_look:
            return _("New, and reviewed: every such course gets its first looks")
        strong = [part for part in self.parts if part.amount >= SMALL]
        return strong[0].text if strong else _("To look around")


def cards(learner: User, count: int = choosing.SHOWN, taste: Taste | None = None) -> list[Card]:
    """Her list, counted as seen. `taste`: hers, where it is known already."""
    chosen = choosing.for_learner(learner, taste or Taste.objects.of(learner), count)
    names = Names(one.match for one in chosen)
    looks.note(learner, (one.course.pk for one in chosen))
    return [Card(one.course, one.stamp, parts_of(one.match, one.course, names), one.is_look) for one in chosen]


def drawn(
    learner: User, heading: str, count: int = choosing.SHOWN, taste: Taste | None = None
) -> list[tuple[Card, SafeString]]:
    """The same, each with its course's card as lists have it, which is kept."""
    found = cards(learner, count, taste)
    faces = faces_of([(card.course.pk, card.stamp, False) for card in found], heading)
    return [(card, faces[card.course.pk, False]) for card in found if (card.course.pk, False) in faces]


def parts_of(found: Match, course: Course, names: "Names") -> list[Part]:
    """In words, the largest first; what is too small or too many stands in one line, so that the sum stays whole."""
    ordered = sorted(found.reasons, key=lambda reason: -abs(reason.amount))
    told = [reason for reason in ordered[:MOST_TOLD] if abs(reason.amount) >= SMALL]
    rest = ordered[len(told) :]
    told.sort(key=lambda reason: -reason.amount)
    lines = [(names.words(reason, course), reason.amount) for reason in told]
    if rest:
        only_history = all(reason.signal == Signal.HISTORY for reason in rest)
        text = _("Your other courses together") if only_history else _("Smaller signs together")
        lines.append((text, math.fsum(reason.amount for reason in rest)))
    shown = in_hundredths([amount for _text, amount in lines])
    return [Part(text, amount) for (text, _exact), amount in zip(lines, shown, strict=True) if amount]


def in_hundredths(amounts: Sequence[float]) -> list[float]:
    """Each rounded up or down so that what is shown adds up to the rounded sum: the nearest to the next go up."""
    exact = [100 * amount for amount in amounts]
    whole = [math.floor(amount) for amount in exact]
    missing = round(math.fsum(exact)) - sum(whole)
    for at in sorted(range(len(exact)), key=lambda at: whole[at] - exact[at])[:missing]:
        whole[at] += 1
    return [amount / 100 for amount in whole]


class Names:
    """The names that reasons speak of, in one query."""

    def __init__(self, found: Iterable[Match]) -> None:
        courses = {r.about for one in found for r in one.reasons if r.signal == Signal.HISTORY}
        self.titles = dict(Course.objects.filter(pk__in=courses).values_list("pk", "title"))
        self.skills = {skill.pk: skill.name for skill in Skill.objects.known()}
        self.categories = {category.pk: category.name for category in Category.objects.shelves()}

    def words(self, reason: Reason, course: Course) -> str:
        match reason.signal:
            case Signal.HISTORY:
                title = {"course": self.titles.get(reason.about, "")}
                if reason.amount < 0:
                    return _("Less so, since you have “%(course)s”") % title
                if not reason.share:
                    return _("Because you have “%(course)s”") % title
                if reason.share < 1:
                    return _("Because you learn “%(course)s”") % title
                return _("Because you finished “%(course)s”") % title
            case Signal.SKILLS:
                return _("Carries on with: %(skill)s") % {"skill": self.skills.get(reason.about, "")}
            case Signal.GOALS:
                return _("You want to learn: %(category)s") % {"category": self.categories.get(reason.about, "")}
            case Signal.FOLLOWS:
                return _("You follow %(creator)s") % {"creator": course.creator.name}
            case Signal.LANGUAGE:
                return _("In your language")
            case Signal.POPULAR:
                return _("Many people learn it")
