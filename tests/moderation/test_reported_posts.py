"""Questions, answers and comments are reported and decided on: hidden they are read by nobody; overturned, they are
back.
"""

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from accounts.resting import MayNotWrite
from community import asking, desk, hiding
from community.models import Post, PostHiding
from courses.models import Course
from courses.models.restriction import AlreadyFreed, AlreadyRestricted
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from moderation import appeals, measures, public_log, rulebook, targets
from moderation.measures import wish
from moderation.models import Case, Measure
from tests import cast
from tests.community.factories import answer, ask, comment, have
from tests.courses.factories import make_course
from tests.moderation.decisions import answer_appeal, decide, decide_case, report
from tests.moderation.factories import kim

pytestmark = pytest.mark.django_db
WORDS = {"rule_code": "respect", "rule_version": 1, "reason": "It insults the creator."}
MARKS = {"after": "", "before": ""}
INSULT = "The creator is a fool."


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


@pytest.fixture
def asked(lin: User, course: Course) -> Post:
    return ask(lin, course)


def said(kind: str, asked: Post) -> Post:
    """Mia's insult, as a question, an answer or a comment."""
    mia = cast.person("Mia")
    if kind == "question":
        return ask(mia, asked.course, "Is the creator a fool?", text=INSULT)
    return answer(mia, asked, INSULT) if kind == "answer" else comment(mia, asked, INSULT)


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def reads(person: User, post: Post) -> bool:
    page = client_of(person).get(reverse("community:question", args=[post.thread_id]))
    return page.status_code == 200 and INSULT in page.content.decode()


KINDS = ["question", "answer", "comment"]


@pytest.mark.parametrize("kind", KINDS)
class TestEachKind:
    def test_is_reported_from_its_page_and_kept_as_it_read(self, kind: str, asked: Post, cole: User) -> None:
        have(cole, asked.course)
        insult = said(kind, asked)
        address = reverse("reports:make", args=[kind, insult.pk])
        page = client_of(cole).get(reverse("community:question", args=[insult.thread_id])).content.decode()
        assert address in page
        assert reverse("reports:make", args=["person", f"{kind}-{insult.pk}"]) in page
        told = {"rule_code": "respect", "text": "It insults her."}
        for reporter in (cole, cast.lin()):
            assert client_of(reporter).post(address, told).status_code == 302
        case = Case.objects.get(kind=kind, key=str(insult.pk))
        assert (case.owner, case.reports_count, case.reach) == (insult.author, 2, 3)
        asking.edit(insult, {"title": "Changed meanwhile", "text": "Something else"}, by=insult.author)
        assert case.evidence.get().shown["text"] == INSULT

    def test_is_nothing_to_who_does_not_read_it(self, kind: str, asked: Post, cole: User) -> None:
        insult = said(kind, asked)
        for key in (insult.pk, 0, "x", "9" * 30):
            assert client_of(cole).get(reverse("reports:make", args=[kind, key])).status_code == 404
        assert Client().get(reverse("reports:make", args=[kind, insult.pk])).status_code == 404
        other = next(one for one in KINDS if one != kind)
        assert targets.find(other, str(insult.pk)) is None

    def test_hidden_is_read_by_its_writer_alone_and_overturned_by_all(self, kind, asked, lin, sam) -> None:
        insult = said(kind, asked)
        assert reads(lin, insult)
        case = report(kind, str(insult.pk), lin, rule="respect")
        measure = decide_case(case, "hide_post", sam, rule="respect")
        assert not reads(lin, insult)
        assert reads(insult.author, insult)
        assert reads(sam, insult)
        assert measure.post_hiding.post == insult
        assert Mail.objects.filter(to=insult.author.email, subject__contains="What you wrote is hidden").exists()
        beside = reverse("learners:lesson", args=[asked.course.slug, asked.lesson_key])
        assert "Is the creator a fool?" not in client_of(lin).get(beside).content.decode()
        appeal = appeals.make(measure, insult.author, "It was a joke between us")
        answer_appeal(appeal, by=kim(), verdict="overturned", reason="So it was")
        assert reads(lin, insult)

    def test_shows_what_it_does_before_it_is_done(self, kind: str, asked: Post, lin: User, sam: User) -> None:
        insult = said(kind, asked)
        case = report(kind, str(insult.pk), lin, rule="respect")
        told = {"action": "hide_post", "rule_code": "respect", "reason": "Insults", "case": case.pk}
        page = client_of(sam).post(reverse("moderation:weigh", args=[kind, case.key]), told).content.decode()
        assert "Only who wrote this and moderators can read it" in page
        assert "What you wrote is hidden" in page

    def test_can_be_answered_against_what_and_whom(self, kind: str, asked: Post) -> None:
        found: Any = targets.find(kind, str(said(kind, asked).pk))
        actions = {action for action, _label in wish.possible(found, in_case=True)}
        assert actions == {"dismiss", "warn", "hide_post", "mute", "bar"}

    def test_who_said_it_is_met_through_it_and_kept_from_writing(self, kind: str, asked: Post, lin, sam) -> None:
        insult = said(kind, asked)
        case = report("person", f"{kind}-{insult.pk}", lin, rule="respect")
        assert "Mia" not in json.dumps(case.evidence.get().shown)
        decide_case(case, "mute", sam, rule="respect", days=7)
        with pytest.raises(MayNotWrite):
            asking.comment(insult.author, asked, {"text": "Still a fool."})

    def test_its_time_over_it_comes_back_by_itself(self, kind: str, asked: Post, lin: User, sam: User) -> None:
        insult = said(kind, asked)
        case = report(kind, str(insult.pk), lin, rule="respect")
        measure = decide_case(case, "hide_post", sam, rule="respect", days=3)
        measures.reverse(measure, None, reason="The time is over.", cause=Measure.Cause.EXPIRED)
        assert reads(lin, insult)

    def test_stands_in_the_log_and_replayed_gives_what_holds(self, kind: str, asked: Post, lin, sam) -> None:
        insult = said(kind, asked)
        decide_case(report(kind, str(insult.pk), lin, rule="respect"), "hide_post", sam, rule="respect")
        entry = next(entry for entry in public_log.entries() if entry.action == "hide_post")
        assert (entry.kind, entry.rules) == (kind, ("respect/1",))
        assert INSULT not in str(entry)


