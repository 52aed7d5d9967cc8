"""Handing in, reviewing one another, results, appeals, and what happens when people do not come back."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from courses import assignment_writing
from courses.models import Course, Lesson
from learners.assignments import appeals, assessing, handing_in, inbox, leaving, peers, standing
from learners.assignments.allocation import Candidate, choose
from learners.assignments.appeals import AppealAnswered, NoAppealHere
from learners.assignments.assessing import AlreadySettled, TurnOver
from learners.assignments.handing_in import HandInClosed, NotYourAssignment
from learners.assignments.looking_after import look_after
from learners.assignments.peers import HandInFirst, NothingToReview
from learners.certificates import issuing
from learners.models import (
    Agreement,
    Assessment,
    Enrollment,
    HandIn,
    HandInDraft,
    HandInFile,
    HandInResult,
    LessonProgress,
    PeerTurn,
)
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from tests import cast
from tests.courses.assignments import assignment_of, make_assignment_course, marks
from tests.courses.factories import publish
from tests.learners.certified import do_all
from tests.learners.factories import enroll
from tests.learners.works import WORDS, hand_in, pdf, people, review, review_work

pytestmark = pytest.mark.django_db
GOOD, MIDDLE, BAD = ("Round", "Even"), ("Nearly", "Runs"), ("Flat", "None")


@pytest.fixture
def course(ada: User) -> Course:
    return make_assignment_course(reviewing="peers", own_reviews=1, fallback_days=7)


@pytest.fixture
def lesson(course: Course, lin: User) -> Lesson:
    enroll(lin, course)
    return assignment_of(course)


@pytest.fixture
def by_creator(ada: User, lin: User) -> Lesson:
    course = make_assignment_course("Pottery alone")
    enroll(lin, course)
    return assignment_of(course)


def is_done(learner: User, lesson: Lesson) -> bool:
    return LessonProgress.objects.of(learner).done().filter(lesson_key=lesson.key).exists()


def later(**time: int) -> Any:
    return timezone.now() + timedelta(**time)


def settled_by_peers(lin: User, lesson: Lesson, levels: list[tuple[str, str]]) -> HandIn:
    """Lin's work with the marks of three, and the review that she owes."""
    three = people(3)
    for person in three:
        hand_in(person, lesson)
    work = hand_in(lin, lesson)
    review_work(work, three, levels)
    review(lin, lesson)
    return HandIn.objects.whole().get(pk=work.pk)


