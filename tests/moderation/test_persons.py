"""A person who is no creator is reported by what she said: one case however often, measures with their effect seen."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import curbing
from accounts.models import AccountCurb, User
from accounts.models.curb import AlreadyCurbed, AlreadyUncurbed
from accounts.resting import MayNotWrite
from community import rating as ratings
from community.models import Rating
from courses.models import Course
from learners import freshness
from learners.assignments import peers
from learners.models import HandIn
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from moderation import appeals, cases, measures, public_log, targets
from moderation.community import showing, voting
from moderation.measures import wish as wishes
from moderation.models import Case, CommunityReviewer, Measure
from tests import cast
from tests.community.factories import rate
from tests.courses.assignments import assignment_of, make_assignment_course
from tests.courses.factories import make_course
from tests.faults.taken_away import index, lingering, taken_away
from tests.learners import works
from tests.moderation.decisions import answer_appeal, decide, decide_case, report, target, wish
from tests.moderation.factories import kim
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
WORDS = {"rule_code": "respect", "rule_version": 1, "reason": "Insults"}


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


@pytest.fixture
def insult(lin: User, course: Course) -> Rating:
    return rate(lin, course, 1, text="The creator is a fool.")


@pytest.fixture
def work(lin: User) -> HandIn:
    lesson = assignment_of(make_assignment_course("Peers", reviewing="peers", own_reviews=1, fallback_days=7))
    return works.hand_in(lin, lesson, "You are all fools.")


def key(row: Rating | HandIn) -> str:
    return f"{'rating' if isinstance(row, Rating) else 'work'}-{row.pk}"


class TestReport:
    def test_is_made_beside_the_words_and_tells_nobody_who_she_is(
        self, insult: Rating, course: Course, cole: User, client: Client
    ) -> None:
        client.force_login(cole)
        address = reverse("reports:make", args=["person", key(insult)])
        assert address in client.get(reverse("community:ratings", args=[course.slug])).content.decode()
        form = client.get(address).content.decode()
        assert "Lin" not in form
        assert client.post(address, {"rule_code": "respect", "text": "Again and again"}).status_code == 302
        case = Case.objects.get(kind="person")
        assert (case.owner, case.key) == (insult.learner, key(insult))
        assert case.evidence.get().shown["text"] == "The creator is a fool."
        assert "Lin" not in client.get(reverse("reports:mine")).content.decode()

    def test_by_two_of_her_words_is_one_case_with_both_kept(self, insult: Rating, work: HandIn, ada: User, sam) -> None:
        first = report("person", key(insult), cast.cole(), rule="respect")
        second = report("person", key(work), ada, rule="respect")
        assert first == second
        assert {row.shown["met"] for row in first.evidence.all()} == {"rating", "work"}
        shown = cases.shown(Case.objects.get(), sam)
        assert (shown["has_changed"], shown["is_gone"]) == (False, False)
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.create(kind="person", key="rating-0", title="x", url="/", owner=insult.learner)

    def test_of_words_that_one_may_not_see_or_that_are_none_is_404(self, work: HandIn, cole: User, client) -> None:
        client.force_login(cole)
        for wrong in (key(work), "rating-0", "rating-x", "course-peers", "person-rating-1", "creator-ada", "7", "-"):
            assert client.get(reverse("reports:make", args=["person", wrong])).status_code == 404, wrong

    def test_of_oneself_is_refused(self, insult: Rating, client: Client) -> None:
        client.force_login(insult.learner)
        address = reverse("reports:make", args=["person", key(insult)])
        assert client.post(address, {"rule_code": "respect"}).status_code == 409

    def test_of_a_peer_who_wrote_a_review_is_its_reader_s(self, work: HandIn, lin: User, client: Client) -> None:
        mia = works.people(1)[0]
        works.hand_in(mia, work.lesson)
        works.review(mia, work.lesson, text="Only a fool would hand that in.")
        mark = work.assessments.get()
        client.force_login(lin)
        assert client.get(reverse("reports:make", args=["mark", mark.pk])).status_code == 404  # not shown to her yet
        type(work.handling).objects.filter(pk=work.pk).update(settled_at=timezone.now(), shown_at=timezone.now())
        address = reverse("reports:make", args=["person", f"mark-{mark.pk}"])
        page = client.get(address).content.decode()
        assert "Mia" not in page
        assert client.post(address, {"rule_code": "respect"}).status_code == 302
        assert Case.objects.get(kind="person").owner == mia

    def test_dismissed_before_weighs_half_wherever_she_is_met(self, insult: Rating, work: HandIn, ada, sam) -> None:
        decide_case(report("person", key(insult), cast.cole(), rule="respect"), "dismiss", sam)
        again = report("person", key(work), ada, rule="respect")
        assert again.times_dismissed == 1
        assert [row.key for row in cases.shown(again, sam)["earlier"]] == [key(insult)]

    def test_over_the_api(self, insult: Rating, cole: User, client: Client) -> None:
        client.force_login(cole)
        sent = client.post(
            reverse("api-report", args=["person", key(insult)]), {"rule_code": "respect"}, "application/json"
        )
        assert (sent.status_code, sent.json()["key"]) == (201, key(insult))
        assert str(insult.learner_id) not in (sent.json()["title"], sent.json()["key"].partition("-")[0])


class TestBlind:
    def test_neither_reviewers_nor_the_log_learn_her_number(self, insult: Rating, sam: User) -> None:
        case = report("person", key(insult), cast.cole(), rule="respect")
        reviewer = CommunityReviewer.objects.create(
            person=cast.person("Rae"), edition="2026-01", right_answers=6, questions=6
        )
        turn = case.community_turns.create(reviewer=reviewer, ends_at=timezone.now() + timedelta(days=1))
        told = json.dumps(showing.case(turn)["evidence"].shown)
        assert "Lin" not in told
        assert set(json.loads(told)) == {"met", "stars", "text", "revision", "learned", "said"}
        decide_case(case, "mute", sam, rule="respect", days=7)
        entry = next(entry for entry in public_log.entries() if entry.action == "mute")
        assert entry.subject == entry.target == public_log.pseudonyms.of("person", insult.learner_id, "mute")
        assert "rating" not in entry.target


class TestMute:
    def test_shows_what_it_does_and_then_she_writes_to_nobody(self, insult: Rating, course: Course, sam: User) -> None:
        client = Client()
        client.force_login(sam)
        case = report("person", key(insult), cast.cole(), rule="respect")
        told = {"action": "mute", "rule_code": "respect", "reason": "Insults", "case": case.pk}
        refused = client.post(reverse("moderation:weigh", args=["person", case.key]), told)
        assert (refused.status_code, "nobody is silenced for good" in refused.content.decode()) == (422, True)
        page = client.post(reverse("moderation:weigh", args=["person", case.key]), {**told, "days": 7}).content.decode()
        assert "nothing that this person writes reaches others" in page
        assert "You may not write to others for a while" in page
        decide_case(case, "mute", sam, rule="respect", days=7)
        with pytest.raises(MayNotWrite):
            rate(insult.learner, course, 5)
        assert Mail.objects.filter(to=insult.learner.email, subject__contains="may not write").exists()

    def test_nor_reviews_she_works_nor_votes(self, work: HandIn, sam: User) -> None:
        mia = works.people(1)[0]
        works.hand_in(mia, work.lesson)
        curbing.impose("mute", mia, by=sam, **WORDS)
        with pytest.raises(MayNotWrite):
            peers.take(mia, work.lesson)
        with pytest.raises(MayNotWrite):
            voting.take(mia)
        with pytest.raises(MayNotWrite):
            voting.vote(mia, 0, "fine", "")
        with pytest.raises(MayNotWrite):
            freshness.report(mia, work.course, text="Old")

    def test_nor_what_she_had_taken_before(self, work: HandIn, sam: User) -> None:
        mia = works.people(1)[0]
        works.hand_in(mia, work.lesson)
        peers.take(mia, work.lesson)
        curbing.impose("mute", mia, by=sam, **WORDS)
        with pytest.raises(MayNotWrite):
            works.review(mia, work.lesson)

    def test_nor_answers_as_a_creator(self, insult: Rating, ada: User, sam: User) -> None:
        curbing.impose("mute", ada, by=sam, **WORDS)
        with pytest.raises(MayNotWrite):
            ratings.reply(insult, "Fool yourself", by=ada)

    def test_learning_and_handing_in_go_on(self, insult: Rating, work: HandIn, sam: User) -> None:
        noa = cast.person("Noa")
        curbing.impose("mute", noa, by=sam, **WORDS)
        assert works.hand_in(noa, work.lesson).learner == noa

    def test_its_time_over_she_writes_again(self, insult: Rating, course: Course, sam: User) -> None:
        decide("mute", "person", key(insult), sam, rule="respect", days=7)
        with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
            assert measures.end_overdue() == 1
        assert rate(insult.learner, course, 4).stars == 4

    def test_overturned_on_appeal_she_writes_again(self, insult: Rating, course: Course, sam: User) -> None:
        done = decide("mute", "person", key(insult), sam, rule="respect", days=7)
        appeal = appeals.make(done, insult.learner, "It was a joke between us")
        answer_appeal(appeal, by=kim(), verdict="overturned", reason="So it was")
        assert rate(insult.learner, course, 4).stars == 4
        assert AccountCurb.objects.open().count() == 0

    def test_without_days_is_refused_wherever_it_is_asked(self, insult: Rating, sam: User, client: Client) -> None:
        with pytest.raises(wishes.DaysNeeded):
            measures.preview(wish("mute", "person", key(insult), rule="respect"), sam)
        client.force_login(sam)
        sent = {"action": "mute", "rule_code": "respect", "reason": "Insults"}
        answer = client.post(reverse("api-moderation-weigh", args=["person", key(insult)]), sent, "application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "days_needed")


class TestBar:
    def test_is_a_senior_s(self, insult: Rating) -> None:
        mod = cast.person("Mo", role="moderator")
        assert "bar" not in [
            action for action, _ in wishes.possible(target("person", key(insult)), in_case=True, by=mod)
        ]
        with pytest.raises(wishes.SeniorNeeded):
            measures.preview(wish("bar", "person", key(insult), rule="respect"), mod)

    def test_shows_how_many_courses_the_account_keeps(self, insult: Rating, sam: User) -> None:
        effect = measures.preview(wish("bar", "person", key(insult), rule="respect"), sam)
        assert (effect.courses, effect.learners, effect.is_so_already) == (1, 0, False)
        decide("bar", "person", key(insult), sam, rule="respect")
        again = measures.preview(wish("bar", "person", key(insult), rule="respect"), sam)
        assert again.is_so_already

    def test_reversed_the_account_is_as_before(self, insult: Rating, sam: User) -> None:
        done = decide("bar", "person", key(insult), sam, rule="respect")
        insult.learner.refresh_from_db()
        assert insult.learner.rests_since is not None
        measures.reverse(done, kim(), reason="Mistaken")
        insult.learner.refresh_from_db()
        assert insult.learner.rests_since is None


class TestKinds:
    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("person", ["dismiss", "warn", "mute", "bar"]),
            ("rating", ["dismiss", "warn", "hide_rating", "mute", "bar"]),
            ("work", ["dismiss", "warn", "hide_work", "mute", "bar"]),
            ("account", ["dismiss", "warn", "mute", "bar"]),
        ],
    )
    def test_each_has_its_measures(self, kind: str, expected: list[str], insult: Rating, work: HandIn) -> None:
        keys = {"person": key(insult), "rating": insult.pk, "work": work.pk, "account": insult.learner_id}
        found = [action for action, _label in wishes.possible(target(kind, keys[kind]), in_case=True)]
        assert found == expected

    def test_every_action_has_its_words_and_its_act(self) -> None:
        from moderation.measures import carrying_out

        named = {action for actions in wishes.ACTIONS_OF.values() for action in actions}
        assert named | {Measure.Action.DISMISS} == set(carrying_out._ACTS)
        assert set(wishes.ACTIONS_OF) == set(targets._finders)


class TestCurbs:
    def test_once_a_kind_by_a_moderator_and_not_her_own(self, lin: User, cole: User, sam: User) -> None:
        row = curbing.impose("mute", lin, by=sam, **WORDS)
        for by, refusal in ((sam, AlreadyCurbed), (cole, NotAllowed)):
            with pytest.raises(refusal):
                curbing.impose("mute", lin, by=by, **WORDS)
        with pytest.raises(NotAllowed):
            curbing.impose("mute", sam, by=sam, **WORDS)
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountCurb.objects.create(kind="mute", person=lin, imposed_by=sam, **WORDS)
        with pytest.raises(NotAllowed):
            curbing.lift(row, by=cole, reason="x")
        curbing.lift(row, by=sam, reason="Enough")
        with pytest.raises(AlreadyUncurbed):
            curbing.lift(AccountCurb.objects.get(), by=sam, reason="Enough")


def _both_report(**how: Any) -> list[Any]:
    """Cole by a rating, Mia by another one, at once."""
    said = [rate(cast.lin(), make_course(title=title), 1, text="Fool.") for title in ("Clay", "Kilns")]
    people = [cast.cole(), cast.person("Mia")]
    wanted = [target("person", key(row)) for row in said]
    from moderation import reports

    return at_once(lambda n: reports.file(wanted[n], reports.Sender(people[n]), rule_code="respect"), 2, **how)


@pytest.mark.django_db(transaction=True)
def test_two_reports_at_once_by_two_of_her_words_are_one_case() -> None:
    with taken_away(lingering("moderation_case")):  # so that the two meet
        answers = _both_report()
        assert len({answer.case.pk for answer in answers}) == 1
        assert Case.objects.get().reports_count == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_rule_of_the_database_they_are_two() -> None:
    with taken_away(index("one_open_case_a_person"), lingering("moderation_case")):
        answers = _both_report()
        assert len({answer.case.pk for answer in answers}) == 2