class TestHidden:
    def test_an_answer_counts_no_more_until_it_is_back(self, asked: Post, ada, lin, sam) -> None:
        good = answer(ada, asked)
        asking.accept(asked, good, by=lin)
        row = hiding.hide_post(said("answer", asked), by=sam, **WORDS)
        asked.refresh_from_db()
        assert asked.answers_count == 1
        hiding.lift_post(row, by=sam, reason="Fine")
        asked.refresh_from_db()
        assert asked.answers_count == 2

    def test_the_api_tells_its_writer_and_moderators_alone(self, asked: Post, lin: User, sam: User) -> None:
        insult, remark = said("answer", asked), comment(cast.person("Mia"), asked, INSULT)
        for row in (insult, remark):
            hiding.hide_post(row, by=sam, **WORDS)
        for person, seen in ((insult.author, 1), (sam, 1), (lin, 0)):
            client = APIClient()
            client.force_authenticate(person)
            found = client.get(reverse("api-answers", args=[asked.pk])).json()["results"]
            assert [row["is_hidden"] for row in found] == [True] * seen
            thread = client.get(reverse("api-question", args=[asked.pk])).json()
            assert [row["is_hidden"] for row in thread["comments"]] == [True] * seen

    def test_a_chosen_answer_leaves_its_question_waiting_until_it_is_back(self, asked: Post, ada, lin, cole, sam):
        good = answer(cole, asked)
        asking.accept(asked, good, by=lin)
        assert not desk.page(ada, "waiting", MARKS).rows
        row = hiding.hide_post(good, by=sam, **WORDS)
        assert desk.page(ada, "waiting", MARKS).rows == [asked]
        client = APIClient()
        client.force_authenticate(lin)
        address = reverse("api-question", args=[asked.pk])
        assert client.get(address).json()["question"]["accepted"] is None
        hiding.lift_post(row, by=sam, reason="Fine")
        assert not desk.page(ada, "waiting", MARKS).rows
        assert client.get(address).json()["question"]["accepted"] == good.pk

    def test_a_chosen_answer_does_not_come_back_over_another_choice(self, asked: Post, ada, lin, cole, sam) -> None:
        first, second = answer(cole, asked), answer(ada, asked)
        asking.accept(asked, first, by=lin)
        row = hiding.hide_post(first, by=sam, **WORDS)
        asking.accept(asked, second, by=lin)
        hiding.lift_post(row, by=sam, reason="Fine")
        asked.refresh_from_db()
        assert asked.accepted == second

    def test_nobody_answers_comments_or_votes_under_it(self, asked: Post, lin: User, ada: User, sam: User) -> None:
        other = answer(ada, asked)
        hiding.hide_post(asked, by=sam, **WORDS)
        cole = cast.cole()
        have(cole, asked.course)
        for address, told in (("answer", {"text": "x"}), ("follow_question", {})):
            assert client_of(cole).post(reverse(f"community:{address}", args=[asked.pk]), told).status_code == 404
        for address, told in (("comment", {"text": "x"}), ("vote", {}), ("accept", {})):
            assert client_of(cole).post(reverse(f"community:{address}", args=[other.pk]), told).status_code == 404

    def test_whoever_asked_a_hidden_question_says_it_anew_and_writes_nothing_else_under_it(
        self, asked: Post, lin: User, ada: User, sam: User
    ) -> None:
        other = answer(ada, asked)
        have(sam, asked.course)
        hiding.hide_post(asked, by=sam, **WORDS)
        page = client_of(lin).get(reverse("community:question", args=[asked.pk])).content.decode()
        for words in ("Publish the answer", "This is the answer", "Helpful"):
            assert words not in page
        for person in (lin, sam):
            for name, post, told in (
                ("answer", asked, {"text": "x"}), ("comment", asked, {"text": "x"}), ("comment", other, {"text": "x"}),
                ("vote", other, {}), ("accept", other, {}),
            ):  # fmt: skip
                address = reverse(f"community:{name}", args=[post.pk])
                assert client_of(person).post(address, told).status_code == 404, (person, name)
                assert client_of(person).get(address).status_code in (404, 405), (person, name)
        assert not Mail.objects.filter(key__startswith="accepted:").exists()
        assert client_of(lin).get(reverse("community:edit_post", args=[asked.pk])).status_code == 200

    def test_a_choice_that_outlived_its_hiding_is_on_no_page(self, asked: Post, lin, ada, cole, sam) -> None:
        good = answer(cole, asked, "Fire it slowly.")
        asking.accept(asked, good, by=lin)
        hiding.hide_post(good, by=sam, **WORDS)
        Post.objects.filter(pk=asked.pk).update(accepted=good)  # as a process of before the rule leaves it
        address = reverse("community:question", args=[asked.pk])
        assert "Fire it slowly." not in client_of(lin).get(address).content.decode()
        assert "Chosen as the answer" not in client_of(cole).get(address).content.decode()
        assert "Fire it slowly." in client_of(cole).get(address).content.decode()

    def test_not_by_who_made_the_course_wrote_it_or_is_no_moderator(self, asked: Post, ada, cole, sam) -> None:
        insult = said("answer", asked)
        cast.give_role(ada, "moderator")
        for person in (ada, cole, insult.author):
            with pytest.raises(NotAllowed):
                hiding.hide_post(insult, by=User.objects.get(pk=person.pk), **WORDS)
        row = hiding.hide_post(insult, by=sam, **WORDS)
        with pytest.raises(NotAllowed):
            hiding.lift_post(row, by=cole, reason="x")

    def test_once_and_lifted_once(self, asked: Post, sam: User) -> None:
        insult = said("comment", asked)
        row = hiding.hide_post(insult, by=sam, **WORDS)
        with pytest.raises(AlreadyRestricted):
            hiding.hide_post(insult, by=sam, **WORDS)
        with pytest.raises(IntegrityError), transaction.atomic():
            PostHiding.objects.create(post=insult, hidden_by=sam, **WORDS)
        hiding.lift_post(row, by=sam, reason="Fine")
        with pytest.raises(AlreadyFreed):
            hiding.lift_post(PostHiding.objects.get(), by=sam, reason="Fine")


