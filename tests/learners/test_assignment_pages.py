"""Pages of assignments without a line of JavaScript, and the same over the API. Who may see what."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course, Lesson
from learners.assignments import drawing, handing_in, peers
from learners.models import Assessment, HandIn, HandInAppeal, HandInDraft, HandInResult, HandInRuling, PeerTurn
from tests import cast
from tests.courses.assignments import assignment_of, make_assignment_course, marks
from tests.learners.factories import enroll
from tests.learners.works import WORDS, hand_in, pdf, people, review_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_assignment_course(reviewing="peers", own_reviews=0)


@pytest.fixture
def lesson(course: Course, lin: User) -> Lesson:
    enroll(lin, course)
    return assignment_of(course)


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def to(view: str, lesson: Lesson, *more: Any) -> str:
    return reverse(f"learners:{view}", args=[lesson.version.course.slug, lesson.key, *more])


def page(client: Client, lesson: Lesson) -> str:
    return client.get(to("lesson", lesson)).content.decode()


def radios(lesson: Lesson, *titles: str) -> dict[str, str]:
    return {f"m-{key}": level for key, level in marks(lesson, *titles).items()}


class TestPages:
    def test_a_learner_writes_adds_a_file_takes_it_out_and_hands_in(self, lesson: Lesson, lin: User) -> None:
        client = client_of(lin)
        assert "Throw a bowl and <strong>show</strong> it." in page(client, lesson)
        client.post(to("hand_in_work", lesson), {"text": "My *bowl*", "save": "1", "file": [pdf(), pdf("two.pdf")]})
        draft = HandInDraft.objects.get()
        gone = draft.files.get(name="two.pdf")
        client.post(to("hand_in_work", lesson), {"text": "My *bowl*", "remove": str(gone.key)})
        assert [each.name for each in draft.files.all()] == ["bowl.pdf"]
        answer = client.post(to("hand_in_work", lesson), {"text": "My *bowl*", "hand_in": "1"}, follow=True)
        shown = answer.content.decode()
        assert "Handed in." in shown
        assert "with three other learners" in shown
        assert "My <em>bowl</em>" in shown

    def test_what_is_wrong_is_said_and_what_was_written_stays(self, lesson: Lesson, lin: User) -> None:
        client = client_of(lin)
        told = {"text": "Words", "hand_in": "1", "file": pdf("bowl.exe")}
        answer = client.post(to("hand_in_work", lesson), told, follow=True).content.decode()
        assert "are not offered" in answer
        assert ">Words</textarea>" in answer
        assert not HandIn.objects.exists()
        assert client.post(to("hand_in_work", lesson), {"text": "x", "remove": "no-key"}).status_code == 404

    def test_a_peer_reviews_by_the_rubric_and_sees_no_name(self, lesson: Lesson, lin: User, cole: User) -> None:
        mia = people(1)[0]
        enroll(mia, lesson.version.course)
        handing_in.add_file(mia, lesson, pdf("mia-secret-name.pdf"))
        hand_in(mia, lesson, "A bowl of clay")
        hand_in(lin, lesson)
        client = client_of(lin)
        address = client.post(to("take_turn", lesson)).url
        shown = client.get(address).content.decode()
        assert "A bowl of clay" in shown
        assert "Mia" not in shown
        assert "mia-secret-name" not in shown
        wrong = client.post(address, {**radios(lesson, "Round", "Even"), "text": "Nice"})
        assert wrong.status_code == 422
        assert len(re.findall(r'data-points="\d+" checked', wrong.content.decode())) == 2
        endless = client.post(address, {**radios(lesson, "Round", "Even"), "text": WORDS * 200})
        assert (endless.status_code, Assessment.objects.exists()) == (422, False)
        assert client_of(cole).get(address).status_code == 404
        client.post(address, {**radios(lesson, "Round", "Even"), "text": WORDS})
        assert Assessment.objects.get().by == lin
        assert client.get(address).status_code == 404

    def test_the_result_is_drawn_with_every_review_and_without_a_name(self, lesson: Lesson, lin: User) -> None:
        three = people(3)
        for person in three:
            enroll(person, lesson.version.course)
        review_work(hand_in(lin, lesson), three, [("Round", "Even"), ("Nearly", "Runs"), ("Flat", "None")])
        shown = page(client_of(lin), lesson)
        assert "5 of 10 points · 50 %" in shown
        assert "Shape: median 2 of 4 points; the reviewers gave 0, 2, 4" in shown
        assert shown.count(WORDS) == 3
        assert not [each.name for each in three if each.name in shown]

    def test_three_dots_of_one_place_are_drawn_whole(self, lesson: Lesson, lin: User) -> None:
        three = people(3)
        for person in three:
            enroll(person, lesson.version.course)
        work = hand_in(lin, lesson)
        review_work(work, three, [("Flat", "None")] * 3)
        drawn = drawing.of(HandIn.objects.get(pk=work.pk))
        assert drawn is not None
        heights = [dot.y for dot in drawn.rows[0].dots]
        assert len(set(heights)) == 3
        assert min(heights) >= 6  # its radius and its line

    def test_improve_appeal_and_the_creators_answer(self, lesson: Lesson, lin: User, ada: User) -> None:
        three = people(3)
        for person in three:
            enroll(person, lesson.version.course)
        work = hand_in(lin, lesson)
        review_work(work, three, [("Flat", "None")] * 3)
        client = client_of(lin)
        assert "Improve it" in page(client, lesson)
        client.post(to("appeal_result", lesson, 1), {"text": "short"})
        assert not HandInAppeal.objects.exists()
        client.post(to("appeal_result", lesson, 1), {"text": "They did not open the second picture."})
        creator = client_of(ada)
        assert "Appeal" in creator.get(reverse("learners:hand_ins")).content.decode()
        told = {**radios(lesson, "Round", "Runs"), "text": "I did: the second picture is right."}
        answer = creator.post(reverse("learners:assess", args=[work.pk]), told)
        assert answer.url == reverse("learners:hand_ins")
        assert HandInRuling.objects.get().percent == 70
        assert "the second picture is right" in page(client, lesson)

    def test_a_draft_to_improve_begins_with_the_last_work(self, lesson: Lesson, lin: User) -> None:
        three = people(3)
        for person in three:
            enroll(person, lesson.version.course)
        review_work(hand_in(lin, lesson, "My first bowl"), three, [("Flat", "None")] * 3)
        client = client_of(lin)
        client.post(to("start_draft", lesson))
        assert ">My first bowl</textarea>" in page(client, lesson)

    def test_the_creators_inbox_leads_from_one_work_to_the_next(self, lin: User, ada: User, cole: User) -> None:
        lesson = assignment_of(make_assignment_course("Alone"))
        first, second = hand_in(lin, lesson, "First"), hand_in(cole, lesson, "Second")
        client = client_of(ada)
        assert "First" in client.get(reverse("learners:hand_in", args=[first.pk])).content.decode()
        address = reverse("learners:assess", args=[first.pk])
        wrong = client.post(address, {**radios(lesson, "Round", "Even"), "text": ""})
        assert wrong.status_code == 422
        done = client.post(address, {**radios(lesson, "Round", "Even"), "text": "Good"})
        assert done.url == reverse("learners:hand_in", args=[second.pk])
        assert "100 %" in client.get(reverse("learners:hand_ins") + "?show=done").content.decode()
        assert client.get(reverse("learners:hand_ins") + "?show=nonsense&page=x").status_code == 200

    def test_who_looks_without_the_course_sees_the_task_and_no_work(self, lesson: Lesson, lin: User, sam: User) -> None:
        hand_in(lin, lesson, "Secret bowl")
        shown = page(client_of(sam), lesson)
        assert "Throw a bowl" in shown
        assert "Secret bowl" not in shown


class TestFiles:
    def test_only_maker_creator_and_the_peer_in_turn_get_them_and_never_in_place(
        self, lesson: Lesson, lin: User, ada: User, cole: User, sam: User
    ) -> None:
        row = handing_in.add_file(lin, lesson, pdf())
        address = reverse("learners:hand_in_file", args=[row.key])
        assert client_of(ada).get(address).status_code == 404
        work = hand_in(lin, lesson)
        mia, noa = people(2)
        for person in (mia, noa):
            enroll(person, lesson.version.course)
        turn = PeerTurn.objects.give(work, mia, work.handed_in_at)
        for reader, name in ((lin, "bowl.pdf"), (ada, "bowl.pdf"), (mia, "1.pdf")):
            answer = client_of(reader).get(address)
            assert f'filename="{name}"' in answer["Content-Disposition"]
            assert answer["Content-Disposition"].startswith("attachment")
            assert "sandbox" in answer["Content-Security-Policy"]
            assert b"".join(answer.streaming_content) == b"%PDF-1.7 a bowl"
        for reader in (noa, cole, sam):
            assert client_of(reader).get(address).status_code == 404
        assert Client().get(address).status_code == 302
        PeerTurn.objects.filter(pk=turn.pk).expire(turn.due_at)
        assert client_of(mia).get(address).status_code == 404


class TestApi:
    def call(self, person: User, method: str, address: str, body: Any = None) -> Any:
        act = getattr(client_of(person), method)
        return act(address, json.dumps(body if body is not None else {}), content_type="application/json")

    def test_the_whole_way_goes_over_the_api(self, lesson: Lesson, lin: User, ada: User) -> None:
        key = lesson.key
        draft = reverse("api-draft", args=[key])
        assert self.call(lin, "patch", draft, {"text": "Mine"}).json()["text"] == "Mine"
        file = client_of(lin).post(reverse("api-draft-files", args=[key]), {"file": pdf()}).json()
        assert file["name"] == "bowl.pdf"
        made = self.call(lin, "post", reverse("api-hand-ins", args=[key]))
        assert (made.status_code, made.json()["state"]) == (201, "with_peers")
        assert self.call(lin, "patch", draft, {"text": "More"}).json()["code"] == "hand_in_closed"
        assert self.call(lin, "post", reverse("api-peer-reviews", args=[key])).json()["code"] == "nothing_to_review"
        for person in people(3):
            hand_in(person, lesson)
            turn = self.call(person, "post", reverse("api-peer-reviews", args=[key])).json()
            told = {"marks": marks(lesson, "Flat", "None"), "text": WORDS}
            work = PeerTurn.objects.get(pk=turn["id"]).hand_in
            if work.learner != lin:
                PeerTurn.objects.filter(pk=turn["id"]).expire(work.handed_in_at)
                turn = {"id": PeerTurn.objects.give(HandIn.objects.get(learner=lin), person, work.handed_in_at).pk}
            answer = self.call(person, "post", reverse("api-peer-review", args=[turn["id"]]), told)
            assert answer.status_code == 201, answer.json()
        here = client_of(lin).get(reverse("api-assignment", args=[key])).json()
        [work] = here["hand_ins"]
        assert (work["state"], work["outcome"]["percent"], len(work["assessments"])) == ("shown", 0, 3)
        assert "Mia" not in json.dumps(here)
        appeal = self.call(
            lin, "post", reverse("api-hand-in-appeal", args=[key, 1]), {"text": "Look again, it is round."}
        )
        assert appeal.status_code == 201
        [waiting] = client_of(ada).get(reverse("api-studio-hand-ins")).json()["results"]
        assert (waiting["has_appeal"], waiting["learner"]) == (True, "Lin")
        told = {"marks": marks(lesson, "Round", "Even"), "text": "You are right, it is round."}
        ruled = self.call(ada, "post", reverse("api-studio-rule", args=[waiting["id"]]), told)
        assert ruled.json()["outcome"] == {"by": "ruling", "points": ruled.json()["outcome"]["points"],
                                           "percent": 100, "passed": True}  # fmt: skip

    def test_a_creator_marks_over_the_api(self, lin: User, ada: User) -> None:
        lesson = assignment_of(make_assignment_course("Alone"))
        work = hand_in(lin, lesson)
        address = reverse("api-studio-assess", args=[work.pk])
        assert self.call(ada, "post", address, {"marks": {}, "text": "x"}).status_code == 400
        assert self.call(ada, "post", address, {"marks": {"a": "b"}, "text": "x"}).status_code == 400
        told = {"marks": marks(lesson, "Round", "Even"), "text": "Good"}
        assert self.call(ada, "post", address, told).json()["outcome"]["percent"] == 100
        assert self.call(ada, "post", address, told).json()["code"] == "already_settled"
        assert HandInResult.objects.count() == 1
        assert self.call(lin, "post", address, told).status_code == 403

    def test_what_another_has_before_her_says_nothing_of_him(self, lesson: Lesson, lin: User) -> None:
        mia = people(1)[0]
        enroll(mia, lesson.version.course)
        handing_in.add_file(mia, lesson, pdf("mia.pdf"))
        hand_in(mia, lesson)
        hand_in(lin, lesson)
        turn = peers.take(lin, lesson)
        told = client_of(lin).get(reverse("api-peer-review", args=[turn.pk])).content.decode()
        assert "Mia" not in told
        assert "mia.pdf" not in told
        assert client_of(cast.cole()).get(reverse("api-peer-review", args=[turn.pk])).status_code == 404
