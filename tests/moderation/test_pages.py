"""The moderators' pages: who comes in, what they show, and the way from the queue to a decision."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course, Decision, Submission, Takedown
from creators.models import Creator, Suspension
from discovery import index
from marketplace.lib.emails import Mail
from moderation import rubric
from moderation.models import Claim, Measure
from tests import cast
from tests.courses.factories import add_lessons, make_course
from tests.moderation.decisions import confirmed
from tests.moderation.factories import kim, make_submission

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(sam: User) -> Client:
    return as_(sam)


def to(name: str, *args: Any) -> str:
    return reverse(f"moderation:{name}", args=args)


def judged(submission: Submission, verdict: str = "", **finding: Any) -> dict[str, Any]:
    """The case's form: every rule holds, but for the first when there is a finding."""
    rules = rubric.current().rules
    data: dict[str, Any] = {"findings-TOTAL_FORMS": len(rules), "findings-INITIAL_FORMS": len(rules)}
    for number, rule in enumerate(rules):
        data |= {f"findings-{number}-rule_code": rule.code, f"findings-{number}-verdict": "holds"}
    if finding:
        data["findings-0-verdict"] = "finding"
        data |= {f"findings-0-{name}": value for name, value in finding.items()}
    return {**data, "reason": "", "verdict": verdict}


class TestTheDoor:
    @pytest.mark.parametrize("name", ["queue", "decisions", "takedowns"])
    def test_is_for_moderators_only(self, cole: User, fay: User, name: str) -> None:
        assert Client().get(to(name)).status_code == 302
        for person in (cole, fay):
            assert as_(person).get(to(name)).status_code == 403

    def test_is_closed_on_every_act(self, cole: User) -> None:
        submission = make_submission()
        other = as_(cole)
        for name in ("claim", "release", "preview", "approve", "send_back"):
            assert other.post(to(name, submission.pk), judged(submission)).status_code == 403
        assert other.get(to("case", submission.pk)).status_code == 403
        assert other.post(to("take_down", submission.version.course.slug)).status_code == 403
        assert other.post(to("decide", "course", submission.version.course.slug)).status_code == 403