class TestWhoWroteIt:
    def test_finds_her_hidden_question_with_the_reason_and_the_way_to_appeal(self, asked: Post, lin, cole, sam) -> None:
        decide("hide_post", "question", asked.pk, sam, rule="respect", reason="It insults the creator.")
        have(cole, asked.course)
        address = reverse("community:questions", args=[asked.course.slug])
        for page in (address, reverse("community:question", args=[asked.pk])):
            html = client_of(lin).get(page).content.decode()
            for words in (
                asked.title,
                "It insults the creator.",
                reverse("reports:about_me"),
                rulebook.rule_title("respect", 1),
            ):
                assert words in html, (page, words)
        assert asked.title not in client_of(cole).get(address).content.decode()
        hers = APIClient()
        hers.force_authenticate(lin)
        told = reverse("api-questions", args=[asked.course.slug])
        assert [row["id"] for row in hers.get(told, {"hidden": "1"}).json()["results"]] == [asked.pk]
        assert hers.get(told).json()["results"] == []
        hers.force_authenticate(cole)
        assert hers.get(told, {"hidden": "1"}).json()["results"] == []
        assert "It insults" not in client_of(sam).get(reverse("community:question", args=[asked.pk])).content.decode()

    def test_her_hidden_questions_cost_as_much_for_one_as_for_five(self, asked: Post, lin: User, sam: User) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as asked_for:
                client_of(lin).get(reverse("community:questions", args=[asked.course.slug]))
            return len(asked_for)

        hiding.hide_post(asked, by=sam, **WORDS)
        cost()  # the first page reads what is kept in the process
        one = cost()
        for number in range(4):
            hiding.hide_post(ask(lin, asked.course, f"Is she a fool, {number}?"), by=sam, **WORDS)
        assert cost() == one

    def test_reads_no_number_of_answers_beside_her_hidden_one(self, asked: Post, sam: User) -> None:
        insult = said("answer", asked)
        hiding.hide_post(insult, by=sam, **WORDS)
        page = client_of(insult.author).get(reverse("community:question", args=[asked.pk])).content.decode()
        assert "0 answers" not in page
        assert "No answer that others can read" in page
        assert INSULT in page


