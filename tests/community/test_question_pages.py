"""Questions as pages and over the API: what stands where, what a form refuses, and all of it without scripts."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from community import asking
from community.models import Acceptance, Post, QuestionFollow, QuestionMailStop
from courses.models import Course
from tests import cast
from tests.community.factories import answer, ask, comment, have
from tests.courses.factories import make_course
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def api_of(person: User | None) -> APIClient:
    client = APIClient()
    if person:
        client.force_authenticate(person)
    return client


def seen(person: User, address: str) -> str:
    answered = client_of(person).get(address)
    assert answered.status_code == 200, address
    return answered.content.decode()


def lesson_page(asked: Post) -> str:
    return reverse("learners:lesson", args=[asked.course.slug, asked.lesson_key])


class TestBesideTheLesson:
    def test_stands_with_its_second_and_the_form(self, lin: User, course: Course) -> None:
        asked = ask(lin, course, "Why does <it> crack?", at_s=2)
        page = seen(lin, lesson_page(asked))
        assert "Why does &lt;it&gt; crack?" in page
        assert "?t=2#panel-questions" in page
        assert reverse("community:question", args=[asked.pk]) in page
        assert reverse("community:ask", args=[course.slug, asked.lesson_key]) in page

    def test_not_for_the_visitor_of_a_preview(self, lin: User, cole: User, course: Course) -> None:
        enroll(lin, course)
        preview: Any = course.live_lessons().filter(is_preview=True).first()
        asked = asking.ask(lin, course, preview.key, {"title": "Is this free?"})
        assert "Is this free?" in seen(lin, lesson_page(asked))
        for page in (seen(cole, lesson_page(asked)), Client().get(lesson_page(asked)).content.decode()):
            assert "Is this free?" not in page
            assert "panel-questions" not in page

    def test_a_moderator_reads_and_has_no_form(self, lin: User, sam: User, course: Course) -> None:
        asked = ask(lin, course)
        page = seen(sam, lesson_page(asked))
        assert "Why does it crack?" in page
        assert reverse("community:ask", args=[course.slug, asked.lesson_key]) not in page
        page = seen(sam, reverse("community:question", args=[asked.pk]))
        assert reverse("community:follow_question", args=[asked.pk]) not in page


class TestAskPage:
    def test_takes_a_question_at_a_place(self, lin: User, course: Course) -> None:
        enroll(lin, course)
        key = course.live_lessons().last().key
        address = reverse("community:ask", args=[course.slug, key])
        form = {"title": "Why does it crack?", "at": "0:03", "text": "**Help**"}
        assert client_of(lin).post(address, form).status_code == 302
        asked = Post.objects.get()
        assert (asked.at_s, asked.is_named, asked.by) == (3, False, "")
        page = seen(lin, reverse("community:question", args=[asked.pk]))
        assert "<strong>Help</strong>" in page
        assert "?t=3#panel-questions" in page

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ({"title": ""}, "This field is required."), ({"title": "abc"}, "Say in a few words"),
            ({"title": "Why is it so?", "at": "noon"}, "Write the place as 12:40."),
            ({"title": "Why is it so?", "at": "59:00"}, "The lesson has no such second."),
            ({"title": "x" * 161}, "at most 160 characters"),
        ],
    )  # fmt: skip
    def test_says_at_the_field_what_is_wrong(self, form: dict, said: str, lin: User, course: Course) -> None:
        enroll(lin, course)
        address = reverse("community:ask", args=[course.slug, course.live_lessons().last().key])
        refused = client_of(lin).post(address, form)
        assert refused.status_code == 400
        assert said in refused.content.decode()
        assert not Post.objects.exists()

    def test_scripts_and_pictures_of_others_do_not_come_in(self, lin: User, course: Course) -> None:
        asked = ask(lin, course, text="<script>alert(1)</script> ![x](https://evil.example/x.png) [a](javascript:b)")
        page = seen(lin, reverse("community:question", args=[asked.pk]))
        assert "<script>alert" not in page
        assert "evil.example" not in page
        assert 'href="javascript' not in page


class TestThread:
    def test_answers_comments_votes_choice_and_following_without_scripts(
        self, ada: User, lin: User, cole: User, course: Course
    ) -> None:
        asked = ask(lin, course)
        have(cole, course)
        answered = client_of(ada).post(reverse("community:answer", args=[asked.pk]), {"text": "Too dry."})
        said = Post.objects.answers().get()
        assert answered.url == f"{reverse('community:question', args=[asked.pk])}#post-{said.pk}"
        remark = client_of(cole).post(reverse("community:comment", args=[said.pk]), {"text": "How dry?"})
        assert remark.status_code == 302
        assert client_of(cole).post(reverse("community:vote", args=[said.pk])).status_code == 302
        assert client_of(lin).post(reverse("community:accept", args=[said.pk]), {"number": "0"}).status_code == 302
        assert client_of(cole).post(reverse("community:follow_question", args=[asked.pk])).status_code == 302
        page = seen(cole, reverse("community:question", args=[asked.pk]))
        for words in ("Too dry.", "How dry?", "Ada Lin Studio", "Chosen as the answer", "Helpful (1)", "You hear of"):
            assert words in page
        assert page.count(">A learner<") == 1  # the comment, without a name
        client_of(cole).post(reverse("community:vote", args=[said.pk]), {"undo": "1"})
        client_of(cole).post(reverse("community:follow_question", args=[asked.pk]), {"undo": "1"})
        client_of(lin).post(reverse("community:accept", args=[said.pk]), {"undo": "1", "number": "1"})
        said.refresh_from_db()
        asked.refresh_from_db()
        assert (said.votes_count, asked.accepted_id) == (0, None)
        assert not QuestionFollow.objects.filter(person=cole).exists()

    def test_a_choice_from_a_stale_page_is_refused(self, ada: User, lin: User, course: Course) -> None:
        asked = ask(lin, course)
        said = answer(ada, asked)
        asking.accept(asked, said, by=ada)
        refused = client_of(lin).post(reverse("community:accept", args=[said.pk]), {"number": "0"})
        assert refused.status_code == 409
        assert Acceptance.objects.count() == 1

    @pytest.mark.parametrize("text", ["", "   ", "x" * 8001])
    def test_an_answer_that_cannot_stand_is_shown_with_what_is_wrong(self, text: str, lin: User, course) -> None:
        asked = ask(lin, course)
        refused = client_of(lin).post(reverse("community:answer", args=[asked.pk]), {"text": text})
        assert refused.status_code == 400
        assert not Post.objects.answers().exists()

    def test_is_changed_by_its_writer_from_a_page_of_its_own(self, lin: User, course: Course) -> None:
        asked = ask(lin, course, at_s=2)
        address = reverse("community:edit_post", args=[asked.pk])
        assert 'value="Why does it crack?"' in seen(lin, address)
        form = {"title": "Why does the rim crack?", "text": "", "is_named": "on", "revision": "1"}
        assert client_of(lin).post(address, form).status_code == 302
        stale = client_of(lin).post(address, form)
        assert stale.status_code == 409
        asked.refresh_from_db()
        assert (asked.title, asked.at_s, asked.revision) == ("Why does the rim crack?", 2, 2)
        assert "changed" in seen(lin, reverse("community:question", args=[asked.pk]))


def test_of_a_lesson_that_left_the_course_there_is_no_way_to_its_place(ada: User, lin: User, course: Course) -> None:
    asked = ask(lin, course, at_s=2)
    address = reverse("community:questions", args=[course.slug])
    assert f"{lesson_page(asked)}?t=2" in seen(ada, address)
    gone = uuid.uuid4()
    Post.objects.filter(pk=asked.pk).update(lesson_key=gone)
    page = seen(ada, address)
    assert "A lesson that is no longer in the course" in page
    assert str(gone) not in page


def test_the_list_is_searched_and_paged(lin: User, ada: User, course: Course) -> None:
    have(lin, course)
    for at in range(30):
        ask(ada, course, f"Question number {at}")
    address = reverse("community:questions", args=[course.slug])
    first = client_of(lin).get(f"{address}?order=newest")
    assert "Question number 29" in first.content.decode()
    assert "Question number 5<" not in first.content.decode()
    second = seen(lin, f"{address}?order=newest&after={first.context['page'].after}")
    assert "Question number 5<" in second
    assert "Question number 29" not in second
    assert "No question holds these words" in seen(lin, f"{address}?q=kiln")
    for odd in ("?order=x&after=!!&lesson=nothing", "?before=AAAA"):
        assert client_of(lin).get(address + odd).status_code == 200


class TestApi:
    def test_from_the_question_to_the_chosen_answer(self, ada: User, lin: User, course: Course) -> None:
        enroll(lin, course)
        key = str(course.live_lessons().last().key)
        address = reverse("api-questions", args=[course.slug])
        asked = api_of(lin).post(address, {"lesson": key, "title": "Why does it crack?", "at_s": 2}, format="json")
        assert (asked.status_code, asked.json()["at_s"], asked.json()["author"]) == (201, 2, "Lin")
        pk = asked.json()["id"]
        said = api_of(ada).post(reverse("api-answers", args=[pk]), {"text": "Too dry."}, format="json").json()
        assert (said["kind"], said["is_by_creator"], said["author"]) == ("answer", True, "Ada Lin Studio")
        remark = api_of(lin).post(reverse("api-comments", args=[said["id"]]), {"text": "How dry?"}, format="json")
        assert remark.status_code == 201
        assert api_of(lin).put(reverse("api-vote", args=[said["id"]]), {}, format="json").status_code == 204
        chosen = api_of(lin).put(reverse("api-accepted", args=[pk]), {"answer": said["id"], "number": 0}, format="json")
        assert chosen.json() == {"answer": said["id"], "number": 1}
        again = api_of(ada).put(reverse("api-accepted", args=[pk]), {"answer": None, "number": 0}, format="json")
        assert (again.status_code, again.json()["code"]) == (409, "accepted_elsewhere")
        thread = api_of(lin).get(reverse("api-question", args=[pk])).json()
        assert (thread["accepted"]["id"], thread["is_followed"], thread["may_accept"]) == (said["id"], True, True)
        assert [row["text"] for row in thread["accepted"]["comments"]] == ["How dry?"]
        listed = api_of(lin).get(reverse("api-answers", args=[pk])).json()["results"]
        assert [(row["votes_count"], row["is_voted"]) for row in listed] == [(1, True)]

    def test_lists_narrowed_and_by_pages(self, ada: User, lin: User, course: Course) -> None:
        rows = [ask(lin, course, f"Question {at}") for at in range(3)]
        answer(ada, rows[0])
        address = reverse("api-questions", args=[course.slug])
        told = api_of(lin).get(address, {"page_size": 2}).json()
        assert [row["title"] for row in told["results"]] == ["Question 2", "Question 1"]
        assert [row["title"] for row in api_of(lin).get(told["next"]).json()["results"]] == ["Question 0"]
        found = api_of(lin).get(address, {"unanswered": 1, "q": "question 1"}).json()["results"]
        assert [row["title"] for row in found] == ["Question 1"]
        assert len(api_of(lin).get(address, {"lesson": rows[0].lesson_key}).json()["results"]) == 3

    def test_is_changed_and_says_what_is_wrong(self, lin: User, cole: User, course: Course) -> None:
        asked = ask(lin, course)
        address = reverse("api-post", args=[asked.pk])
        changed = api_of(lin).patch(address, {"title": "Otherwise", "revision": 1}, format="json").json()
        told = {"title": "Otherwise", "lesson": str(asked.lesson_key), "accepted": None, "kind": "question"}
        assert {name: changed[name] for name in told} == told
        assert api_of(lin).patch(address, {"title": "abc"}, format="json").status_code == 400
        stale = api_of(lin).patch(address, {"title": "Otherwise again", "revision": 1}, format="json")
        assert (stale.status_code, stale.json()["code"]) == (409, "post_changed_elsewhere")
        have(cole, course)
        assert api_of(cole).patch(address, {"title": "Otherwise"}, format="json").status_code == 403

    def test_is_nothing_to_who_does_not_have_the_course(self, lin: User, cole: User, course: Course) -> None:
        asked = ask(lin, course)
        said = comment(lin, asked)
        for address in (
            reverse("api-questions", args=[course.slug]), reverse("api-question", args=[asked.pk]),
            reverse("api-answers", args=[asked.pk]),
        ):  # fmt: skip
            assert api_of(cole).get(address).status_code == 404
            assert api_of(None).get(address).status_code == 401
        assert api_of(cole).post(reverse("api-comments", args=[said.pk]), {"text": "x"}).status_code == 404

    def test_mails_are_switched_off_and_on(self, lin: User) -> None:
        address = reverse("api-question-mails")
        assert api_of(lin).get(address).json() == {"wants": True}
        for wants in (False, False, True):
            assert api_of(lin).put(address, {"wants": wants}, format="json").json() == {"wants": wants}
            assert QuestionMailStop.objects.wants(lin) is wants


def test_the_creators_name_is_hers_as_a_creator(ada: User, lin: User, course: Course) -> None:
    assert answer(ada, ask(lin, course)).by == "Ada Lin Studio"
    assert cast.ada().name == "Ada"
