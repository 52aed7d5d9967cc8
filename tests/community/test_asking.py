"""Questions under lessons: who asks, answers, votes and chooses; what is kept, and who never sees any of it."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from accounts import curbing
from accounts.models import User
from accounts.privacy import deleting, parts
from accounts.resting import MayNotWrite
from community import asking, circle, threads
from community.circle import NotInTheCourse
from community.models import Acceptance, Post, PostRevision, QuestionFollow
from community.models.around_post import AcceptedElsewhere
from community.models.post import (
    LONGEST_COMMENT,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_AN_HOUR,
    MOST_COMMENTS,
    OwnPost,
    PostChangedElsewhere,
    ThreadIsFull,
    TooManyPosts,
)
from courses.models import Course, Restriction
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from tests import cast
from tests.community.factories import answer, ask, comment, have
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.learners.factories import enroll
from tests.payments.test_splits import agreed

pytestmark = pytest.mark.django_db
NO_MARKS = {"after": "", "before": ""}


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


def shown(reader: User, asked: Post) -> threads.Thread | None:
    return threads.of(Post.objects.with_writers().get(pk=asked.pk), reader, NO_MARKS)


def texts(reader: User, asked: Post) -> list[str]:
    thread: Any = shown(reader, asked)
    return [post.text for post in thread.answers]


class TestAsk:
    def test_at_a_second_of_the_film_and_follows_by_herself(self, lin: User, course: Course) -> None:
        asked = ask(lin, course, "Why does  it crack?", text="See the rim.", at_s=3)
        lesson: Any = course.live_lessons().get(key=asked.lesson_key)
        assert (asked.title, asked.text, asked.at_s, asked.asset) == (
            "Why does it crack?", "See the rim.", 3, lesson.video.asset
        )  # fmt: skip
        assert QuestionFollow.objects.filter(question=asked, person=lin).exists()
        assert PostRevision.objects.get(post=asked).number == asked.revision == 1

    @pytest.mark.parametrize("at_s", [-1, 10_000, 90_000])
    def test_not_at_a_second_that_the_film_does_not_have(self, at_s: int, lin: User, course: Course) -> None:
        with pytest.raises(ValidationError, match="no such second"):
            ask(lin, course, at_s=at_s)

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"title": ""}, "title"), ({"title": " x  "}, "title"), ({"title": "x" * (LONGEST_TITLE + 1)}, "title"),
            ({"title": "Why then?", "text": "x" * (LONGEST_TEXT + 1)}, "text"),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong_with_it(self, said: dict[str, str], field: str, lin: User, course: Course) -> None:
        with pytest.raises(ValidationError) as refused:
            ask(lin, course, **said)
        assert set(refused.value.error_dict) == {field}
        assert not Post.objects.exists()

    def test_only_by_who_has_the_course_or_made_it(self, ada: User, cole: User, sam: User, course: Course) -> None:
        key = course.live_lessons().last().key
        for stranger in (cole, sam):
            with pytest.raises(NotInTheCourse):
                asking.ask(stranger, course, key, {"title": "May I ask?"})
        assert asking.ask(ada, course, key, {"title": "What would you like?", "is_named": False}).is_by_creator
        assert Post.objects.get().by == "Ada Lin Studio"

    def test_not_under_a_lesson_that_is_none_or_hidden(self, lin: User, sam: User, course: Course) -> None:
        enroll(lin, course)
        key = course.live_lessons().last().key
        Restriction.objects.impose(
            Restriction.Kind.HIDE, course, lesson_key=key, by=sam, rule_code="respect", rule_version=1, reason="x"
        )
        for each in (key, uuid.uuid4()):
            with pytest.raises(Http404):
                asking.ask(lin, course, each, {"title": "May I ask?"})

    def test_a_co_author_asks_and_answers_as_one_who_made_it(self, ada: User, lin: User, course: Course) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Glazes")
        agreed(course, (bea, 3000))
        said = asking.answer(bea.user, ask(lin, course), {"text": "I glazed it.", "is_named": False})
        assert (said.is_by_creator, said.is_named) == (True, True)

    def test_so_many_within_an_hour(self, lin: User, course: Course) -> None:
        for at in range(MOST_AN_HOUR):
            ask(lin, course, f"Question {at}")
        with pytest.raises(TooManyPosts):
            ask(lin, course)


class TestAnswer:
    def test_by_learners_and_by_the_creator_whose_first_is_noted(self, ada: User, lin: User, course: Course) -> None:
        asked = ask(lin, course)
        answer(cast.cole(), asked, "Perhaps the clay.")
        asked.refresh_from_db()
        assert (asked.answers_count, asked.answered_at) == (1, None)
        said = answer(ada, asked, "It dried too fast.")
        asked.refresh_from_db()
        assert (asked.answers_count, asked.answered_at) == (2, said.written_at)
        assert not Post.objects.waiting().exists()

    def test_comments_stand_under_what_they_are_about(self, ada: User, lin: User, course: Course) -> None:
        asked = ask(lin, course)
        said = answer(ada, asked)
        comment(lin, said, "How fast is too fast?")
        comment(ada, asked, "Which clay?")
        thread: Any = shown(lin, asked)
        assert [row.text for row in thread.question.remarks] == ["Which clay?"]
        assert [row.text for row in thread.answers[0].remarks] == ["How fast is too fast?"]

    def test_no_comment_on_a_comment_and_none_without_words(self, lin: User, course: Course) -> None:
        asked = ask(lin, course)
        with pytest.raises(Http404):
            comment(lin, comment(lin, asked))
        with pytest.raises(ValidationError):
            comment(lin, asked, "  ")
        with pytest.raises(ValidationError):
            comment(lin, asked, "x" * (LONGEST_COMMENT + 1))

    def test_there_is_room_for_so_many_comments(self, ada: User, lin: User, course: Course) -> None:
        asked = ask(lin, course)
        for at in range(MOST_COMMENTS):
            comment(ada, asked, f"Comment {at}")
        with pytest.raises(ThreadIsFull):
            comment(ada, asked)


class TestCircle:
    def test_who_gave_it_back_reads_and_writes_no_more_and_what_she_wrote_stays(
        self, ada: User, lin: User, course: Course
    ) -> None:
        asked = ask(lin, course)
        said = answer(lin, asked, "I found it: too dry.")
        lin.enrollments.get().end("refunded")
        for act in (
            lambda: asking.answer(lin, asked, {"text": "More"}),
            lambda: asking.comment(lin, said, {"text": "More"}),
            lambda: asking.edit(said, {"text": "More"}, by=lin),
            lambda: asking.accept(asked, said, by=lin),
            lambda: asking.vote(asked, by=lin),
            lambda: asking.follow(asked, by=lin),
        ):
            with pytest.raises((NotInTheCourse, Http404)):
                act()
        assert shown(lin, asked) is None
        assert texts(ada, asked) == ["I found it: too dry."]

    def test_a_visitor_of_a_preview_reads_none_of_it(self, cole: User, lin: User, course: Course) -> None:
        preview: Any = course.live_lessons().filter(is_preview=True).first()
        enroll(lin, course)
        asked = asking.ask(lin, course, preview.key, {"title": "Is this free?"})
        assert shown(cole, asked) is None
        assert threads.beside(preview, cole) is None
        beside: Any = threads.beside(preview, lin)
        assert [row.title for row in beside.rows] == ["Is this free?"]

    def test_a_moderator_reads_and_writes_nothing(self, sam: User, lin: User, course: Course) -> None:
        asked = ask(lin, course)
        assert shown(sam, asked) is not None
        with pytest.raises(NotInTheCourse):
            asking.answer(sam, asked, {"text": "As a moderator"})
        with pytest.raises(NotInTheCourse):  # she would be told of nothing
            asking.follow(asked, by=sam)

    def test_of_a_lesson_that_left_the_course_its_makers_see_what_was_asked(
        self, ada: User, lin: User, course: Course
    ) -> None:
        asked = ask(lin, course)
        Post.objects.filter(pk=asked.pk).update(lesson_key=uuid.uuid4())
        assert shown(lin, asked) is None
        assert shown(ada, asked) is not None

    def test_who_may_not_write_does_none_of_it(self, lin: User, sam: User, course: Course) -> None:
        asked = ask(lin, course)
        other = answer(cast.cole(), asked)
        curbing.impose("mute", lin, by=sam, rule_code="respect", rule_version=1, reason="x")
        for act in (
            lambda: ask(lin, course),
            lambda: answer(lin, asked),
            lambda: comment(lin, asked),
            lambda: asking.edit(asked, {"title": "Otherwise"}, by=lin),
            lambda: asking.vote(other, by=lin),
            lambda: asking.accept(asked, other, by=lin),
        ):
            with pytest.raises(MayNotWrite):
                act()


class TestEdit:
    def test_keeps_what_was_said_before(self, lin: User, course: Course) -> None:
        asked = ask(lin, course, "Why does it crack?", text="Help")
        asking.edit(asked, {"title": "Why does the rim crack?", "text": "Help me"}, by=lin, revision=1)
        kept = Post.objects.get()
        assert (kept.title, kept.revision, kept.was_edited) == ("Why does the rim crack?", 2, True)
        assert list(kept.revisions.values_list("title", "text")) == [
            ("Why does it crack?", "Help"), ("Why does the rim crack?", "Help me")
        ]  # fmt: skip

    def test_of_two_windows_the_second_is_told(self, lin: User, course: Course) -> None:
        asked = ask(lin, course)
        asking.edit(asked, {"title": "One window"}, by=lin, revision=1)
        with pytest.raises(PostChangedElsewhere):
            asking.edit(asked, {"title": "Another window"}, by=lin, revision=1)

    def test_by_nobody_else(self, ada: User, lin: User, course: Course) -> None:
        with pytest.raises(NotAllowed):
            asking.edit(ask(lin, course), {"title": "Otherwise"}, by=ada)

    @pytest.mark.parametrize("table", ["community_postrevision", "community_acceptance"])
    @pytest.mark.parametrize("change", ["UPDATE {} SET number = 9", "DELETE FROM {}"])
    def test_rows_of_record_cannot_be_changed(self, table: str, change: str, lin: User, course: Course) -> None:
        asked = ask(lin, course)
        asking.accept(asked, answer(cast.cole(), asked), by=lin)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change.format(table))


class TestVote:
    def test_once_a_person_taken_back_and_not_for_ones_own(self, lin: User, cole: User, course: Course) -> None:
        asked = ask(lin, course)
        have(cole, course)
        for up, count in ((True, 1), (True, 1), (False, 0), (False, 0)):
            asking.vote(asked, by=cole, up=up)
            asked.refresh_from_db()
            assert asked.votes_count == count
        with pytest.raises(OwnPost):
            asking.vote(asked, by=lin)

    def test_puts_the_best_answer_first_and_the_chosen_one_before_it(
        self, ada: User, lin: User, course: Course
    ) -> None:
        asked = ask(lin, course)
        first, second, third = (answer(ada, asked, text) for text in ("first", "second", "third"))
        asking.vote(second, by=lin)
        assert texts(lin, asked) == ["second", "third", "first"]
        asking.accept(asked, first, by=lin)
        assert texts(lin, asked) == ["first", "second", "third"]
        assert third.votes_count == 0


class TestAccept:
    def test_by_who_asked_or_made_the_course_and_it_may_change(self, ada: User, lin: User, course: Course) -> None:
        asked = ask(lin, course)
        one, other = answer(cast.cole(), asked, "one"), answer(ada, asked, "other")
        asking.accept(asked, one, by=lin, number=0)
        asking.accept(asked, other, by=ada, number=1)
        asking.accept(asked, None, by=lin, number=2)
        asked.refresh_from_db()
        assert asked.accepted is None
        rows = Acceptance.objects.filter(question=asked).values_list("number", "answer", "chosen_by")
        assert list(rows) == [(1, one.pk, lin.pk), (2, other.pk, ada.pk), (3, None, lin.pk)]

    def test_by_nobody_else(self, cole: User, lin: User, course: Course) -> None:
        asked = ask(lin, course)
        said = answer(cole, asked)
        with pytest.raises(NotAllowed):
            asking.accept(asked, said, by=cole)

    def test_no_answer_to_another_question(self, lin: User, cole: User, course: Course) -> None:
        asked, other = ask(lin, course), ask(lin, course, "Another one")
        with pytest.raises(asking.NotAnAnswer):
            asking.accept(asked, answer(cole, other), by=lin)
        with pytest.raises(asking.NotAnAnswer):
            asking.accept(asked, comment(cole, asked), by=lin)

    def test_on_a_stale_page_is_told(self, ada: User, lin: User, course: Course) -> None:
        asked = ask(lin, course)
        said = answer(ada, asked)
        asking.accept(asked, said, by=ada)
        with pytest.raises(AcceptedElsewhere) as refused:
            asking.accept(asked, said, by=lin, number=0)
        assert refused.value.facts == {"number": 1}

    def test_is_told_to_who_asked_and_whose_answer_it_is(self, ada: User, lin: User, cole: User, course) -> None:
        asked = ask(lin, course)
        asking.accept(asked, answer(cole, asked), by=ada)
        mails = dict(Mail.objects.filter(key__startswith="accepted:").values_list("to", "subject"))
        assert set(mails) == {lin.email, cole.email}
        assert mails[cole.email] == "Your answer was chosen: Why does it crack?"


class TestFollow:
    def test_is_chosen_and_taken_back(self, lin: User, cole: User, course: Course) -> None:
        asked = ask(lin, course)
        have(cole, course)
        asking.follow(asked, by=cole)
        asking.follow(asked, by=cole)
        asking.follow(asked, by=lin, follows=False)
        assert list(QuestionFollow.objects.values_list("person", flat=True)) == [cole.pk]


class TestListed:
    def test_is_searched_narrowed_and_ordered(self, ada: User, lin: User, cole: User, course: Course) -> None:
        rows = [ask(lin, course, title, text=text) for title, text in (
            ("Why does it crack?", "the RIM"), ("陶土為什麼裂開？", ""), ("How hot?", "cone 6"))]  # fmt: skip
        have(cole, course)
        asking.vote(rows[2], by=cole)
        answer(ada, rows[0])

        def found(words: str = "", order: str = "newest", lesson: uuid.UUID | None = None) -> list[str]:
            listed = threads.listed(course, circle.of(lin, course), lesson=lesson, words=words, order=order)
            return [row.title for row in threads.page(listed, order, NO_MARKS).rows]

        titles = [row.title for row in rows]
        assert found() == titles[::-1]
        assert found(order="votes") == [titles[2], titles[1], titles[0]]
        assert found(order="unanswered") == [titles[2], titles[1]]
        assert found("rim") == [titles[0]]
        assert found("陶土为什么") == [titles[1]]
        assert found(lesson=rows[0].lesson_key) == titles[::-1]
        assert found(lesson=uuid.uuid4()) == []

    def test_costs_as_much_for_one_as_for_a_page(self, ada: User, lin: User, course: Course) -> None:
        asked = ask(ada, course, at_s=1)
        for at in range(12):
            said = answer(ada, asked, f"answer {at}")
            comment(ada, said)
            ask(ada, course, f"Question {at}", at_s=1)
        have(lin, course)
        other = ask(ada, course, "Nobody answers")
        shown(lin, other)  # what she sells is known from now on
        few = counted(lambda: shown(lin, other))
        assert counted(lambda: shown(lin, asked)) == few
        place = circle.of(lin, course)
        listed = threads.listed(course, place, lesson=None, words="", order="votes")
        assert counted(lambda: threads.page(listed, "votes", NO_MARKS)) == 3
        lesson: Any = course.live_lessons().select_related("version__course__creator").get(key=asked.lesson_key)
        assert counted(lambda: threads.beside(lesson, lin)) <= 3


def counted(act: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_the_database_keeps_a_post_in_its_place(lin: User, course: Course) -> None:
    asked = ask(lin, course)
    wrong: list[dict[str, Any]] = [
        {"kind": "question", "question": asked, "title": "x"}, {"kind": "answer", "text": "x"},
        {"kind": "comment", "question": asked, "text": "x"}, {"kind": "answer", "question": asked, "at_s": 1},
        {"kind": "other", "question": asked},
    ]  # fmt: skip
    for each in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.create(course=course, author=lin, lesson_key=asked.lesson_key, **each)


class TestPrivacy:
    def test_she_is_told_what_is_kept(self, lin: User, cole: User, course: Course) -> None:
        asked = ask(lin, course, text="A word of mine")
        said = answer(cole, asked)
        asking.vote(said, by=lin)
        asking.accept(asked, said, by=lin)
        told = {part.name: part.tell(lin).tables for part in parts.every()}["community"]
        assert told["posts"][0]["text"] == "A word of mine"
        names = ("post_revisions", "post_votes", "chosen_answers", "followed_questions")
        assert [len(told[name]) for name in names] == [1, 1, 1, 1]

    def test_when_she_goes_what_she_wrote_stays_without_her_name(self, lin: User, cole: User, course: Course) -> None:
        asked = ask(lin, course, text="What I said first")
        asking.edit(asked, {"title": asked.title, "text": "What I say"}, by=lin)
        said = answer(cole, asked)
        asking.vote(said, by=lin)
        deleting.delete(lin)
        kept = Post.objects.with_writers().get(pk=asked.pk)
        assert (kept.by, kept.title, kept.text) == ("", "Why does it crack?", "What I say")
        assert list(kept.revisions.values_list("text", flat=True)) == ["", "What I say"]
        assert Post.objects.get(pk=said.pk).votes_count == 0
        assert not QuestionFollow.objects.exists()
