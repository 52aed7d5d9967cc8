"""A work that a moderator keeps back is its creator's to mark; given back, peers may take it again."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from learners.assignments import assessing, keeping_back, peers
from learners.assignments.assessing import TurnOver
from learners.assignments.peers import NothingToReview
from learners.models import HandIn, Handling, WorkHiding
from learners.models.work_hiding import AlreadyGivenBack, AlreadyKeptBack
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from moderation import appeals, measures
from tests import cast
from tests.courses.assignments import assignment_of, make_assignment_course, marks
from tests.learners import works
from tests.moderation.decisions import answer_appeal, decide, wish
from tests.moderation.factories import kim

pytestmark = pytest.mark.django_db
WORDS = {"rule_code": "respect", "rule_version": 1, "reason": "Insults"}


@pytest.fixture
def work(lin: User) -> HandIn:
    lesson = assignment_of(make_assignment_course(reviewing="peers", own_reviews=1, fallback_days=7))
    return works.hand_in(lin, lesson, "You are all fools.")


@pytest.fixture
def mia(work: HandIn) -> User:
    mia = works.people(1)[0]
    works.hand_in(mia, work.lesson)
    return mia


def test_no_peer_takes_it_and_its_creator_marks_it(work: HandIn, mia: User, ada: User, sam: User) -> None:
    hidden = decide("hide_work", "work", work.pk, sam, rule="respect").work_hiding
    assert hidden is not None
    with pytest.raises(NothingToReview):
        peers.take(mia, work.lesson)
    assert Mail.objects.filter(key=f"hand-in-kept:{hidden.pk}", to=ada.email).exists()
    result = assessing.assess_as_creator(ada, work.pk, marks(work.lesson, "Round", "Even"), "Mind your words")
    assert result.hand_in_id == work.pk


def test_who_had_taken_it_has_it_no_more(work: HandIn, mia: User, sam: User) -> None:
    turn = peers.take(mia, work.lesson)
    decide("hide_work", "work", work.pk, sam, rule="respect")
    with pytest.raises(TurnOver):
        assessing.assess(mia, turn.pk, marks(work.lesson, "Round", "Even"), works.WORDS)
    assert not Mail.objects.filter(key=f"turn-expired:{turn.pk}").exists()


def test_overturned_on_appeal_peers_take_it_again(work: HandIn, mia: User, sam: User) -> None:
    done = decide("hide_work", "work", work.pk, sam, rule="respect")
    answer_appeal(appeals.make(done, work.learner, "A quotation"), by=kim(), verdict="overturned", reason="It is")
    assert peers.take(mia, work.lesson).hand_in == work


def test_marked_meanwhile_it_stays_marked(work: HandIn, ada: User, sam: User) -> None:
    done = decide("hide_work", "work", work.pk, sam, rule="respect")
    assessing.assess_as_creator(ada, work.pk, marks(work.lesson, "Round", "Even"), "Mind your words")
    measures.reverse(done, kim(), reason="A quotation")
    handling = Handling.objects.get(pk=work.pk)
    assert handling.settled_at is not None
    assert handling.to_creator_at is not None


def test_what_is_with_no_peers_is_so_already(work: HandIn, sam: User) -> None:
    assert not measures.preview(wish("hide_work", "work", work.pk, rule="respect"), sam).is_so_already
    row = keeping_back.keep_back(work, by=sam, **WORDS)
    assert measures.preview(wish("hide_work", "work", work.pk, rule="respect"), sam).is_so_already
    with pytest.raises(AlreadyKeptBack):
        keeping_back.keep_back(work, by=sam, **WORDS)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkHiding.objects.create(hand_in=work, hidden_by=sam, **WORDS)
    keeping_back.give_back(row, by=sam, reason="Fine")
    with pytest.raises(AlreadyGivenBack):
        keeping_back.give_back(WorkHiding.objects.get(), by=sam, reason="Fine")


def test_not_by_its_maker_its_creator_or_a_stranger(work: HandIn, ada: User, cole: User, lin: User) -> None:
    for person in (ada, lin):
        cast.give_role(person, "moderator")
    for person in (ada, lin, cole):
        with pytest.raises(NotAllowed):
            keeping_back.keep_back(work, by=User.objects.get(pk=person.pk), **WORDS)