def test_nobody_asks_under_a_hidden_lesson_who_made_the_course_neither(asked: Post, ada: User, sam: User) -> None:
    decide("hide", "lesson", asked.lesson_key, sam)
    cast.give_role(ada, "moderator")
    ada = User.objects.get(pk=ada.pk)
    with pytest.raises(Http404):
        asking.ask(ada, asked.course, asked.lesson_key, {"title": "May I ask?"})
    address = reverse("community:ask", args=[asked.course.slug, asked.lesson_key])
    assert client_of(ada).get(address).status_code == 404
    assert client_of(ada).post(address, {"title": "May I ask?"}).status_code == 404
    beside = client_of(ada).get(reverse("learners:lesson", args=[asked.course.slug, asked.lesson_key])).content.decode()
    assert asked.title in beside
    assert address not in beside
    assert asked.title in client_of(ada).get(reverse("community:question", args=[asked.pk])).content.decode()


def test_a_moderator_who_has_the_course_too_sees_what_stands_under_a_hidden_lesson(asked: Post, sam: User) -> None:
    have(sam, asked.course)
    insult = said("question", asked)
    decide("hide", "lesson", insult.lesson_key, kim())
    assert reads(sam, insult)
    assert client_of(sam).get(reverse("reports:make", args=["question", insult.pk])).status_code == 200
    assert not reads(cast.lin(), insult)