class TestTheQueue:
    def test_shows_the_longest_waiting_first_with_who_holds_it(self, desk: Client) -> None:
        first, second = make_submission("Kilns"), make_submission("Glazes")
        Claim.objects.take(second, kim())
        page = desk.get(to("queue")).content.decode()
        assert page.index("Kilns") < page.index("Glazes")
        assert "With Kim" in page
        assert first.version.course.creator.name in page

    def test_filters_what_is_free_new_and_mine(self, desk: Client, sam: User) -> None:
        Claim.objects.take(make_submission("Kilns"), kim())
        Claim.objects.take(make_submission("Glazes"), sam)
        make_submission(course=make_course(title="Clay"))
        everything = {"Kilns", "Glazes", "Clay"}
        expected = {
            "claim=free": {"Clay"},
            "claim=mine": {"Glazes"},
            "kind=update": {"Clay"},
            "kind=new": {"Kilns", "Glazes"},
            "claim=nonsense": everything,
        }
        for query, titles in expected.items():
            page = desk.get(f"{to('queue')}?{query}").content.decode()
            assert {t for t in everything if f">{t}</a>" in page} == titles, query

    def test_gives_the_next_free_one(self, desk: Client, sam: User) -> None:
        Claim.objects.take(make_submission("Kilns"), kim())
        free = make_submission("Glazes")
        assert desk.post(to("take_next")).url == to("case", free.pk)
        assert Claim.objects.open().filter(submission=free, moderator=sam).exists()

    def test_says_so_when_nothing_waits(self, desk: Client) -> None:
        assert "Nothing waits" in desk.get(to("queue")).content.decode()
        assert desk.post(to("take_next")).url == to("queue")

    def test_asks_the_same_number_of_questions_for_few_and_many(
        self, desk: Client, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(8):
            make_submission(f"Course {number}")
        with django_assert_max_num_queries(13):
            desk.get(to("queue"))


class TestACase:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_shows_course_lessons_rubric_and_creator(self, desk: Client, language: str) -> None:
        desk.cookies["django_language"] = language
        submission = make_submission("Glazes")
        page = desk.get(to("case", submission.pk)).content.decode()
        for words in ("Glazes", "Lesson 1", "Lesson 3", "Please have a look.", "Make one yourself", "Ada Lin Studio"):
            assert words in page
        assert page.count("data-judgment") >= len(rubric.current().rules)

    def test_shows_the_film_of_the_lesson_that_was_chosen(self, desk: Client) -> None:
        submission = make_submission()
        lesson = submission.version.lessons.in_order().last()
        page = desk.get(to("case", submission.pk), {"lesson": lesson.key}).content.decode()
        assert f'data-review-lesson="{lesson.key}"' in page
        assert "master.m3u8" in page

    def test_shows_what_a_new_version_changes(self, desk: Client, ada: User) -> None:
        course = make_course(title="Glazes")
        draft = course.open_draft(ada)
        draft.edit({"subtitle": "Now with salt"}, by=ada, revision=draft.revision)
        draft.lessons.in_order().first().edit(title="Ash and salt")
        submission = make_submission(course=course)
        page = desk.get(to("case", submission.pk)).content.decode()
        assert "Against what is on sale" in page
        assert re.search(r"<ins>[^<]*salt", page)
        assert "renamed" in page

    def test_asks_the_same_number_of_questions_for_few_and_many_lessons(
        self, desk: Client, django_assert_max_num_queries: Any
    ) -> None:
        course = make_course(live=False)
        add_lessons(course.draft, 30)
        submission = make_submission(course=course)
        with django_assert_max_num_queries(37):
            assert desk.get(to("case", submission.pk)).status_code == 200

    def test_can_be_read_but_not_decided_while_another_holds_it(self, desk: Client) -> None:
        submission = make_submission()
        Claim.objects.take(submission, kim())
        assert "Kim is looking at this submission" in desk.get(to("case", submission.pk)).content.decode()
        refused = desk.post(to("approve", submission.pk), judged(submission))
        assert refused.status_code == 409
        assert "Kim is looking" in refused.content.decode()
        assert not Decision.objects.exists()

    def test_tells_creators_that_their_own_is_for_others(self, ada: User) -> None:
        submission = make_submission()
        cast.give_role(ada, "moderator")
        own = as_(User.objects.get(pk=ada.pk))
        assert "This is your own" in own.get(to("case", submission.pk)).content.decode()
        assert own.post(to("approve", submission.pk), judged(submission)).status_code == 403

    def test_is_claimed_and_given_back(self, desk: Client) -> None:
        submission = make_submission()
        desk.post(to("claim", submission.pk))
        assert Claim.objects.open().count() == 1
        desk.post(to("release", submission.pk))
        assert Claim.objects.open().count() == 0


class TestDeciding:
    def test_shows_the_mail_before_anything_is_decided(self, desk: Client) -> None:
        submission = make_submission("Glazes")
        lesson = submission.version.lessons.in_order().first()
        data = judged(submission, "return", text="It hums", lesson_key=str(lesson.key), at_second="1:15")
        shown = desk.post(to("preview", submission.pk), data).content.decode()
        assert "“Glazes” needs a few changes" in shown
        assert "Lesson “Lesson 1” at 1:15" in shown
        assert not Decision.objects.exists()
        assert not Mail.objects.exists()

    def test_carries_the_form_from_the_preview_to_the_decision(self, desk: Client) -> None:
        submission = make_submission("Glazes")
        data = judged(submission, "return", text="It <hums>", at_second="75")
        shown = desk.post(to("preview", submission.pk), data).content.decode()
        form = shown[shown.index(to("send_back", submission.pk)) :]
        form = form[: form.index("</form>")]
        carried = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
        carried["findings-0-text"] = carried["findings-0-text"].replace("&lt;", "<").replace("&gt;", ">")
        assert desk.post(to("send_back", submission.pk), carried).url == to("queue")
        finding = Decision.objects.get().findings.get()
        assert (finding.rule_code, finding.at_second, finding.text) == (rubric.current().rules[0].code, 75, "It <hums>")

    def test_goes_back_from_the_preview_with_everything_that_was_written(self, desk: Client) -> None:
        submission = make_submission()
        page = desk.post(to("case", submission.pk), judged(submission, text="It hums")).content.decode()
        assert "It hums" in page

    def test_approves_only_what_was_judged_to_hold(self, desk: Client) -> None:
        submission = make_submission()
        unjudged = {**judged(submission, "approve"), "findings-2-verdict": ""}
        with_finding = judged(submission, "approve", text="It hums")
        for data in (unjudged, with_finding):
            refused = desk.post(to("preview", submission.pk), data)
            assert refused.status_code == 422
            assert "judge every rule" in refused.content.decode()
        assert desk.post(to("preview", submission.pk), judged(submission, "approve")).status_code == 200
        assert desk.post(to("approve", submission.pk), judged(submission)).url == to("queue")
        submission.version.course.refresh_from_db()
        assert submission.version.course.is_on_sale

    def test_sends_nothing_back_without_a_word(self, desk: Client) -> None:
        submission = make_submission()
        assert desk.post(to("preview", submission.pk), judged(submission, "return")).status_code == 422
        no_text = judged(submission, "return", text="")
        assert desk.post(to("preview", submission.pk), no_text).status_code == 422

    @pytest.mark.parametrize("place", ["1:75", "soon", "1:2:3:4"])
    def test_refuses_a_place_in_the_film_that_is_none(self, desk: Client, place: str) -> None:
        submission = make_submission()
        data = judged(submission, "return", text="It hums", at_second=place)
        assert desk.post(to("preview", submission.pk), data).status_code == 422

    def test_is_listed_and_read_afterwards(self, desk: Client) -> None:
        submission = make_submission("Glazes")
        desk.post(to("send_back", submission.pk), judged(submission, text="It hums"))
        assert "Glazes" in desk.get(to("decisions")).content.decode()
        page = desk.get(to("case", submission.pk)).content.decode()
        assert "It hums" in page
        assert "data-review " not in page


class TestMeasures:
    def decide(self, desk: Client, kind: str, key: str, **data: str) -> Any:
        """Look at the effect, and confirm it."""
        weighed = desk.post(to("weigh", kind, key), data).content.decode()
        version = re.search(r'name="effect_version" value="(\w+)"', weighed)
        assert version, weighed
        return desk.post(to("decide", kind, key), {**data, "effect_version": version[1]})

    def test_take_a_course_down_and_lift_it_again(self, desk: Client) -> None:
        course = make_course(title="Glazes")
        index.refresh()
        assert "Glazes" in desk.get(to("takedowns"), {"q": "glazes"}).content.decode()
        assert desk.get(to("take_down", "glazes")).url == f"{to('measure', 'course', 'glazes')}?action=unpublish"
        assert desk.get(to("measure", "course", "glazes")).status_code == 200
        self.decide(desk, "course", "glazes", action="unpublish", rule_code="rights", reason="Copied music")
        course.refresh_from_db()
        assert not course.is_on_sale
        takedown = Takedown.objects.get()
        assert "Copied music" in desk.get(to("lift_takedown", takedown.pk)).content.decode()
        confirmed(desk, to("lift_takedown", takedown.pk), {"reason": "A license was shown"})
        course.refresh_from_db()
        assert course.is_on_sale
        assert "A license was shown" in desk.get(to("takedowns")).content.decode()

    def test_that_stand_without_a_row_are_only_looked_at_by_opening_them(self, desk: Client, sam: User) -> None:
        """As one made by the version of before, while the next one ran beside it."""
        course = make_course(title="Glazes")
        words = {"rule_code": "rights", "reason": "Copied music"}
        takedown = Takedown.objects.take_down(course=course, by=kim(), **words)
        suspension = Suspension.objects.suspend(creator=course.creator, by=kim(), **words)
        auditor = Client()
        auditor.force_login(cast.person("Aude", role="auditor"))
        for client in (desk, auditor):
            for name, row in (("lift_takedown", takedown), ("lift_suspension", suspension)):
                assert "Copied music" in client.get(to(name, row.pk)).content.decode()
        assert not Measure.objects.exists()
        said = {"reason": "A license was shown"}
        desk.post(to("lift_takedown", takedown.pk), said)
        assert not Measure.objects.exists()
        for name, row in (("lift_takedown", takedown), ("lift_suspension", suspension)):
            assert desk.post(to(name, row.pk), {**said, "effect_version": "of-yesterday"}).status_code == 409
        address = f"/api/v1/moderation/takedowns/{takedown.pk}/lift/"
        stale = desk.post(address, {**said, "effect_version": "of-yesterday"}, content_type="application/json")
        assert stale.json()["code"] == "effect_changed"
        assert not Measure.objects.exists()  # kept with its end, or not at all
        assert confirmed(desk, to("lift_takedown", takedown.pk), said).status_code == 302
        assert confirmed(desk, to("lift_suspension", suspension.pk), {"reason": "Settled"}).status_code == 302
        told = Measure.objects.order_by("pk").values_list("action", "cause", "is_reason_public")
        assert list(told) == [
            ("unpublish", "decided", False), ("unpublish", "reversed", False),
            ("suspend", "decided", False), ("suspend", "reversed", False),
        ]  # fmt: skip
        assert Course.objects.on_sale().filter(pk=course.pk).exists()

    def test_that_name_a_rule_which_the_book_does_not_have_are_refused_with_a_reason(self, desk: Client) -> None:
        course = make_course(title="Glazes")
        takedown = Takedown.objects.take_down(course=course, by=kim(), rule_code="rights", reason="x", rule_version=99)
        assert desk.get(to("lift_takedown", takedown.pk)).status_code == 200
        refused = desk.post(to("lift_takedown", takedown.pk), {"reason": "A license was shown"})
        assert (refused.status_code, "write to an administrator" in refused.content.decode()) == (409, True)

    def test_need_a_rule_and_a_reason(self, desk: Client) -> None:
        make_course(title="Glazes")
        for data in ({"rule_code": "", "reason": "Copied"}, {"rule_code": "rights", "reason": ""}):
            refused = desk.post(to("weigh", "course", "glazes"), {"action": "unpublish", **data})
            assert refused.status_code == 422
        assert not Takedown.objects.exists()

    def test_show_what_they_do_and_the_mail_before_anything_is_decided(self, desk: Client, ada: User) -> None:
        make_course(title="Glazes")
        data = {"action": "warn", "rule_code": "rights", "reason": "The music in <lesson> 2"}
        shown = desk.post(to("weigh", "course", "glazes"), data).content.decode()
        for words in ("A warning about “Glazes”", ada.email, "The music in &lt;lesson&gt; 2"):
            assert words in shown
        assert not Measure.objects.exists()
        back = desk.post(to("measure", "course", "glazes"), data).content.decode()
        assert "The music in &lt;lesson&gt; 2" in back

    def test_ask_again_when_something_has_changed(self, desk: Client) -> None:
        course = make_course(title="Glazes")
        data = {"action": "limit", "rule_code": "rights", "reason": "Copied"}
        stale = desk.post(to("decide", "course", "glazes"), {**data, "effect_version": "of-yesterday"})
        assert stale.status_code == 409
        assert "Something has changed since you looked" in stale.content.decode()
        course.refresh_from_db()
        assert not course.is_limited

    def test_suspend_a_creator_and_let_her_sell_again(self, desk: Client, ada: User) -> None:
        course = make_course(title="Glazes")
        slug = course.creator.slug
        assert desk.get(to("suspend", slug)).url == f"{to('measure', 'creator', slug)}?action=suspend"
        self.decide(desk, "creator", slug, action="suspend", rule_code="rights", reason="Three copies")
        assert not course.__class__.objects.on_sale().exists()
        page = desk.get(to("creator", slug)).content.decode()
        assert "Three copies" in page
        suspension = Creator.objects.get().suspensions.get()
        assert desk.get(to("lift_suspension", suspension.pk)).status_code == 200
        confirmed(desk, to("lift_suspension", suspension.pk), {"reason": "Settled"})
        assert course.__class__.objects.on_sale().exists()
        assert list(Mail.objects.order_by("pk").values_list("to", "subject")) == [
            (ada.email, "Your courses are off the sale"),
            (ada.email, "Your courses are on sale again"),
        ]
