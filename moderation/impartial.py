"""Who is a party of a matter, and so no judge of it: asked by every act that judges, by its page, its queue, its mail.

A party is whose the thing is, who has or had a part in what it earns, a side of a claim about it, who reported it or
voted on it, and, where it is judged anew, who decided it and who agreed to its refund.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, TextChoices, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Course, Submission
from creators.models import Creator
from marketplace.lib.errors import DomainError, NotAllowed
from payments.models import SplitLine

from . import targets

# From their own files: the models that judge ask this module.
from .models.case import Case, Report
from .models.community import CommunityVote
from .models.measure import Measure
from .models.rights_claim import RightsClaim
from .models.wave import RefundVerdict

# What is done to a creator touches everything that she sells, whatever it was seen at.
OF_CREATOR = (Measure.Action.SUSPEND, Measure.Action.HOLD)
AGREED = Q(split__agreed_at__isnull=False, bps__gt=0)


class Part(TextChoices):
    """Why somebody is no judge, in the words that she reads."""

    OWN = "own", _("This is your own; another moderator decides on it.")
    SHARES = "shares", _("You have or had a part in what this earns; another moderator decides on it.")
    SIDE = "side", _("You have filed a claim about this; another moderator decides on it.")
    HEARD = "heard", _("You have reported this or voted on it; another moderator decides.")
    DECIDED = "decided", _("You made this decision, or agreed to it. Another person looks at it.")


WEIGHT = {part.value: -place for place, part in enumerate(Part)}


class Partial(NotAllowed):
    code = "partial"
    message = Part.HEARD.label


@dataclass(frozen=True)
class Matter:
    """What is judged. Of a course those who share in it are parties; of a `creator`, who shares in any of hers."""

    owners: frozenset[int]
    course: Course | None = None
    creator: Creator | None = None
    # With their reports and votes; and with their claimants, beside those of all open claims about the course.
    cases: tuple[Case, ...] = ()
    claims: tuple[int, ...] = ()
    deciders: frozenset[int] = frozenset()


def of_target(target: targets.Target, case: Case | None = None, action: str = "") -> Matter:
    """The open case about a thing counts also where somebody would decide beside it."""
    course = None if action in OF_CREATOR else target.course
    return _of(target.kind, target.key, target.owner, course, target.creator, case)


def of_case(case: Case) -> Matter:
    return _of(case.kind, case.key, case.owner, case.course, case.creator, case)


def of_submission(submission: Submission) -> Matter:
    """A version is read for itself: what somebody has reported of the course before is another matter."""
    return _sold(submission.version.course, None, ())


def of_claim(claim: RightsClaim) -> Matter:
    found = _of(claim.kind, claim.key, claim.owner, claim.course, None, None)
    return replace(found, claims=(claim.pk,))


def of_measure(measure: Measure) -> Matter:
    """To end it: whoever decided it can find that she was wrong."""
    course = None if measure.action in OF_CREATOR else measure.course
    found = _of(measure.kind, measure.key, measure.owner, course, measure.creator, measure.case)
    # One of before there were measures is looked at before it is kept.
    claims = _claims_of(measure).values_list("pk", flat=True) if measure.pk else ()
    return replace(found, claims=tuple(claims))


def anew(measure: Measure) -> Matter:
    """To judge it a second time: on appeal, or before everybody's money goes."""
    waves = Q(wave__measure=measure) | Q(wave__measure__in=_refunding(measure))
    agreed = RefundVerdict.objects.filter(waves, agrees=True).values_list("by_id", flat=True)
    deciders = frozenset({*agreed, *([measure.decided_by_id] if measure.decided_by_id else [])})
    return replace(of_measure(measure), deciders=deciders)


def parts(matter: Matter, people: Iterable[int]) -> dict[int, Part]:
    """Of these people, by their numbers, the parties; in one query, however many are asked about."""
    asked = set(people)
    voted = CommunityVote.objects.filter(case__in=matter.cases, by__in=asked)
    reported = Report.objects.filter(case__in=matter.cases, reporter__in=asked)
    rows = _as(Part.HEARD, voted, "by_id").union(
        _as(Part.HEARD, reported, "reporter_id"), _as(Part.SIDE, _sides(matter, asked), "claimant_id"),
        _as(Part.SHARES, _sharers(matter, asked), "creator__user_id"),
    )  # fmt: skip
    found = dict.fromkeys(matter.deciders & asked, Part.DECIDED)
    # What weighs most is said: the last to be written here.
    for person, part in sorted(rows, key=lambda row: WEIGHT[row[1]]):
        found[person] = Part(part)
    return found | dict.fromkeys(matter.owners & asked, Part.OWN)


