"""Appeals: by the owner, once, in time; answered by another person, who puts back what was taken."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.utils import InternalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import notices
from accounts.models import User
from courses.models import Course
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.sweeps import SweepFailed
from moderation import appeals, insights, measures, public_log
from moderation.appeals import AlreadyAnswered, AlreadyAppealed, SamePerson, TooLateToAppeal
from moderation.models import Appeal, AppealAnswer, Measure
from payments.models import PayoutHold
from tests import cast
from tests.courses.factories import make_course
from tests.faults.taken_away import constraint, meeting, planted, take_away, taken_away, triggers
from tests.moderation.decisions import answer_appeal, confirmed, decide
from tests.moderation.factories import kim
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
REFUSED = (IntegrityError, InternalError)


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


@pytest.fixture
def measure(course: Course, sam: User) -> Measure:
    return decide("unpublish", "course", "glazes", sam)


class TestAnAppeal:
    def test_is_received_with_the_day_of_the_answer(self, measure: Measure, ada: User) -> None:
        appeal = appeals.make(measure, ada, " I have a license. ")
        assert appeal.due_at - appeal.appealed_at == timedelta(days=5)
        mail = Mail.objects.get(key=f"appeal:{appeal.pk}")
        assert (mail.to, mail.subject) == (ada.email, "Your appeal is in: Glazes")

    def test_is_the_owner_s(self, measure: Measure, cole: User) -> None:
        with pytest.raises(NotAllowed):
            appeals.make(measure, cole, "x")
        with pytest.raises(REFUSED), transaction.atomic():
            Appeal.objects.create(measure=measure, by=cole, text="x", due_at=timezone.now())

    def test_is_made_once(self, measure: Measure, ada: User) -> None:
        appeals.make(measure, ada, "x")
        with pytest.raises(AlreadyAppealed):
            appeals.make(measure, ada, "y")

    def test_is_not_against_what_has_ended(self, measure: Measure, ada: User) -> None:
        measures.reverse(measure, kim(), reason="x")
        with pytest.raises(TooLateToAppeal):
            appeals.make(measure, ada, "x")

    def test_is_not_too_late(self, measure: Measure, ada: User) -> None:
        take_away(triggers("moderation_measure", "moderation_measure_append_only"))
        Measure.objects.filter(pk=measure.pk).update(decided_at=timezone.now() - timedelta(days=31))
        with pytest.raises(TooLateToAppeal):
            appeals.make(Measure.objects.get(pk=measure.pk), ada, "x")


class TestTheAnswer:
    def test_is_not_by_the_one_who_decided(self, measure: Measure, ada: User, sam: User) -> None:
        appeal = appeals.make(measure, ada, "x")
        with pytest.raises(SamePerson):
            answer_appeal(appeal, sam, verdict="upheld", reason="x")
        with pytest.raises(REFUSED), transaction.atomic():
            AppealAnswer.objects.create(appeal=appeal, verdict="upheld", reason="x", decided_by=sam)

    def test_is_not_by_the_owner_nor_by_a_stranger(self, measure: Measure, ada: User, cole: User) -> None:
        appeal = appeals.make(measure, ada, "x")
        cast.give_role(ada, "moderator")
        for person in (ada, cole):
            with pytest.raises(NotAllowed):
                answer_appeal(appeal, person, verdict="overturned", reason="x")
        with pytest.raises(REFUSED), transaction.atomic():
            AppealAnswer.objects.create(appeal=appeal, verdict="overturned", reason="x", decided_by=ada)

    def test_without_the_trigger_the_same_person_could(self, measure: Measure, ada: User, sam: User) -> None:
        appeal = appeals.make(measure, ada, "x")
        take_away(triggers("moderation_appealanswer", "another_answers"))
        AppealAnswer.objects.create(appeal=appeal, verdict="upheld", reason="x", decided_by=sam)

    def test_that_overturns_puts_back_what_was_taken(self, measure: Measure, course: Course, ada: User) -> None:
        appeal = appeals.make(measure, ada, "x")
        answer = answer_appeal(appeal, kim(), verdict="overturned", reason="The license is hers.")
        course.refresh_from_db()
        assert course.is_on_sale
        reversal = Measure.objects.get(reverses=measure)
        assert reversal.cause == "appeal"
        mail = Mail.objects.get(key=f"appeal-answer:{answer.pk}")
        assert "overturned it" in mail.text
        assert "The license is hers." in mail.text
        assert not Mail.objects.filter(key=f"measure:{reversal.pk}").exists()

    def test_that_overturns_clears_her_name(self, measure: Measure, course: Course, ada: User) -> None:
        assert insights.about(course.creator).takedowns == 1
        answer_appeal(appeals.make(measure, ada, "x"), kim(), verdict="overturned", reason="x")
        assert insights.about(course.creator).takedowns == 0

    def test_that_overturns_lets_money_go_again(self, course: Course, ada: User, sam: User) -> None:
        held = decide("hold", "creator", course.creator.slug, sam)
        answer_appeal(appeals.make(held, ada, "x"), kim(), verdict="overturned", reason="x")
        assert not PayoutHold.objects.open().exists()

    def test_that_upholds_changes_nothing(self, measure: Measure, course: Course, ada: User) -> None:
        answer = answer_appeal(appeals.make(measure, ada, "x"), kim(), verdict="upheld", reason="Copied.")
        course.refresh_from_db()
        assert course.is_taken_down
        assert not Measure.objects.filter(reverses=measure).exists()
        assert "it stands" in Mail.objects.get(key=f"appeal-answer:{answer.pk}").text

    def test_is_given_once_and_never_changed(self, measure: Measure, ada: User) -> None:
        appeal = appeals.make(measure, ada, "x")
        answer_appeal(appeal, kim(), verdict="upheld", reason="x")
        with pytest.raises(AlreadyAnswered):
            answer_appeal(appeal, kim(), verdict="overturned", reason="x")
        for rows in (Appeal.objects.all(), AppealAnswer.objects.all()):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                rows._raw_delete(rows.db)  # not by Django, which stops at the answer that points to the appeal

    def test_to_what_ended_meanwhile_ends_it_no_second_time(self, measure: Measure, ada: User, sam: User) -> None:
        appeal = appeals.make(measure, ada, "x")
        measures.reverse(measure, sam, reason="She is right.")
        answer_appeal(appeal, kim(), verdict="overturned", reason="x")
        assert Measure.objects.filter(reverses=measure).count() == 1
        entries = [entry.as_json() for entry in public_log.entries()]
        assert public_log.replay(entries).in_force == set()

    def test_after_its_time_was_up_clears_her_name_and_leaves_the_log_whole(self, course: Course, sam: User) -> None:
        measure = decide("unpublish", "course", "glazes", sam, days=3)
        appeal = appeals.make(measure, measure.owner, "x")
        with time_machine.travel(measure.ends_at + timedelta(days=1), tick=False):
            assert measures.end_overdue() == 1
            assert insights.about(course.creator).takedowns == 1
            answer_appeal(appeal, kim(), verdict="overturned", reason="x")
        assert insights.about(course.creator).takedowns == 0
        entries = [entry.as_json() for entry in public_log.entries()]
        assert [entry["event"] for entry in entries] == ["review", "measure", "reversal", "appeal"]
        assert public_log.replay(entries).in_force == set()
        with pytest.raises(public_log.LogBroken):  # an end of what has ended is still none
            public_log.replay([*entries, {**entries[2], "id": "measure-0"}])


class TestWhoMayAnswer:
    def test_is_told_when_it_comes(self, measure: Measure, ada: User, sam: User) -> None:
        joe = cast.person("Joe", role="moderator")
        appeal = appeals.make(measure, ada, "x")
        told = Mail.objects.filter(key__startswith="appeal-wanted:").values_list("to", flat=True)
        assert set(told) == {joe.email}
        assert "so you can answer" in Mail.objects.get(key=f"appeal-wanted:{appeal.pk}:{joe.pk}").text

    def test_of_a_grave_one_only_another_senior_is(self, course: Course, ada: User, sam: User) -> None:
        cast.person("Joe", role="moderator")
        other = kim()
        appeals.make(decide("hold", "creator", course.creator.slug, sam), ada, "x")
        assert list(Mail.objects.filter(key__startswith="appeal-wanted:").values_list("to", flat=True)) == [other.email]

    def test_is_told_again_when_it_is_late_and_so_are_administrators(self, measure: Measure, ada: User) -> None:
        max_, other = cast.person("Max", role="admin"), kim()
        appeal = appeals.make(measure, ada, "x")
        assert appeals.remind() == 0
        with time_machine.travel(appeal.due_at + timedelta(minutes=1), tick=False):
            assert (appeals.remind(), appeals.remind()) == (1, 0)
            late = Mail.objects.filter(key__startswith="appeal-late:")
            assert set(late.values_list("to", flat=True)) == {max_.email, other.email}
            assert "nobody has given one" in late[0].text

    def test_none_waits_behind_those_that_were_told(self, course: Course, sam: User, monkeypatch: Any) -> None:
        monkeypatch.setattr(appeals, "A_SWEEP", 1)
        for action in ("warn", "limit"):
            appeals.make(decide(action, "course", "glazes", sam), course.creator.user, "x")
        kim()
        with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
            assert [appeals.remind() for _each in range(3)] == [1, 1, 0]
        assert Mail.objects.filter(key__startswith="appeal-late:").count() == 2

    def test_is_told_once_there_is_somebody_to_tell(self, measure: Measure, ada: User) -> None:
        appeal = appeals.make(measure, ada, "x")
        with time_machine.travel(appeal.due_at + timedelta(minutes=1), tick=False):
            assert appeals.remind() == 0
            max_ = cast.person("Max", role="admin")
            assert (appeals.remind(), appeals.remind()) == (1, 0)
        assert [mail.to for mail in Mail.objects.filter(key__startswith="appeal-late:")] == [max_.email]

    def test_is_told_whole_or_not_at_all(self, measure: Measure, ada: User, monkeypatch: Any) -> None:
        cast.person("Max", role="admin")
        kim()
        late, tell = Mail.objects.filter(key__startswith="appeal-late:"), notices.tell

        def breaks_off(*told: Any) -> Any:
            if late.exists():
                raise ConnectionError
            return tell(*told)

        appeal = appeals.make(measure, ada, "x")
        with time_machine.travel(appeal.due_at + timedelta(minutes=1), tick=False):
            with monkeypatch.context() as cut:
                cut.setattr(notices, "tell", breaks_off)
                with pytest.raises(SweepFailed, match=f"late_appeals: 1 failed, 0 done; {appeal.pk}") as failed:
                    appeals.remind()
            assert isinstance(failed.value.__cause__, ConnectionError)
            assert not late.exists()
            assert appeals.remind() == 1
        assert late.count() == 2

    def test_does_not_wait_behind_one_that_cannot_be_told(self, measure: Measure, ada: User, sam: User) -> None:
        kim()
        make_course(title="Kilns")
        second = decide("unpublish", "course", "kilns", sam)
        spoiled, told = appeals.make(measure, ada, "x"), appeals.make(second, ada, "y")
        refused = f"IF NEW.appeal_id = {spoiled.pk} THEN RAISE EXCEPTION 'spoiled'; END IF; RETURN NEW;"
        take_away(planted("moderation_appealreminder", refused))
        late = Mail.objects.filter(key__startswith="appeal-late:")
        with time_machine.travel(told.due_at + timedelta(minutes=1), tick=False):
            with pytest.raises(SweepFailed, match=f"late_appeals: 1 failed, 1 done; {spoiled.pk}"):
                appeals.remind()
            assert [mail.key.split(":")[1] for mail in late] == [f"{told.pk}"]

    def test_is_left_alone_when_it_was_answered(self, measure: Measure, ada: User) -> None:
        appeal = appeals.make(measure, ada, "x")
        answer_appeal(appeal, kim(), verdict="upheld", reason="x")
        with time_machine.travel(appeal.due_at + timedelta(minutes=1), tick=False):
            assert appeals.remind() == 0


class TestThePages:
    def test_lead_from_the_mail_to_the_answer(self, measure: Measure, ada: User, sam: User) -> None:
        owner, other, first = Client(), Client(), Client()
        owner.force_login(ada)
        other.force_login(kim())
        first.force_login(sam)
        assert "Copied" in owner.get(reverse("reports:about_me")).content.decode()
        address = reverse("reports:appeal", args=[measure.pk])
        assert owner.get(address).status_code == 200
        assert owner.post(address, {"text": ""}).status_code == 422
        assert owner.post(address, {"text": "I have a license."}).status_code == 302
        assert "You have appealed" in owner.get(reverse("reports:about_me")).content.decode()
        answer = reverse("moderation:answer_appeal", args=[Appeal.objects.get().pk])
        assert "Glazes" in other.get(reverse("moderation:appeals")).content.decode()
        assert "You made this decision, or agreed to it" in first.get(answer).content.decode()
        assert first.post(answer, {"verdict": "upheld", "reason": "x"}).status_code == 403
        assert "I have a license." in other.get(answer).content.decode()
        assert confirmed(other, answer, {"verdict": "overturned", "reason": "Right"}).status_code == 302
        assert "Overturned" in owner.get(reverse("reports:about_me")).content.decode()
        assert "Glazes" in other.get(f"{reverse('moderation:appeals')}?closed").content.decode()


class TestTheApi:
    def test_appeals_and_answers(self, measure: Measure, ada: User) -> None:
        owner, other = APIClient(), APIClient()
        owner.force_authenticate(ada)
        other.force_authenticate(kim())
        assert owner.get("/api/v1/reports/about-me/").json()["results"][0]["is_standing"] is True
        address = f"/api/v1/reports/about-me/{measure.pk}/appeal/"
        made = owner.post(address, {"text": "x"})
        assert made.status_code == 201
        assert owner.post(address, {"text": "x"}).json()["code"] == "already_appealed"
        answer = f"/api/v1/moderation/appeals/{made.json()['id']}/answer/"
        said = {"verdict": "overturned", "reason": "x"}
        said["effect_version"] = other.post(f"{answer}weigh/", said).json()["version"]
        assert other.post(answer, said).status_code == 201
        told = owner.get("/api/v1/reports/about-me/").json()["results"][0]
        assert (told["is_standing"], told["appeal"]["answer"]["verdict"]) == (False, "overturned")


def _two_answers(**how: Any) -> list[Any]:
    make_course(title="Glazes")
    appeal = appeals.make(decide("warn", "course", "glazes", cast.sam()), cast.ada(), "x")
    people = [kim(), cast.person("Joe", role="moderator")]
    verdicts = ["upheld", "overturned"]
    return at_once(lambda n: answer_appeal(appeal, people[n], verdict=verdicts[n], reason="x"), 2, **how)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one() -> None:
    answers = _two_answers()
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyAnswered", "AppealAnswer"]


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_rule_there_are_two() -> None:
    slow = meeting("moderation_appealanswer")  # so that the two meet
    with taken_away(constraint("moderation_appealanswer", "moderation_appealanswer_appeal_id_key"), slow):
        answers = _two_answers(without_locks=True)
        assert [type(answer).__name__ for answer in answers] == ["AppealAnswer", "AppealAnswer"]
