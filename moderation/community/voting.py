"""Cases given out by chance, votes given blind, and the advice that follows from the last one.

All of a case's turns and votes pass its row's lock: two last votes come one after the other, and one counts them all.
"""

import random
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.resting import must_be_free_to_write
from courses.models import Course
from marketplace.lib.errors import DomainError, NotAllowed
from moderation import impartial
from moderation.models import Case, CommunityAdvice, CommunityReviewer, CommunityTurn, CommunityVote
from moderation.models.community import A_TURN, Verdict

from . import records, trust
from .joining import GRAVEST

_chance = random.SystemRandom()
# Drawn from the cases that matter most, so that chance never leaves one behind for good.
DRAWN_FROM = 50
# What everybody may see anyway. Works, reviews of them, what is said inside a course, lessons that are sold, and people
# are a moderator's alone; a kind that comes anew stays hers until it is named here.
PUBLIC_KINDS = ("course", "clip", "creator", "rating")


class NoReviewer(NotAllowed):
    code = "no_community_reviewer"
    message = _("Only community reviewers have cases.")


class NothingToVoteOn(DomainError):
    code = "nothing_to_vote_on"
    message = _("No case waits for you now. Thank you: come back later.")


class VotingClosed(DomainError):
    code = "voting_closed"
    message = _("This case is decided, has all its votes, is a moderator's alone by now, or your time for it is over.")


class Paused(NotAllowed):
    code = "community_paused"
    message = _("You are given no cases now: too many of your votes differed from the decisions, or a measure stands.")


@transaction.atomic
def take(person: User) -> CommunityTurn:
    """The case that she has, or one drawn for her. Raises MayNotWrite, NoReviewer, Paused, NothingToVoteOn."""
    must_be_free_to_write(person)
    reviewer = CommunityReviewer.objects.of(person)
    if reviewer is None:
        raise NoReviewer
    # Two taps at once wait here, and the second finds the first one's turn.
    CommunityReviewer.objects.select_for_update().get(pk=reviewer.pk)
    if held := present(person):
        return held
    if not trust.may_go_on(records.of(person)):
        raise Paused
    drawn = list(_open_to(person).values_list("pk", flat=True)[:DRAWN_FROM])
    _chance.shuffle(drawn)
    for pk in drawn:
        case = Case.objects.select_for_update(no_key=True).get(pk=pk)
        # What was taken off the site since is shown to nobody anew.
        if _is_left_to_them(case) and _places_taken(case) < settings.KEZHAN_COMMUNITY_VOTES and case.target.is_public:
            return CommunityTurn.objects.create(case=case, reviewer=reviewer, ends_at=timezone.now() + A_TURN)
    raise NothingToVoteOn


def present(person: User) -> CommunityTurn | None:
    """The case that she has before her, unless she has become a party to it since."""
    rows = CommunityTurn.objects.open_now().filter(reviewer__person=person, reviewer__left_at=None)
    rows = rows.filter(case__closed_at=None, case__kind__in=PUBLIC_KINDS, case__severity__lte=GRAVEST).order_by("pk")
    rows = rows.select_related("case__owner", "case__course__creator", "case__creator")
    return next((turn for turn in rows if impartial.part_of(impartial.of_case(turn.case), person) is None), None)


@transaction.atomic
def vote(person: User, turn_pk: int, verdict: str, text: str) -> CommunityVote:
    """Once a case. Raises MayNotWrite, VotingClosed, NotAllowed, Partial."""
    must_be_free_to_write(person)
    turn = CommunityTurn.objects.filter(pk=turn_pk, reviewer__person=person, reviewer__left_at=None).first()
    if turn is None:
        raise NotAllowed
    case = Case.objects.select_for_update(no_key=True).get(pk=turn.case_id)
    if not _is_left_to_them(case) or not CommunityTurn.objects.open_now().filter(pk=turn.pk).exists():
        raise VotingClosed
    impartial.must_be(person, impartial.of_case(case))
    given = CommunityVote.objects.create(turn=turn, case=case, by=person, verdict=verdict, text=text.strip())
    _advise(case)
    return given


def _advise(case: Case) -> None:
    """The case is locked: whoever votes last counts all."""
    votes = list(case.community_votes.values_list("verdict", flat=True))
    if len(votes) < settings.KEZHAN_COMMUNITY_VOTES:
        return
    fine = votes.count(Verdict.FINE)
    # Equal voices: a person should look harder.
    verdict = Verdict.FINE if fine * 2 > len(votes) else Verdict.BREAKS
    CommunityAdvice.objects.create(case=case, verdict=verdict, votes=len(votes), agreeing=votes.count(verdict))


def _is_left_to_them(case: Case) -> bool:
    """Somebody else may have reported it under a graver rule meanwhile: then it is a moderator's alone."""
    return case.is_open and case.severity <= GRAVEST


def _places_taken(case: Case) -> int:
    return case.community_votes.count() + CommunityTurn.objects.open_now().filter(case=case).count()


def _open_to(person: User) -> Any:
    """Slight cases of what is public, reported under a rule, and nothing to her: she is no party, it competes with no
    course that she earns from on the same shelf, and she did not have it before.
    """
    shelves = Course.objects.filter(pk__in=impartial.earning(person), live_version__isnull=False).values("category")
    rows = Case.objects.open().filter(severity__lte=GRAVEST, community_advice=None, kind__in=PUBLIC_KINDS)
    # A detector's flag alone names no rule to judge by, and says what only moderators know.
    rows = rows.filter(reports_count__gt=0)
    rows = rows.exclude(impartial.cases(person)).exclude(community_turns__reviewer__person=person)
    rows = rows.exclude(course__isnull=False, course__category__in=shelves)
    votes = Count("community_votes", distinct=True)
    return (
        rows.annotate(given=votes).filter(Q(given__lt=settings.KEZHAN_COMMUNITY_VOTES)).order_by(F("priority").desc())
    )


def leave(person: User) -> None:
    """At any time; the case that she had goes to somebody else. Raises NoReviewer."""
    reviewer = CommunityReviewer.objects.of(person)
    if reviewer is None:
        raise NoReviewer
    reviewer.leave()