def part_of(matter: Matter, person: Any) -> Part | None:
    """Hers, or None: she may judge it."""
    return parts(matter, [person.pk]).get(person.pk)


def must_be(person: User, matter: Matter, named: Mapping[Part, type[DomainError]] | None = None) -> None:
    """Raises Partial, or what `named` says for a part."""
    part = part_of(matter, person)
    if part is None:
        return
    if named and part in named:
        raise named[part]
    raise Partial(part.label)


def others(people: Iterable[User], matter: Matter) -> list[User]:
    """Those who are no party: who may be asked to judge it."""
    everybody = list(people)
    partial = parts(matter, [person.pk for person in everybody])
    return [person for person in everybody if person.pk not in partial]


def earning(person: User) -> list[int]:
    """The numbers of courses that are hers, or in which she has or had a part; few, so that queues look them up."""
    return [pk for (pk,) in _earning(person)]


def courses(person: User) -> list[int]:
    """Of all to which she is a party: also of those of which she has an open claim."""
    claimed = RightsClaim.objects.open().filter(claimant=person).values_list("course_id")
    return [pk for (pk,) in _earning(person).union(claimed)]


def _earning(person: User) -> QuerySet[Course, tuple[int]]:
    own = Course.objects.filter(creator__user=person).order_by().values_list("pk")
    return own.union(_shared(person).order_by().values_list("split__course_id"))


def cases(person: User) -> Q:
    """The cases to which she is a party, for the queues: what is handed out can be decided."""
    partners = _shared(person).values("split__course__creator")
    reported = Report.objects.filter(case=OuterRef("pk"), reporter=person)
    voted = CommunityVote.objects.filter(case=OuterRef("pk"), by=person)
    hers = Q(owner=person) | Q(course__in=courses(person)) | Q(course=None, creator__in=partners)
    return hers | Q(Exists(reported)) | Q(Exists(voted))


def _shared(person: User) -> QuerySet[SplitLine]:
    return SplitLine.objects.filter(AGREED, creator__user=person)


def _of(
    kind: str, key: str, owner: User, course: Course | None, creator: Creator | None, case: Case | None
) -> Matter:  # fmt: skip
    same = Case.objects.filter(closed_at=None, **targets.same(kind, key, owner))
    found = tuple({*same, *([case] if case else [])})
    sold = _sold(course, creator, found)
    return replace(sold, owners=sold.owners | {owner.pk})


def _sold(course: Course | None, creator: Creator | None, found: tuple[Case, ...]) -> Matter:
    """What is said below a course is its creator's matter too."""
    seller = course.creator if course else creator
    owners = frozenset({seller.user_id} if seller else ())
    return Matter(owners, course, None if course else creator, found)


def _as(part: Part, rows: QuerySet[Any], person: str) -> QuerySet[Any, tuple[int, str]]:
    return rows.order_by().values_list(person, Value(part.value, output_field=CharField()))


def _sharers(matter: Matter, asked: set[int]) -> QuerySet[SplitLine]:
    lines = SplitLine.objects.filter(AGREED, creator__user__in=asked)
    if matter.course is None and matter.creator is None:
        return lines.none()
    of = {"split__course": matter.course} if matter.course else {"split__course__creator": matter.creator}
    return lines.filter(**of)


def _sides(matter: Matter, asked: set[int]) -> QuerySet[RightsClaim]:
    """Who claims a part of what it earns: by the claim that is judged, or by another one that is open."""
    about = Q(pk__in=matter.claims)
    if matter.course:
        about |= ~Q(state=RightsClaim.State.CLOSED) & Q(course=matter.course)
    return RightsClaim.objects.filter(about, claimant__in=asked)


def _claims_of(measure: Measure) -> QuerySet[RightsClaim]:
    """The claim that it is the verdict of, or that it was decided with."""
    steps = Q(steps__measure=measure) | Q(steps__hiding=measure) | Q(steps__refunding=measure)
    return RightsClaim.objects.filter(steps).distinct()


def _refunding(measure: Measure) -> QuerySet[Measure]:
    """An upheld claim refunds everybody by a measure of its own."""
    steps = RightsClaim.objects.filter(steps__measure=measure, steps__refunding__isnull=False)
    return Measure.objects.filter(pk__in=steps.values("steps__refunding"))