class TestHandingIn:
    def test_a_draft_is_kept_and_becomes_a_work_with_its_files(self, lesson: Lesson, lin: User) -> None:
        handing_in.keep_text(lin, lesson, "First words")
        file = handing_in.add_file(lin, lesson, pdf())
        made = handing_in.hand_in(lin, lesson)
        assert (made.text, made.number, made.is_late) == ("First words", 1, False)
        assert list(made.files.values_list("key", flat=True)) == [file.key]
        assert not HandInDraft.objects.exists()

    def test_who_does_not_have_the_course_hands_nothing_in(self, lesson: Lesson, cole: User) -> None:
        with pytest.raises(NotYourAssignment):
            handing_in.hand_in(cole, lesson, "Mine")
        assert not HandInDraft.objects.exists()

    def test_nothing_is_not_handed_in(self, lesson: Lesson, lin: User) -> None:
        with pytest.raises(ValidationError, match="nothing in it"):
            handing_in.hand_in(lin, lesson, "  \n ")
        assert not HandIn.objects.exists()

    def test_while_a_work_is_reviewed_nothing_more_is_taken(self, lesson: Lesson, lin: User) -> None:
        hand_in(lin, lesson)
        for act in (
            lambda: handing_in.keep_text(lin, lesson, "More"), lambda: handing_in.add_file(lin, lesson, pdf()),
            lambda: handing_in.hand_in(lin, lesson, "More"), lambda: handing_in.open_draft(lin, lesson),
        ):  # fmt: skip
            with pytest.raises(HandInClosed):
                act()

    @pytest.mark.parametrize(
        ("name", "content", "why"),
        [
            ("bowl.exe", b"MZ", "Only files"), ("bowl.pdf", b"MZ\x90 a program", "not what its name"),
            ("bowl.pdf", b"<html>", "not what its name"), ("bowl.pdf", b"", "empty"), ("bowl", b"%PDF-1", "Only files"),
            ("bowl.zip", b"PK\x03\x04", "Only files"), ("notes.txt", b"a\x00b", "not what its name"),
            ("big.pdf", b"%PDF-" + b"0" * (1024 * 1024), "larger than 1 MB"),
        ],
    )  # fmt: skip
    def test_files_are_looked_into(self, lesson: Lesson, lin: User, name: str, content: bytes, why: str) -> None:
        course = make_assignment_course("Files", endings=["pdf", ".TXT"], most_mb=1)
        enroll(lin, course)
        with pytest.raises(ValidationError, match=why):
            handing_in.add_file(lin, assignment_of(course), SimpleUploadedFile(name, content))
        assert not HandInFile.objects.exists()

    def test_files_are_counted_and_can_be_taken_out(self, lin: User, ada: User) -> None:
        course = make_assignment_course("Files", most_files=1, answer="files")
        enroll(lin, course)
        lesson = assignment_of(course)
        row = handing_in.add_file(lin, lesson, pdf())
        with pytest.raises(ValidationError, match="1 at most"):
            handing_in.add_file(lin, lesson, pdf())
        with pytest.raises(ValidationError, match="Only files"):
            handing_in.keep_text(lin, lesson, "Words")
        handing_in.remove_file(lin, lesson, row.key)
        with pytest.raises(Http404):
            handing_in.remove_file(lin, lesson, row.key)

    def test_late_is_taken_and_said(self, lin: User, ada: User) -> None:
        course = make_assignment_course("Due", due_days=3)
        enrollment = enroll(lin, course)
        Enrollment.objects.filter(pk=enrollment.pk).update(granted_at=later(days=-4))
        assert hand_in(lin, assignment_of(course)).is_late

    def test_the_database_refuses_to_change_what_was_handed_in(self, lesson: Lesson, lin: User) -> None:
        handing_in.add_file(lin, lesson, pdf())
        hand_in(lin, lesson)
        for act in (
            "UPDATE learners_handin SET text = 'Better'", "UPDATE learners_handin SET text = '…'",
            "DELETE FROM learners_handin", "DELETE FROM learners_handinfile",
            "UPDATE learners_handinfile SET name = 'x.pdf'", "TRUNCATE learners_handin CASCADE",
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(act)


class TestCreatorReviews:
    def test_her_marks_are_the_result_and_a_passed_work_makes_the_lesson_done(
        self, by_creator: Lesson, lin: User, ada: User
    ) -> None:
        work = hand_in(lin, by_creator)
        assert list(inbox.works(ada)) == [work]
        assert Mail.objects.filter(key=f"hand-in:{work.pk}", to=ada.email).exists()
        result = assessing.assess_as_creator(ada, work.pk, marks(by_creator, *GOOD), "Well done")
        assert (result.percent, result.passed, result.source) == (100, True, "creator")
        assert is_done(lin, by_creator)
        assert Mail.objects.filter(key=f"hand-in-result:{work.pk}", to=lin.email).exists()
        assert not inbox.works(ada).exists()

    def test_it_is_marked_once_and_by_its_creator_alone(self, by_creator: Lesson, lin: User, ada: User) -> None:
        work = hand_in(lin, by_creator)
        with pytest.raises(HandIn.DoesNotExist):
            assessing.assess_as_creator(lin, work.pk, marks(by_creator, *GOOD), "Mine")
        with pytest.raises(ValidationError):
            assessing.assess_as_creator(ada, work.pk, {}, "No marks")
        assessing.assess_as_creator(ada, work.pk, marks(by_creator, *BAD), "Again")
        with pytest.raises(AlreadySettled):
            assessing.assess_as_creator(ada, work.pk, marks(by_creator, *GOOD), "Or not")

    def test_what_has_not_passed_is_improved_and_handed_in_again(
        self, by_creator: Lesson, lin: User, ada: User
    ) -> None:
        handing_in.add_file(lin, by_creator, pdf())
        first = hand_in(lin, by_creator, "First")
        assessing.assess_as_creator(ada, first.pk, marks(by_creator, *BAD), "The foot is too thick")
        assert not is_done(lin, by_creator)
        draft = handing_in.open_draft(lin, by_creator)
        assert (draft.text, [each.name for each in draft.files.all()]) == ("First", ["bowl.pdf"])
        handing_in.remove_file(lin, by_creator, draft.files.get().key)
        second = handing_in.hand_in(lin, by_creator, "Second")
        assert second.number == 2
        assert first.files.get().file.read() == b"%PDF-1.7 a bowl"
        assessing.assess_as_creator(ada, second.pk, marks(by_creator, *GOOD), "Better")
        assert is_done(lin, by_creator)
        with pytest.raises(HandInClosed):
            handing_in.open_draft(lin, by_creator)

    def test_hand_ins_are_counted(self, lin: User, ada: User) -> None:
        course = make_assignment_course("Once", attempts=1)
        enroll(lin, course)
        lesson = assignment_of(course)
        work = hand_in(lin, lesson)
        assessing.assess_as_creator(ada, work.pk, marks(lesson, *BAD), "No")
        with pytest.raises(HandInClosed):
            handing_in.open_draft(lin, lesson)

    def test_a_changed_rubric_changes_nothing_of_earlier_works(self, by_creator: Lesson, lin: User, ada: User) -> None:
        work = hand_in(lin, by_creator)
        draft = by_creator.version.course.open_draft(by=ada)
        new = draft.lessons.get(key=by_creator.key)
        first = new.assigned.criteria[0]
        assignment_writing.change_criterion(new, first.id, {"levels": [
            {"title": "Perfect", "points": 50}, {"title": "Broken", "points": 0}]})  # fmt: skip
        assignment_writing.change_rules(new, {"pass_percent": 100})
        publish(draft)
        result = assessing.assess_as_creator(ada, work.pk, marks(by_creator, "Nearly", "Even"), "By the old rubric")
        assert (result.percent, result.passed) == (80, True)
        here = standing.of(lin, assignment_of(Course.objects.get(pk=work.course_id)))
        assert here.is_passed
        assert here.assignment.most_points == 56


class TestPeers:
    def test_three_marks_make_medians(self, lesson: Lesson, lin: User) -> None:
        work = settled_by_peers(lin, lesson, [GOOD, MIDDLE, BAD])
        assert sorted(work.result.points.values()) == [2, 3]
        assert (work.result.percent, work.result.passed, work.result.source) == (50, False, "peers")

    def test_passed_by_peers_the_lesson_is_done_and_counts_for_the_certificate(self, lesson: Lesson, lin: User) -> None:
        settled_by_peers(lin, lesson, [GOOD, GOOD, BAD])
        assert is_done(lin, lesson)
        course = Course.objects.get(pk=lesson.version.course_id)
        do_all(lin, course)
        told = issuing.evidence_of(lin, course)["lessons"]
        assert [each["kind"] for each in told if each["done_on"]] == ["video", "assignment"]

    def test_the_own_result_waits_for_the_reviews_that_one_owes(self, lesson: Lesson, lin: User) -> None:
        three = people(3)
        for person in three:
            hand_in(person, lesson)
        work = hand_in(lin, lesson)
        review_work(work, three, [GOOD] * 3)
        assert standing.of(lin, lesson).owed == 1
        assert not is_done(lin, lesson)
        told = leaving.tell(lin)
        assert {value for name, value in told["hand_ins"][0].items() if name.startswith("result__")} == {None}
        assert told["assessments_of_my_work"] == []
        assert not Mail.objects.filter(key=f"hand-in-result:{work.pk}").exists()
        review(lin, lesson)
        assert standing.of(lin, lesson).is_passed
        assert is_done(lin, lesson)
        assert Mail.objects.filter(key=f"hand-in-result:{work.pk}").count() == 1
        told = leaving.tell(lin)
        assert (told["hand_ins"][0]["result__percent"], len(told["assessments_of_my_work"])) == (100, 3)

    def test_nobody_reviews_before_she_has_handed_in_nor_without_the_course(
        self, lesson: Lesson, lin: User, cole: User
    ) -> None:
        hand_in(people(1)[0], lesson)
        with pytest.raises(HandInFirst):
            peers.take(lin, lesson)
        with pytest.raises(NotYourAssignment):
            peers.take(cole, lesson)

    def test_nobody_gets_her_own_work_nor_that_of_one_person_twice(self, lesson: Lesson, lin: User) -> None:
        hand_in(lin, lesson)
        with pytest.raises(NothingToReview):
            peers.take(lin, lesson)
        mia = people(1)[0]
        hand_in(mia, lesson)
        assert review(lin, lesson).author_id == mia.pk
        with pytest.raises(NothingToReview):
            peers.take(lin, lesson)

    def test_the_database_itself_refuses_both_and_a_fourth_reviewer(self, lesson: Lesson, lin: User) -> None:
        one, two, three, four = people(4)
        work = hand_in(lin, lesson)
        now = timezone.now()
        for reviewer in (one, two, three):
            PeerTurn.objects.give(work, reviewer, now)
        told = {"hand_in": work, "author": lin, "lesson_key": lesson.key, "taken_at": now, "due_at": now}
        for wrong in ({"reviewer": lin, "place": 3}, {"reviewer": four, "place": 4}, {"reviewer": four, "place": 1}):
            with pytest.raises(IntegrityError), transaction.atomic():
                PeerTurn.objects.create(**told, **wrong)
        PeerTurn.objects.update(expired_at=now)
        with pytest.raises(IntegrityError), transaction.atomic():
            PeerTurn.objects.create(**told, reviewer=one, place=2)

    def test_asking_twice_gives_the_same_work(self, lesson: Lesson, lin: User) -> None:
        for person in people(2):
            hand_in(person, lesson)
        hand_in(lin, lesson)
        assert peers.take(lin, lesson) == peers.take(lin, lesson)

    def test_a_work_that_nobody_marks_in_time_goes_to_another(self, lesson: Lesson, lin: User) -> None:
        mia, noa = people(2)
        work = hand_in(mia, lesson)
        hand_in(lin, lesson)
        hand_in(noa, lesson)
        turn = PeerTurn.objects.give(work, lin, timezone.now())
        look_after(later(days=3, minutes=1))
        turn.refresh_from_db()
        assert turn.expired_at is not None
        assert Mail.objects.filter(key=f"turn-expired:{turn.pk}", to=lin.email).count() == 1
        with pytest.raises(TurnOver):
            assessing.assess(lin, turn.pk, marks(lesson, *GOOD), WORDS)
        look_after(later(days=3, minutes=2))
        assert Mail.objects.filter(key=f"turn-expired:{turn.pk}").count() == 1
        assert work.pk not in {each.hand_in for each in peers.candidates(lin, lesson)}
        assert work.pk in {each.hand_in for each in peers.candidates(noa, lesson)}

    def test_marks_are_whole_with_words_and_given_once(self, lesson: Lesson, lin: User) -> None:
        mia = people(1)[0]
        hand_in(mia, lesson)
        hand_in(lin, lesson)
        turn = peers.take(lin, lesson)
        with pytest.raises(ValidationError):
            assessing.assess(lin, turn.pk, {}, WORDS)
        with pytest.raises(ValidationError):
            assessing.assess(lin, turn.pk, marks(lesson, *GOOD), "Nice.")
        with pytest.raises(PeerTurn.DoesNotExist):
            assessing.assess(mia, turn.pk, marks(lesson, *GOOD), WORDS)
        assessing.assess(lin, turn.pk, marks(lesson, *GOOD), WORDS)
        with pytest.raises(TurnOver):
            assessing.assess(lin, turn.pk, marks(lesson, *BAD), WORDS)
        assert Assessment.objects.count() == 1

    def test_without_three_peers_the_creator_marks_and_what_peers_gave_stays(
        self, lesson: Lesson, lin: User, ada: User
    ) -> None:
        mia = people(1)[0]
        hand_in(mia, lesson)
        work = hand_in(lin, lesson)
        review(mia, lesson)
        with pytest.raises(NotAllowed):
            assessing.assess_as_creator(ada, work.pk, marks(lesson, *GOOD), "Too early")
        look_after(later(days=7, minutes=1))
        look_after(later(days=7, minutes=2))
        assert Mail.objects.filter(key=f"hand-in-given:{work.pk}", to=ada.email).count() == 1
        assert Mail.objects.filter(key=f"hand-in-moved:{work.pk}", to=lin.email).count() == 1
        result = assessing.assess_as_creator(ada, work.pk, marks(lesson, *MIDDLE), "Yours")
        assert (result.source, result.percent) == ("creator", 50)
        assert work.assessments.count() == 2

    def test_past_the_time_nobody_owes_what_she_cannot_give(self, lesson: Lesson, lin: User) -> None:
        three = people(3)
        for person in three:
            enroll(person, lesson.version.course)
        work = hand_in(lin, lesson)
        review_work(work, three, [GOOD] * 3)
        look_after(later(hours=2))
        assert not is_done(lin, lesson)
        look_after(later(days=7, hours=4))
        assert is_done(lin, lesson)

    def test_the_bell_shows_what_a_crash_left_out(self, by_creator: Lesson, lin: User, ada: User) -> None:
        work = hand_in(lin, by_creator)
        assessing.assess_as_creator(ada, work.pk, marks(by_creator, *GOOD), "Good")
        work.handling.refresh_from_db()
        type(work.handling).objects.filter(pk=work.pk).update(shown_at=None)
        LessonProgress.objects.filter(learner=lin).update(done_at=None)
        look_after(later(minutes=1))
        assert is_done(lin, by_creator)

    def test_who_stands_apart_is_named_to_the_creator_alone_once_it_is_a_habit(
        self, lesson: Lesson, lin: User, ada: User
    ) -> None:
        mia, noa, oto, pia, quy = people(5)
        wicked, others = lin, [pia, quy]
        for author in (mia, noa, oto):
            work = hand_in(author, lesson)
            for reviewer in (wicked, *others):
                if not reviewer.enrollments.exists():
                    enroll(reviewer, lesson.version.course)
            review_work(work, [wicked, *others], [BAD, GOOD, GOOD])
            assert HandInResult.objects.get(hand_in=work).percent == 100
            expected = [] if author != oto else ["Lin"]
            assert [each.name for each in inbox.apart(ada)] == expected
        assert Agreement.objects.filter(is_far=True).count() == 3
        assert {*leaving.tell(lin)["assessments_given"][0]} == {"hand_in__lesson_key", "marks", "text", "given_at"}
        assert inbox.is_apart(lin, lesson.key)
        assert not inbox.is_apart(pia, lesson.key)
        assert inbox.apart(cast.cole()) == []


class TestAllocation:
    def made(self, pk: int, taken: int = 0, day: int = 1) -> Candidate:
        at = timezone.now().replace(hour=8, minute=0) + timedelta(days=day)
        return Candidate(pk, 100 + pk, taken, at, at + timedelta(days=10))

    def test_it_is_the_same_for_a_seed_whatever_the_order(self) -> None:
        now = timezone.now()
        works = [self.made(pk) for pk in range(1, 30)]
        chosen = choose(works, 7, "seed", now)
        assert chosen == choose(list(reversed(works)), 7, "seed", now)
        assert len({choose(works, 7, str(seed), now) for seed in range(40)}) > 10
        assert len({choose(works, reviewer, "seed", now) for reviewer in range(40)}) > 10

    def test_everybody_gets_one_before_anybody_a_second_and_the_older_day_first(self) -> None:
        now = timezone.now()
        assert choose([self.made(1, taken=1, day=1), self.made(2, taken=0, day=3)], 7, "seed", now) == 2
        assert choose([self.made(1, day=3), self.made(2, day=1)], 7, "seed", now) == 2

    def test_what_soon_stops_waiting_comes_first(self) -> None:
        works = [self.made(1, taken=2, day=-8), self.made(2, taken=0, day=1)]
        assert choose(works, 7, "seed", timezone.now()) == 1
        assert choose([], 7, "seed", timezone.now()) is None

    def test_a_class_of_ten_reviews_one_another_evenly(self, lesson: Lesson) -> None:
        ten = [cast.person(f"Pupil{n}") for n in range(10)]
        for person in ten:
            hand_in(person, lesson)
        for _round in range(3):
            for person in ten:
                review(person, lesson, seed="seed")
            taken = PeerTurn.objects.values_list("hand_in", flat=True)
            counts = sorted(list(taken).count(pk) for pk in HandIn.objects.values_list("pk", flat=True))
            assert counts[-1] - counts[0] <= 1, counts
        assert HandInResult.objects.count() == 10


class TestAppeals:
    def test_the_ruling_takes_the_place_of_the_result_and_is_final(self, lesson: Lesson, lin: User, ada: User) -> None:
        work = settled_by_peers(lin, lesson, [BAD, BAD, GOOD])
        appeals.appeal(lin, lesson, 1, "Two of them looked at another picture than mine.")
        assert [each.pk for each in inbox.works(ada)] == [work.pk]
        assert Mail.objects.filter(key=f"hand-in-appeal:{work.pk}", to=ada.email).exists()
        with pytest.raises(HandInClosed):
            handing_in.open_draft(lin, lesson)
        told = marks(lesson, *GOOD)
        with pytest.raises(ValidationError):
            appeals.rule(ada, work.pk, told, "Yes.")
        appeals.rule(ada, work.pk, told, "You are right: the second picture shows it.")
        assert is_done(lin, lesson)
        assert HandIn.objects.whole().get(pk=work.pk).outcome.percent == 100
        assert HandInResult.objects.get(hand_in=work).percent == 0
        assert Mail.objects.filter(key=f"hand-in-ruling:{work.pk}", to=lin.email).exists()
        with pytest.raises(AppealAnswered):
            appeals.rule(ada, work.pk, told, "Once more, with other reasons.")
        with pytest.raises(NoAppealHere):
            appeals.appeal(lin, lesson, 1, "And once more, with another reason.")

    def test_only_a_shown_result_that_has_not_passed_and_only_in_time(self, lesson: Lesson, lin: User) -> None:
        hand_in(lin, lesson)
        with pytest.raises(NoAppealHere):
            appeals.appeal(lin, lesson, 1, "It is not even reviewed, but I object.")
        with pytest.raises(NoAppealHere):
            appeals.appeal(lin, lesson, 9, "There is no such work, but I object.")

    def test_a_short_reason_is_none(self, lesson: Lesson, lin: User) -> None:
        settled_by_peers(lin, lesson, [BAD, BAD, GOOD])
        with pytest.raises(ValidationError):
            appeals.appeal(lin, lesson, 1, "Unfair!")
        assert standing.of(lin, lesson).may_appeal(standing.of(lin, lesson).hand_ins[0])
        assert not standing.of(lin, lesson, later(days=15)).may_appeal(standing.of(lin, lesson).hand_ins[0])

    def test_nobody_else_rules(self, lesson: Lesson, lin: User, cole: User) -> None:
        work = settled_by_peers(lin, lesson, [BAD, BAD, GOOD])
        made = appeals.appeal(lin, lesson, 1, "Two of them looked at another picture than mine.")
        for stranger in (lin, cole):
            with pytest.raises(type(made).DoesNotExist):
                appeals.rule(stranger, work.pk, marks(lesson, *GOOD), "I am my own judge today.")
