"""Who is a side of a claim, shares in a course or agreed to a refund is no judge of it: in no act, on no page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course
from marketplace.lib.emails import Mail
from moderation import appeals, case_queue, impartial, measures, queue, rights
from moderation.appeals import SamePerson
from moderation.community import voting
from moderation.impartial import Part, Partial
from moderation.measures import agreeing
from moderation.models import Appeal, AppealAnswer, CaseClaim, Claim, Measure, RefundWave, SecondLook
from moderation.rights.verdicts import Verdict
from payments import splits
from tests import cast
from tests.community.factories import rate
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.faults.taken_away import take_away, triggers
from tests.moderation import claims
from tests.moderation.decisions import answer_appeal, decide, decide_case, report, target, wish
from tests.moderation.factories import kim, make_submission
from tests.moderation.test_community import WORDS, reviewer, slight
from tests.payments import shop

pytestmark = pytest.mark.django_db
REFUSED = (IntegrityError, InternalError)


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


def senior(name: str) -> User:
    return cast.person(name, role="senior")


def coauthor(course: Course, name: str = "Bea") -> User:
    """A senior moderator who has a fifth of what the course earns."""
    bea = make_creator(senior(name), f"{name} Kilns")
    splits.accept(splits.propose(course, [(bea, 2000)], by=course.creator.user), by=bea.user)
    return User.objects.get(pk=bea.user_id)


def rejected_and_appealed(lena: User, sam: User) -> Appeal:
    step = claims.decide(claims.disputed(lena, sam), sam, "reject")
    assert step.measure is not None
    return appeals.make(step.measure, lena, "It is mine")


def upheld_and_appealed(lena: User, sam: User, **more: Any) -> Appeal:
    step = claims.decide(claims.disputed(lena, sam), sam, "uphold", **more)
    assert step.measure is not None
    return appeals.make(step.measure, step.measure.owner, "I filmed it")


class TestTheSidesOfAClaim:
    def test_do_not_answer_the_appeal_about_its_verdict(self, course: Course, sam: User) -> None:
        """Upheld, it goes against the creator: the claimant is nobody of whom the decision itself tells."""
        lena = senior("Lena")
        appeal = upheld_and_appealed(lena, sam, income="creator")
        for verdict in ("upheld", "overturned"):
            with pytest.raises(Partial):
                answer_appeal(appeal, lena, verdict=verdict, reason="x")
        assert answer_appeal(appeal, kim(), verdict="upheld", reason="x").decided_by == kim()

    def test_nor_does_the_creator_answer_the_claimant_s(self, course: Course, ada: User, sam: User, lin: User) -> None:
        appeal = rejected_and_appealed(lin, sam)
        cast.give_role(ada, "senior")
        with pytest.raises(Partial):
            answer_appeal(appeal, User.objects.get(pk=ada.pk), verdict="upheld", reason="x")

    def test_nor_against_what_was_decided_with_it(self, course: Course, ada: User, sam: User) -> None:
        lena = senior("Lena")
        claims.decide(claims.disputed(lena, sam), sam, "uphold", hides=True, income="creator")
        appeal = appeals.make(Measure.objects.get(action="unpublish"), ada, "x")
        with pytest.raises(Partial):
            answer_appeal(appeal, lena, verdict="upheld", reason="x")
        with pytest.raises(REFUSED), transaction.atomic():
            AppealAnswer.objects.create(appeal=appeal, verdict="upheld", reason="x", decided_by=lena)

    def test_or_the_database_refuses_it(self, course: Course, ada: User, sam: User, lin: User) -> None:
        lena = senior("Lena")
        upheld = upheld_and_appealed(lena, sam, income="creator")
        make_course(title="Kilns")
        step = claims.decide(claims.disputed(lin, sam, "kilns"), sam, "reject")
        assert step.measure is not None
        rejected = appeals.make(step.measure, lin, "x")
        for appeal, side in ((upheld, lena), (rejected, ada)):
            with pytest.raises(REFUSED, match="another person"), transaction.atomic():
                AppealAnswer.objects.create(appeal=appeal, verdict="upheld", reason="x", decided_by=side)
        take_away(triggers("moderation_appealanswer", "another_answers"))
        AppealAnswer.objects.create(appeal=upheld, verdict="upheld", reason="x", decided_by=lena)

    def test_do_not_take_the_verdict_back(self, course: Course, sam: User, client: Client) -> None:
        """A step of her own claim is what the database refuses: she is told, and it is no fault of the page."""
        lena = senior("Lena")
        step = claims.decide(claims.disputed(lena, sam), sam, "uphold", income="creator")
        assert step.measure is not None
        with pytest.raises(Partial):
            measures.reverse(step.measure, lena, reason="x")
        client.force_login(lena)
        address = reverse("moderation:reverse", args=[step.measure.pk])
        assert client.post(address, {"reason": "x"}).status_code == 403
        page = client.get(address).content.decode()
        assert str(Part.SIDE.label) in page
        assert 'name="reason"' not in page

    def test_are_not_asked_to_answer_and_find_no_form(self, course: Course, sam: User, client: Client) -> None:
        lena, other = senior("Lena"), kim()
        appeal = upheld_and_appealed(lena, sam, income="creator")
        asked = set(Mail.objects.filter(key__startswith="appeal-wanted").values_list("to", flat=True))
        assert asked == {other.email}
        client.force_login(lena)
        page = client.get(reverse("moderation:answer_appeal", args=[appeal.pk])).content.decode()
        assert str(Part.SIDE.label) in page
        assert 'name="verdict"' not in page

    def test_decide_nothing_about_what_they_claim(self, course: Course, sam: User) -> None:
        lena = senior("Lena")
        claims.filed(lena)
        with pytest.raises(Partial):
            measures.preview(wish("unpublish", "course", "glazes"), lena)
        case = report("course", "glazes", cast.lin())
        with pytest.raises(Partial):
            CaseClaim.objects.take(case, lena)
        other = claims.filed(cast.cole())
        with pytest.raises(Partial):
            rights.admit(other, lena)
        submission = make_submission(course=course)
        with pytest.raises(Partial):
            Claim.objects.take(submission, lena)
        assert Claim.objects.take(submission, sam).moderator == sam

    def test_judge_again_once_their_claim_is_closed(self, course: Course, sam: User) -> None:
        lena = senior("Lena")
        rights.withdraw(claims.filed(lena), lena)
        assert decide("limit", "course", "glazes", lena).decided_by == lena


def _case(course: Course) -> Any:
    return report("course", course.slug, cast.lin())


def _appeal(course: Course) -> Appeal:
    return appeals.make(decide("warn", "course", course.slug, cast.sam()), course.creator.user, "x")


def _wave(course: Course) -> RefundWave:
    decide("refund", "course", course.slug, cast.sam())
    return RefundWave.objects.get()


def _look(course: Course) -> SecondLook:
    submission = make_submission(course=course)
    return SecondLook.objects.create(decision=submission.approve(by=cast.sam(), rubric_version="1"))


Act = Callable[[Course, User], Any]
ACTS: dict[str, Act] = {
    "decides": lambda course, by: measures.preview(wish("unpublish", "course", course.slug), by),
    "decides about its lesson": lambda course, by: measures.preview(
        wish("hide", "lesson", course.live_lessons()[0].key), by
    ),
    "suspends its creator": lambda course, by: measures.preview(wish("suspend", "creator", course.creator.slug), by),
    "takes a case": lambda course, by: CaseClaim.objects.take(_case(course), by),
    "takes a submission": lambda course, by: Claim.objects.take(make_submission(course=course), by),
    "gives a second answer": lambda course, by: _look(course).answer(
        by=by, verdict="approve", reason="", findings=[], rubric_version="1"
    ),
    "admits a claim": lambda course, by: rights.admit(claims.filed(cast.cole(), course.slug), by),
    "weighs a claim": lambda course, by: rights.preview(
        claims.disputed(cast.cole(), cast.sam(), course.slug), by, Verdict("reject", "x")
    ),
    "answers an appeal": lambda course, by: answer_appeal(_appeal(course), by, verdict="upheld", reason="x"),
    "takes back": lambda course, by: measures.reverse(_appeal(course).measure, by, reason="x"),
    "agrees to a refund": lambda course, by: agreeing.approve(_wave(course), by=by),
}


class TestACoAuthor:
    @pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
    def test_is_no_judge_and_others_are(self, course: Course, sam: User, settings: Any, act: Act) -> None:
        settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR = 1
        shop.buy(cast.lin(), [course])
        bea, other = coauthor(course), kim()
        with pytest.raises(Partial) as refused, transaction.atomic():
            act(course, bea)
        assert str(refused.value) == str(Part.SHARES.label)
        act(course, other)

    def test_of_before_is_none_either(self, course: Course, ada: User, sam: User) -> None:
        """Of sales of that time she has her part; a refund of everybody would take it."""
        bea = coauthor(course)
        splits.accept(splits.propose(course, [], by=ada), by=bea)
        with pytest.raises(Partial):
            measures.preview(wish("refund", "course", "glazes"), bea)

    def test_who_was_asked_and_has_not_agreed_is_no_party(self, course: Course, ada: User) -> None:
        bea = make_creator(senior("Bea"), "Bea Kilns")
        splits.propose(course, [(bea, 2000)], by=ada)
        measures.preview(wish("warn", "course", "glazes"), bea.user)

    def test_is_not_handed_its_cases_and_submissions(self, course: Course, sam: User) -> None:
        bea = coauthor(course)
        case, submission = _case(course), make_submission(course=course)
        other = kim()
        assert (case_queue.next_for(bea), case_queue.next_for(other)) == (None, case)
        assert (queue.next_for(bea), queue.next_for(other)) == (None, submission)
        assert [row.is_own for row in queue.rows_of(queue.waiting(bea), bea)] == [True]
        of_creator = report("creator", course.creator.slug, cast.lin(), rule="honest_person")
        decide_case(case, "dismiss", other)
        assert (case_queue.next_for(bea), case_queue.next_for(other)) == (None, of_creator)

    def test_is_not_asked_to_agree_or_to_answer(self, course: Course, sam: User, settings: Any) -> None:
        settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR = 1
        coauthor(course)
        other = kim()
        shop.buy(cast.lin(), [course])
        _wave(course)
        appeals.make(Measure.objects.get(), course.creator.user, "x")
        for key in ("refund-second", "appeal-wanted"):
            assert [mail.to for mail in Mail.objects.filter(key__startswith=key)] == [other.email]

    def test_is_given_no_case_to_vote_on(self) -> None:
        case = slight()
        assert case.course is not None
        bea = make_creator(reviewer("Bea"), "Bea Kilns")
        splits.accept(splits.propose(case.course, [(bea, 2000)], by=case.owner), by=bea.user)
        with pytest.raises(voting.NothingToVoteOn):
            voting.take(bea.user)
        assert voting.take(reviewer("Mia")).case == case

    def test_reads_why_on_each_page(self, course: Course, sam: User, client: Client, settings: Any) -> None:
        settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR = 1
        bea = coauthor(course)
        case, claim = _case(course), claims.filed(cast.cole())
        appeal, submission = _appeal(course), make_submission(course=course)
        shop.buy(cast.lin(), [course])
        _wave(course)
        client.force_login(bea)
        pages = {
            "measure": ["course", "glazes"], "reported_case": [case.pk], "rights_claim": [claim.pk],
            "answer_appeal": [appeal.pk], "case": [submission.pk], "refunds": [], "reverse": [appeal.measure_id],
        }  # fmt: skip
        for name, args in pages.items():
            assert str(Part.SHARES.label) in client.get(reverse(f"moderation:{name}", args=args)).content.decode(), name


class TestWhoMadeTheCourse:
    def test_does_not_judge_who_wrote_below_it(self, sam: User, lin: User) -> None:
        """A learner who gave her one star cannot be silenced by her."""
        course = make_course(title="Glazes")
        rating, owner = rate(lin, course, 1, text="Too thin."), course.creator.user
        cast.give_role(owner, "moderator")
        for kind, key in (("rating", rating.pk), ("person", f"rating-{rating.pk}")):
            asked = wish("mute", kind, key, rule="respect", days=3)
            with pytest.raises(Partial):
                measures.preview(asked, User.objects.get(pk=owner.pk))
            measures.preview(asked, sam)


class TestWhoReported:
    def test_does_not_agree_to_the_refund(self, course: Course, sam: User, settings: Any) -> None:
        settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR = 1
        shop.buy(cast.lin(), [course])
        joe = senior("Joe")
        decide_case(report("course", "glazes", joe), "refund", sam)
        with pytest.raises(Partial):
            agreeing.approve(RefundWave.objects.get(), by=joe)
        agreeing.approve(RefundWave.objects.get(), by=kim())

    def test_does_not_vote_though_the_case_was_given_her_before(self) -> None:
        case = slight()
        mia = reviewer("Mia")
        turn = voting.take(mia)
        report("course", "glazes", mia, rule="outcomes_taught")
        with pytest.raises(Partial):
            voting.vote(mia, turn.pk, "breaks", WORDS)
        assert voting.present(mia) is None
        assert not case.community_votes.exists()


class TestWhoAgreedToARefund:
    def test_does_not_answer_the_appeal_against_it(self, course: Course, ada: User, sam: User, settings: Any) -> None:
        settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR = 1
        lena = senior("Lena")
        shop.buy(cast.lin(), [course])
        agreeing.approve(_wave(course), by=lena)
        appeal = appeals.make(Measure.objects.get(), ada, "x")
        with pytest.raises(SamePerson):
            answer_appeal(appeal, lena, verdict="upheld", reason="x")
        with pytest.raises(REFUSED), transaction.atomic():
            AppealAnswer.objects.create(appeal=appeal, verdict="upheld", reason="x", decided_by=lena)
        answer_appeal(appeal, kim(), verdict="upheld", reason="x")

    def test_nor_the_one_about_the_claim_that_began_it(self, course: Course, sam: User, settings: Any) -> None:
        settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR = 1
        shop.buy(cast.lin(), [course])
        lena = senior("Lena")
        appeal = upheld_and_appealed(cast.cole(), sam, income="learners")
        agreeing.approve(RefundWave.objects.get(), by=lena)
        assert impartial.part_of(impartial.anew(appeal.measure), lena) == Part.DECIDED
        with pytest.raises(REFUSED), transaction.atomic():
            AppealAnswer.objects.create(appeal=appeal, verdict="upheld", reason="x", decided_by=lena)


def test_as_many_queries_for_many_people_as_for_one(
    course: Course, sam: User, django_assert_max_num_queries: Any
) -> None:
    people = [cast.person(f"Person {number}", role="moderator") for number in range(8)]
    matter = impartial.of_target(target("course", "glazes"))
    with django_assert_max_num_queries(1):
        assert impartial.others(people, matter) == people
