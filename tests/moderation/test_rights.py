"""Claims of copyright: filed with proof, heard on both sides in time, decided once by a person, and appealed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, transaction
from django.db.utils import InternalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import curbing
from accounts.models import AccountDeletion, AuditEvent, Notice, User
from courses.models import Course
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.errors import DomainError, NotAllowed
from moderation import appeals, measures, privacy, public_log, rights
from moderation.models import Case, Measure, RightsClaim, RightsStep
from moderation.public_log import pseudonyms, replay
from moderation.reports import OwnThing
from moderation.rights import income, strikes, weighing, working_days
from moderation.rights.filing import AppealIsOpen, NoSuchTarget
from moderation.rights.shown import clock_of
from moderation.rights.verdicts import FiledAgain, NotHeardYet, Verdict
from moderation.tasks import run_out_claims
from payments import escrow, refunds, splits
from tests import cast
from tests.courses.factories import make_course, publish
from tests.creators.factories import make_creator
from tests.faults.meeting import wait_for_somebody_inside
from tests.faults.taken_away import meeting, taken_away
from tests.moderation import claims
from tests.moderation.decisions import answer_appeal, decide_case, report
from tests.moderation.factories import kim
from tests.moderation.test_twins import beside
from tests.payments import shop
from tests.payments.crowd import at_once
from tests.videos.films import ready_video

pytestmark = pytest.mark.django_db
REFUSED = (IntegrityError, InternalError)
State, Kind = RightsClaim.State, RightsStep.Kind


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


def mails_of(step: RightsStep) -> dict[str, str]:
    return {mail.to: mail.text for mail in Mail.objects.filter(key__startswith=f"rights-step:{step.pk}:")}


def kinds(claim: RightsClaim) -> list[str]:
    return [step.kind for step in claim.steps.all()]


def is_late(claim: RightsClaim) -> datetime:
    assert claim.due_at is not None
    return claim.due_at + timedelta(seconds=1)


class TestFiling:
    def test_keeps_what_was_said_and_shown_and_is_acknowledged(self, course: Course, lin: User, ada: User) -> None:
        claim = claims.filed(lin)
        assert (claim.state, claim.owner, claim.shown["title"]) == (State.FILED, ada, "Glazes")
        mail = Mail.objects.get(key=f"rights:{claim.pk}:filed")
        assert mail.to == lin.email
        assert "Glaze chemistry" in mail.text
        assert not Mail.objects.filter(to=ada.email, key__startswith="rights").exists()

    def test_is_not_for_one_s_own_and_not_for_people(self, course: Course, ada: User, lin: User) -> None:
        with pytest.raises(OwnThing):
            claims.filed(ada)
        with pytest.raises(NoSuchTarget):
            claims.filed(lin, ada.creator.slug, "creator")

    def test_once_while_one_is_open(self, course: Course, lin: User, cole: User) -> None:
        claims.filed(lin)
        with pytest.raises(rights.AlreadyClaimed):
            claims.filed(lin)
        claims.filed(cole)

    def test_has_a_limit_a_day(self, course: Course, lin: User, ada: User) -> None:
        for number in range(10):
            make_course(title=f"Kiln {number}")
            claims.filed(lin, f"kiln-{number}")
        with pytest.raises(rights.TooManyClaims):
            claims.filed(lin)

    def test_after_three_wrong_claims_one_at_a_time(self, course: Course, lin: User, sam: User) -> None:
        make_course(title="Kilns")
        for _time in range(3):
            claims.decide(claims.filed(lin), sam, "reject")
        claims.filed(lin)
        with pytest.raises(rights.TooManyClaims):
            claims.filed(lin, "kilns")

    def test_a_rejection_that_was_overturned_does_not_count(self, course: Course, lin: User, sam: User) -> None:
        for _time in range(3):
            step = claims.decide(claims.filed(lin), sam, "reject")
            measures.reverse(step.measure, kim(), reason="Wrong")
            rights.withdraw(RightsClaim.objects.latest("id"), lin)
        make_course(title="Kilns")
        claims.filed(lin)
        claims.filed(lin, "kilns")

    def test_looks_into_the_file(self, course: Course, lin: User) -> None:
        with pytest.raises(ValidationError):
            claims.filed(lin, upload=SimpleUploadedFile("proof.pdf", b"MZ not a page"))
        claim = claims.filed(lin, upload=SimpleUploadedFile("proof.pdf", b"%PDF-1.7 mine"))
        assert claim.proof_file.read() == b"%PDF-1.7 mine"

    def test_cannot_be_changed_afterwards_nor_a_step(self, course: Course, lin: User, sam: User) -> None:
        claim = claims.admitted(lin, sam)
        for change in (
            lambda: RightsClaim.objects.update(proof="Other"),
            lambda: claim.steps.update(text="Other"),
            lambda: claim.steps.all().delete(),
        ):
            with pytest.raises(REFUSED), transaction.atomic():
                change()


class TestWorkingDays:
    def test_leave_saturdays_and_sundays_out(self) -> None:
        friday = datetime(2026, 11, 27, 15, tzinfo=UTC)
        assert working_days.after(friday, 1) == datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
        assert working_days.after(friday, 10) == datetime(2026, 12, 11, 23, 59, 59, tzinfo=UTC)
        saturday = datetime(2026, 11, 28, 0, tzinfo=UTC)
        assert working_days.after(saturday, 1) == datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)


class TestTheClocks:
    def test_admitted_the_creator_is_told_and_has_so_many_working_days(
        self, course: Course, lin: User, ada: User, sam: User, settings: Any
    ) -> None:
        settings.RIGHTS_DAYS = 4
        claim = claims.admitted(lin, sam)
        step = claim.steps.get()
        assert claim.due_at == step.due_at == working_days.after(step.at, 4)
        assert set(mails_of(step)) == {ada.email, lin.email}
        assert AuditEvent.objects.filter(verb="rights_claim.admit").exists()

    def test_the_creator_answers_and_the_claimant_goes_on(
        self, course: Course, lin: User, ada: User, sam: User
    ) -> None:
        claim = claims.countered(lin, sam)
        assert claim.state == State.REPLYING
        assert "I filmed it myself" in mails_of(claim.steps.last())[lin.email]
        assert "I filmed it myself" not in mails_of(claim.steps.last())[ada.email]
        rights.go_on(claim, lin, "Case 7")
        assert claims.fresh(claim).state == State.DECIDING
        assert claims.fresh(claim).due_at is None

    def test_without_a_counter_notice_it_waits_for_a_verdict(self, course: Course, lin: User, sam: User) -> None:
        claim = claims.admitted(lin, sam)
        assert rights.run_out(claim.due_at - timedelta(seconds=1)) == 0
        assert rights.run_out(is_late(claim)) == 1
        assert rights.run_out(is_late(claim)) == 0
        assert kinds(claim) == [Kind.ADMIT, Kind.SILENT]
        assert claims.fresh(claim).state == State.DECIDING
        assert len(mails_of(claim.steps.last())) == 2

    def test_without_a_reply_it_lapses(self, course: Course, lin: User, sam: User) -> None:
        claim = claims.countered(lin, sam)
        rights.run_out(is_late(claim))
        assert kinds(claim)[-1] == Kind.LAPSE
        assert not claims.fresh(claim).is_open

    def test_the_task_run_twice_does_nothing_more(self, course: Course, lin: User, sam: User) -> None:
        claim = claims.admitted(lin, sam)
        RightsClaim.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        for _twice in range(2):
            run_out_claims()
        assert kinds(claim) == [Kind.ADMIT, Kind.SILENT]

    def test_who_comes_after_the_clock_comes_too_late(self, course: Course, lin: User, ada: User, sam: User) -> None:
        claim = claims.admitted(lin, sam)
        RightsClaim.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(rights.NotNow):
            rights.counter(claim, ada, "Wait")
        rights.withdraw(claim, lin)

    def test_are_drawn_by_how_much_of_them_is_over(self, course: Course, lin: User, sam: User) -> None:
        claim = claims.admitted(lin, sam)
        steps = list(claim.steps.all())
        assert claim.due_at is not None
        half = steps[0].at + (claim.due_at - steps[0].at) / 2
        shares = [clock_of(claim, steps, at) for at in (steps[0].at, half, is_late(claim))]
        assert [round(float(clock.share[:-1])) for clock in shares if clock] == [0, 50, 100]
        assert shares[2] is not None
        assert shares[2].is_over

    def test_each_side_does_only_its_own(self, course: Course, lin: User, ada: User, sam: User, cole: User) -> None:
        claim = claims.admitted(lin, sam)
        for act, person in [(rights.counter, lin), (rights.counter, cole), (rights.go_on, ada), (rights.withdraw, ada)]:
            with pytest.raises(NotAllowed):
                act(claim, person, "No")
        with pytest.raises(rights.NotNow):
            rights.go_on(claim, lin, "Too early")

    def test_a_claim_that_was_never_admitted_is_nobody_else_s_news(
        self, course: Course, lin: User, ada: User, sam: User
    ) -> None:
        rights.withdraw(claims.filed(lin), lin, "A mistake")
        claims.decide(claims.filed(lin), sam, "reject")
        assert not Mail.objects.filter(to=ada.email, key__startswith="rights").exists()
        assert not RightsClaim.objects.of_party(ada).exists()


class TestTheVerdict:
    def test_upheld_is_a_decision_that_the_creator_can_appeal_against(
        self, course: Course, lin: User, ada: User, sam: User
    ) -> None:
        step = claims.decide(claims.disputed(lin, sam), sam, "uphold")
        assert (step.measure.action, step.measure.owner, step.measure.decided_by) == ("uphold", ada, sam)
        course.refresh_from_db()
        assert course.is_on_sale
        assert set(mails_of(step)) == {ada.email, lin.email}
        appeal = appeals.make(step.measure, ada, "I have a license")
        with pytest.raises(appeals.SamePerson):
            answer_appeal(appeal, sam, verdict="overturned", reason="So it is")
        answer_appeal(appeal, kim(), verdict="overturned", reason="So it is")
        assert kinds(step.claim)[-1] == Kind.OVERTURN
        assert not claims.fresh(step.claim).is_open
        assert step.claim.verdict is None

    def test_upheld_can_take_the_course_off_the_sale_and_overturned_puts_it_back(
        self, course: Course, lin: User, ada: User, sam: User
    ) -> None:
        step = claims.decide(claims.disputed(lin, sam), sam, "uphold", hides=True)
        course.refresh_from_db()
        assert course.is_taken_down
        assert step.hiding.action == "unpublish"
        measures.reverse(step.measure, kim(), reason="A license was shown")
        course.refresh_from_db()
        assert course.is_on_sale

    def test_upheld_of_a_lesson_hides_the_lesson_alone(self, course: Course, lin: User, sam: User) -> None:
        lesson = course.live_lessons()[0]
        step = claims.decide(claims.disputed(lin, sam, lesson.key, kind="lesson"), sam, "uphold", hides=True)
        assert (step.hiding.action, step.hiding.key) == ("hide", str(lesson.key))
        course.refresh_from_db()
        assert course.is_on_sale

    def test_upheld_where_it_is_hidden_already_hides_nothing_twice(self, course: Course, lin: User, sam: User) -> None:
        claim = claims.disputed(lin, sam)
        other = claims.disputed(cast.cole(), sam)
        claims.decide(claim, sam, "uphold", hides=True)
        assert claims.decide(other, sam, "uphold", hides=True).hiding is None

    def test_rejected_the_claimant_can_appeal_and_it_is_open_again(
        self, course: Course, lin: User, ada: User, sam: User
    ) -> None:
        step = claims.decide(claims.disputed(lin, sam), sam, "reject")
        assert step.measure.owner == lin
        assert not appeals.can_appeal(step.measure, ada)
        answer_appeal(appeals.make(step.measure, lin, "Look again"), kim(), verdict="overturned", reason="It is")
        assert claims.fresh(step.claim).state == State.DECIDING
        claims.decide(claims.fresh(step.claim), kim(), "uphold")

    def test_rejected_unheard_and_overturned_the_creator_is_heard(self, course: Course, lin: User, sam: User) -> None:
        step = claims.decide(claims.filed(lin), sam, "reject")
        measures.reverse(step.measure, kim(), reason="It is complete")
        again = claims.fresh(step.claim)
        assert (again.state, again.due_at is not None) == (State.ANSWERING, True)

    def test_nobody_loses_unheard(self, course: Course, lin: User, sam: User) -> None:
        with pytest.raises(NotHeardYet):
            claims.decide(claims.admitted(lin, sam), sam, "uphold")

    def test_settled_has_nothing_to_appeal_against(self, course: Course, lin: User, ada: User, sam: User) -> None:
        step = claims.decide(claims.countered(lin, sam), sam, "settle")
        assert not appeals.can_appeal(step.measure, ada)
        with pytest.raises(measures.NotStanding):
            measures.reverse(step.measure, kim(), reason="No")

    def test_is_nobody_s_of_the_sides_and_no_stranger_s(
        self, course: Course, lin: User, ada: User, sam: User, cole: User
    ) -> None:
        claim = claims.disputed(lin, sam)
        for person in (lin, ada):
            cast.give_role(person, "moderator")
        for person in (User.objects.get(pk=lin.pk), User.objects.get(pk=ada.pk), cole):
            with pytest.raises(NotAllowed):
                claims.decide(claim, person, "reject")
        with pytest.raises(REFUSED), transaction.atomic():
            RightsStep.objects.create(claim=claim, kind=Kind.ADMIT, by=lin)

    def test_rejected_and_filed_again_waits_for_the_appeal(self, course: Course, sam: User) -> None:
        cole = cast.cole()
        rejected = claims.decide(claims.disputed(cole, sam), sam, "reject")
        appeal = appeals.make(rejected.measure, cole, "Read my proof")
        with pytest.raises(AppealIsOpen):
            claims.filed(cole)
        answer_appeal(appeal, kim(), verdict="overturned", reason="It proves it")
        assert claims.fresh(rejected.claim).state == "deciding"

    def test_filed_again_its_rejection_is_taken_back_when_that_one_has_ended(self, course: Course, sam: User) -> None:
        cole = cast.cole()
        rejected = claims.decide(claims.disputed(cole, sam), sam, "reject")
        again = claims.filed(cole)
        with pytest.raises(FiledAgain):
            appeals.make(rejected.measure, cole, "Read my proof")
        with pytest.raises(FiledAgain):
            measures.reverse(rejected.measure, kim(), reason="It proves it")
        assert claims.fresh(rejected.claim).state == "closed"
        rights.withdraw(again, cole)
        measures.reverse(rejected.measure, kim(), reason="It proves it")
        assert claims.fresh(rejected.claim).state == "deciding"

    def test_stands_in_the_log_without_names_and_is_replayed(
        self, course: Course, lin: User, ada: User, sam: User
    ) -> None:
        reason = "“Glazes” of Ada Lin Studio copies Glaze chemistry, 2019 of Lin Press"
        first = claims.decide(claims.disputed(lin, sam), sam, "uphold", reason)
        cole = cast.cole()
        claims.decide(claims.filed(cole), sam, "reject", "Nothing of Cole is in it")
        entries = [entry.as_json() for entry in public_log.entries()]
        ours = [entry for entry in entries if entry["action"] in ("uphold", "reject")]
        assert [(entry["action"], entry["rules"], entry["reason"]) for entry in ours] == [
            ("uphold", ["rights/1"], "“▮▮▮” of ▮▮▮ copies ▮▮▮ of ▮▮▮"),
            ("reject", ["rights/1"], "Nothing of ▮▮▮ is in it"),
        ]
        assert all(entry["hours"] is not None for entry in ours)
        held = ("uphold", pseudonyms.of("course", course.pk, "uphold"))
        assert held in replay(entries).in_force
        measures.reverse(first.measure, kim(), reason="Lin Press has licensed it")
        entries = [entry.as_json() for entry in public_log.entries()]
        assert held not in replay(entries).in_force
        assert entries[-1]["reason"] == "▮▮▮ has licensed it"


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    @staticmethod
    def twice(sam: User, *, without_locks: bool) -> list[Any]:
        people = [sam, kim()]
        claim = claims.disputed(cast.lin(), cast.sam())
        verdicts = [Verdict("uphold", "It is"), Verdict("reject", "It is not")]
        seen = [rights.preview(claim, by, wanted).version for by, wanted in zip(people, verdicts, strict=True)]
        with taken_away(meeting("moderation_measure")):
            said = at_once(
                lambda n: rights.decide(claim, people[n], verdicts[n], seen=seen[n]), 2, without_locks=without_locks
            )  # fmt: skip
            return [said, Measure.objects.filter(action__in=["uphold", "reject"]).count()]

    def test_one_verdict_stands_and_the_other_is_told(self, course: Course, sam: User) -> None:
        said, count = self.twice(sam, without_locks=False)
        refused = [each for each in said if isinstance(each, DomainError)]
        assert [each.code for each in refused] == ["claim_moved_on"]
        assert count == 1

    def test_without_the_lock_both_would_stand(self, course: Course, sam: User) -> None:
        said, count = self.twice(sam, without_locks=True)
        assert not any(isinstance(each, DomainError) for each in said)
        assert count == 2


class TestPages:
    def test_a_claim_is_filed_with_a_file_and_answered_on_pages(
        self, course: Course, lin: User, ada: User, sam: User, cole: User, client: Client, settings: Any
    ) -> None:
        address = reverse("rights:file_claim", args=["course", "glazes"])
        settings.RIGHTS_DAYS = 4
        assert client.get(address).status_code == 302
        client.force_login(lin)
        assert address in client.get(course.get_absolute_url()).content.decode()
        assert "within 4 working days" in client.get(address).content.decode()
        assert client.post(address, {"holder": "Lin Press"}).status_code == 422
        sent = {**claims.PROOF, "is_good_faith": "on", "upload": SimpleUploadedFile("a.pdf", b"%PDF-1.7 mine")}
        assert client.post(address, sent).status_code == 302
        claim = RightsClaim.objects.get()
        page, proof = reverse("rights:claim", args=[claim.pk]), reverse("rights:proof", args=[claim.pk])
        client.force_login(ada)
        assert client.get(page).status_code == client.get(proof).status_code == 404
        client.force_login(sam)
        assert b"%PDF-1.7 mine" in b"".join(client.get(proof).streaming_content)  # type: ignore[attr-defined]
        desk = reverse("moderation:rights_claim", args=[claim.pk])
        assert "Lesson 2 is my chapter 4" in client.get(desk).content.decode()
        client.post(reverse("moderation:admit_claim", args=[claim.pk]))
        client.force_login(ada)
        assert client.get(proof).status_code == 200
        assert "Your counter-notice" in client.get(page).content.decode()
        assert client.post(reverse("rights:counter", args=[claim.pk]), {"text": ""}).status_code == 422
        client.post(reverse("rights:counter", args=[claim.pk]), {"text": "Mine"})
        client.force_login(lin)
        assert "Does the dispute go on?" in client.get(page).content.decode()
        client.post(reverse("rights:go_on", args=[claim.pk]), {"text": "Case 7"})
        client.force_login(sam)
        decide = reverse("moderation:decide_claim", args=[claim.pk])
        wrong = {"verdict": "reject", "reason": "No", "hides": "on"}
        assert client.post(decide, wrong).status_code == 422
        told = {"verdict": "uphold", "reason": "Copied", "hides": "on", "income": "creator"}
        assert client.post(decide, told).status_code == 409  # nobody has seen what it does
        weighed = client.post(reverse("moderation:weigh_claim", args=[claim.pk]), told)
        told["effect_version"] = weighed.context["weighed"].version
        assert client.post(decide, told).status_code == 302
        client.force_login(ada)
        assert reverse("reports:appeal", args=[claim.verdict.measure_id]) in client.get(page).content.decode()  # type: ignore[union-attr]
        client.force_login(cole)
        assert client.get(page).status_code == client.get(proof).status_code == 404

    def test_the_same_over_the_api(self, course: Course, lin: User, ada: User, sam: User) -> None:
        api = APIClient()
        api.force_authenticate(lin)
        address = reverse("api-rights-file", args=["course", "glazes"])
        assert api.post(address, {**claims.PROOF, "is_good_faith": False}).status_code == 400
        made = api.post(address, claims.PROOF)
        assert (made.status_code, made.json()["state"]) == (201, "filed")
        pk = made.json()["id"]
        api.force_authenticate(sam)
        assert api.get(reverse("api-moderation-claims")).json()["results"][0]["id"] == pk
        assert api.post(reverse("api-moderation-admit-claim", args=[pk])).status_code == 201
        assert api.post(reverse("api-moderation-admit-claim", args=[pk])).json()["code"] == "claim_moved_on"
        api.force_authenticate(ada)
        assert api.post(reverse("api-rights-counter", args=[pk]), {"text": "Mine"}).status_code == 201
        api.force_authenticate(lin)
        assert api.post(reverse("api-rights-go-on", args=[pk]), {"text": "Case 7"}).status_code == 201
        api.force_authenticate(sam)
        decide = reverse("api-moderation-decide-claim", args=[pk])
        assert api.post(decide, {"verdict": "settle", "reason": "No", "hides": True}).status_code == 400
        sent = {"verdict": "reject", "reason": "Not copied"}
        assert api.post(decide, sent).status_code == 400
        assert api.post(decide, {**sent, "effect_version": "x"}).json()["code"] == "effect_changed"
        weighed = api.post(reverse("api-moderation-weigh-claim", args=[pk]), sent).json()
        assert (weighed["escrow"], weighed["outcome"], weighed["hiding"]) == ([], "creator", None)
        assert [mail["to"] for mail in weighed["mails"]] == [lin.email, ada.email]
        assert api.post(decide, {**sent, "effect_version": weighed["version"]}).status_code == 201
        api.force_authenticate(lin)
        told = api.get(reverse("api-rights-claim", args=[pk])).json()
        assert (told["state"], [step["kind"] for step in told["steps"]]) == (
            "closed", ["admit", "counter", "go_on", "reject"]
        )  # fmt: skip
        assert api.post(reverse("api-rights-withdraw", args=[pk]), {}).json()["code"] == "not_now"

    def test_lists_cost_the_same_for_many(
        self, course: Course, lin: User, sam: User, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(8):
            make_course(title=f"Kiln {number}")
            claims.filed(lin, f"kiln-{number}")
        client.force_login(sam)
        with django_assert_max_num_queries(14):
            assert client.get(reverse("moderation:rights_claims")).status_code == 200


class TestMoney:
    """What becomes of the income is told to whom it goes on and off, with the step itself."""

    def test_the_creator_reads_of_it_at_every_step(self, course: Course, lin: User, ada: User, sam: User) -> None:
        shop.buy(cast.person("Mia"), [course])
        claim = claims.disputed(lin, sam)
        first = mails_of(claim.steps.get(kind=Kind.ADMIT))
        assert "you were not paid yet waits" in first[ada.email]
        assert "waits" not in first[lin.email]
        step = claims.decide(claim, sam, "uphold")
        assert "becomes the claimant's" in mails_of(step)[ada.email]
        assert "becomes the claimant's" not in mails_of(step)[lin.email]
        assert step.measure is not None
        measures.reverse(step.measure, kim(), reason="Licensed")
        last = claim.steps.last()
        assert last is not None
        assert "comes back to you" in mails_of(last)[ada.email]
        assert "goes back to the creator" in mails_of(last)[lin.email]

    @pytest.mark.parametrize(
        ("whose", "words"), [("learners", "gets the money back"), ("creator", "goes on to its creators")]
    )
    def test_by_whose_it_becomes(self, course: Course, lin: User, ada: User, sam: User, whose: str, words: str) -> None:
        shop.buy(cast.person("Mia"), [course])
        claim = claims.disputed(lin, sam)
        wanted = Verdict("uphold", "Copied", income=whose)
        assert any(words in mail.text for mail in rights.preview(claim, sam, wanted).mails if mail.to == ada.email)
        assert words in mails_of(claims.decide(claim, sam, "uphold", income=whose))[ada.email]

    def test_of_none_there_is_no_word(self, course: Course, lin: User, ada: User, sam: User) -> None:
        step = claims.decide(claims.disputed(lin, sam), sam, "uphold")
        assert "becomes the claimant's" not in mails_of(step)[ada.email]

    @pytest.mark.parametrize("end", ["reject", "settle", "withdraw", "lapse"])
    def test_it_waits_no_longer(self, course: Course, lin: User, ada: User, sam: User, end: str) -> None:
        claim = claims.countered(lin, sam)
        if end == "withdraw":
            rights.withdraw(claim, lin)
        elif end == "lapse":
            rights.run_out(is_late(claim))
        else:
            claims.decide(claim, sam, end)
        last = claim.steps.last()
        assert last is not None
        assert "waits for it no longer" in mails_of(last)[ada.email]


class TestMoneyIsToldAsItIs:
    """What nothing waits for, nobody got or another claim takes in is not told as if it came."""

    def overturned(self, step: RightsStep) -> dict[str, str]:
        """By address; each of them was seen before."""
        assert step.measure is not None
        seen = {mail.to: mail.text for mail in measures.preview_reversal(step.measure, kim(), "x").mails}
        measures.reverse(step.measure, kim(), reason="x")
        last = step.claim.steps.last()
        assert last is not None
        sent = mails_of(last)
        assert [to for to, text in sent.items() if seen[to] not in text] == []
        return sent

    @pytest.mark.parametrize("whose", ["claimant", "learners", "creator"])
    def test_overturned_without_any_nothing_comes_back(
        self, course: Course, lin: User, ada: User, sam: User, whose: str
    ) -> None:
        sent = self.overturned(claims.decide(claims.disputed(lin, sam), sam, "uphold", income=whose))
        assert [to for to, text in sent.items() if "back to" in text or "goes" in text] == []

    def test_overturned_the_claimant_loses_only_what_was_hers(
        self, course: Course, lin: User, ada: User, sam: User
    ) -> None:
        shop.buy(cast.person("Mia"), [course])
        for whose, words in (("learners", "goes on to its creators"), ("creator", "")):
            sent = self.overturned(claims.decide(claims.disputed(lin, sam), sam, "uphold", income=whose))
            assert "awarded to you" not in sent[lin.email]
            assert words in sent[ada.email]
            assert "comes back to you" not in sent[ada.email]

    def test_learners_get_it_back_only_where_somebody_bought(
        self, course: Course, lin: User, ada: User, sam: User
    ) -> None:
        step = claims.decide(claims.disputed(lin, sam), sam, "uphold", income="learners")
        assert "money back" not in mails_of(step)[ada.email]

    def test_paid_out_already_it_is_taken_from_the_balance(
        self, course: Course, lin: User, ada: User, sam: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shop.buy(cast.person("Mia"), [course])
        claim = claims.disputed(lin, sam)
        wanted = Verdict("uphold", "Copied", income="learners")
        assert "which may go below zero" in weighing.of(claim, wanted).mails[1].text
        monkeypatch.setattr(income, "in_escrow", lambda claim: [])
        assert "which may go below zero" in mails_of(claims.decide(claim, sam, "uphold", income="learners"))[ada.email]

    def test_nothing_goes_back_before_a_second_person_agrees(
        self, course: Course, lin: User, ada: User, sam: User, settings: Any
    ) -> None:
        settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR = 1
        shop.buy(cast.person("Mia"), [course])
        step = claims.decide(claims.disputed(lin, sam), sam, "uphold", income="learners")
        assert "for a second person to agree" in mails_of(step)[ada.email]
        assert "gets the money back: your part" not in mails_of(step)[ada.email]

    @pytest.mark.parametrize("end", ["reject", "withdraw", "creator", "overturn"])
    def test_another_open_claim_takes_it_in(self, course: Course, lin: User, ada: User, sam: User, end: str) -> None:
        shop.buy(cast.person("Mia"), [course])
        claim, other = claims.disputed(lin, sam), claims.disputed(cast.cole(), sam)
        if end == "withdraw":
            rights.withdraw(claim, lin)
            sent = mails_of(claim.steps.get(kind=Kind.WITHDRAW))
        elif end == "overturn":
            sent = self.overturned(claims.decide(claim, sam, "uphold"))
        elif end == "creator":
            sent = mails_of(claims.decide(claim, sam, "uphold", income="creator"))
        else:
            sent = mails_of(claims.decide(claim, sam, "reject"))
        assert "until it ends the income waits for that one" in sent[ada.email]
        assert "Another claim" not in sent[lin.email]
        sent = mails_of(claims.decide(claims.fresh(other), sam, "reject"))
        assert "Another claim" not in sent[ada.email]


class TestCoAuthors:
    """They are no sides; what becomes of their part of the income they are told all the same."""

    @pytest.fixture
    def bea(self, course: Course, ada: User) -> User:
        bea = make_creator(cast.person("Bea"), "Bea Glazes")
        splits.accept(splits.propose(course, [(bea, 2000)], by=ada), by=bea.user)
        return bea.user

    def test_are_told_when_it_waits_and_when_it_does_no_longer(
        self, course: Course, bea: User, lin: User, sam: User
    ) -> None:
        claim = claims.countered(lin, sam)
        first = mails_of(claim.steps.get(kind=Kind.ADMIT))
        assert "your part of its income" in first[bea.email]
        assert [words for words in ("Glaze chemistry", "Until:", "rights/claims") if words in first[bea.email]] == []
        assert bea.email not in mails_of(claim.steps.get(kind=Kind.COUNTER))
        rights.withdraw(claim, lin, "Between us")
        last = mails_of(claim.steps.get(kind=Kind.WITHDRAW))
        assert "waits for it no longer" in last[bea.email]
        assert "Between us" not in last[bea.email]
        assert Notice.objects.filter(person=bea, kind="moderation/rights_claim").count() == 2

    def test_are_told_whose_it_becomes_and_are_seen_before(
        self, course: Course, bea: User, lin: User, sam: User
    ) -> None:
        shop.buy(cast.person("Mia"), [course])
        claim = claims.disputed(lin, sam)
        wanted = Verdict("uphold", "Copied")
        [letter] = [mail for mail in rights.preview(claim, sam, wanted).mails if mail.to == bea.email]
        step = claims.decide(claim, sam, "uphold", "Copied")
        assert letter.text in mails_of(step)[bea.email]
        assert "becomes the claimant's" in letter.text
        assert "Copied" not in letter.text
        assert step.measure is not None
        ended = measures.preview_reversal(step.measure, kim(), "x")
        [letter] = [mail for mail in ended.mails if mail.to == bea.email]
        measures.reverse(step.measure, kim(), reason="x")
        last = claim.steps.last()
        assert last is not None
        assert letter.text in mails_of(last)[bea.email]
        assert "comes back to you" in letter.text

    def test_who_left_since_is_seen_before_and_told_when_a_claim_is_open_again(
        self, course: Course, bea: User, ada: User, lin: User, sam: User
    ) -> None:
        """Her part of a sale since the verdict is taken in by an escrow that there is none of yet."""
        step = claims.decide(claims.disputed(lin, sam), sam, "reject")
        shop.buy(cast.person("Mia"), [course])
        splits.accept(splits.propose(course, [], by=ada), by=bea)
        assert splits.of(course, clock.now()) == ()
        assert step.measure is not None
        ended = measures.preview_reversal(step.measure, kim(), "x")
        assert bea.email in [mail.to for mail in ended.mails]
        measures.reverse(step.measure, kim(), reason="x")
        last = step.claim.steps.last()
        assert last is not None
        assert {mail.to for mail in ended.mails} >= set(mails_of(last)) >= {bea.email}

    def test_of_a_claim_that_was_never_admitted_they_hear_nothing(
        self, course: Course, bea: User, lin: User, sam: User
    ) -> None:
        claims.decide(claims.filed(lin), sam, "reject")
        assert not Mail.objects.filter(to=bea.email, key__startswith="rights").exists()


class TestASuspendedAccount:
    def test_is_heard_on_either_side(self, course: Course, lin: User, ada: User, sam: User, client: Client) -> None:
        """The clocks of a claim do not stand still for it, and what is not said in time counts against her."""
        claim = claims.admitted(lin, sam)
        for person in (ada, lin):
            curbing.impose("bar", person, by=sam, rule_code="respect", rule_version=1, reason="x")
        for person, act in ((ada, "counter"), (lin, "go_on"), (lin, "withdraw")):
            client.force_login(User.objects.get(pk=person.pk))
            assert client.post(reverse(f"rights:{act}", args=[claim.pk]), {"text": "Mine"}).status_code == 302
        assert kinds(claim) == ["admit", "counter", "go_on", "withdraw"]
        other = claims.admitted(cast.cole(), sam)
        client.force_login(User.objects.get(pk=ada.pk))
        assert client.post(reverse("api-rights-counter", args=[other.pk]), {"text": "Mine"}).status_code == 201
        assert client.post(reverse("rights:file_claim", args=["course", "glazes"]), claims.PROOF).status_code == 403


class TestPrivacy:
    def test_what_was_awarded_to_her_is_hers_before_she_goes(
        self, course: Course, lin: User, ada: User, sam: User
    ) -> None:
        """Later nobody could be paid it, and it would lie there for good."""
        order = shop.buy(cast.person("Mia"), [course])
        claim = claims.disputed(lin, sam)
        claims.decide(claim, sam, "uphold")
        assert [str(told) for told in privacy.holds(lin)] == [
            "Income was awarded to you by a claim of copyright and is not in your balance yet. See the claim for what "
            "is missing, or write to us."
        ]
        clock.advance(timedelta(days=32))
        escrow.follow()
        assert privacy.holds(lin)
        assert not privacy.holds(ada)
        refunds.refund(order, by=cast.fay(), reason="asked")
        shop.send_refunds()
        assert privacy.holds(lin)  # what is awarded is hers, also when the buyer's money has gone back since
        payee = make_creator(lin, "Lin Press")
        row = claims.fresh(claim).escrow
        assert row is not None
        escrow.pay(row, payee)
        assert not privacy.holds(lin)

    def test_what_she_claimed_is_told_and_goes_with_her(self, course: Course, lin: User, ada: User, sam: User) -> None:
        claim = claims.admitted(lin, sam, upload=SimpleUploadedFile("a.pdf", b"%PDF-1.7 mine"))
        assert privacy.holds(lin)
        assert privacy.holds(ada)
        assert privacy.tell(lin).tables["rights_claims"][0]["proof"] == "Lesson 2 is my chapter 4"
        rights.withdraw(claim, lin, "Markerword")
        assert not privacy.holds(lin)
        AccountDeletion.objects.create(user=lin)
        for _twice in range(2):
            privacy.forget(lin)
        kept = claims.fresh(claim)
        assert (kept.holder, kept.work, kept.proof, kept.proof_url, bool(kept.proof_file)) == ("…", "…", "…", "", False)
        assert kept.steps.last().text == "…"

    def test_nobody_s_words_go_while_the_account_stands(self, course: Course, lin: User) -> None:
        claims.filed(lin)
        with pytest.raises(REFUSED), transaction.atomic():
            privacy.forget(lin)


class TestRepeatInfringers:
    @pytest.fixture(autouse=True)
    def _two_are_too_many(self, settings: Any) -> None:
        settings.RIGHTS_STRIKES = 2

    @staticmethod
    def upheld(title: str, by: User, sam: User) -> RightsStep:
        course = make_course(title=title)
        return claims.decide(claims.disputed(by, sam, course.slug), sam, "uphold")

    def test_so_many_upheld_claims_open_a_case_and_do_nothing_else(self, ada: User, lin: User, sam: User) -> None:
        self.upheld("Salt", lin, sam)
        assert not Case.objects.exists()
        self.upheld("Ash", lin, sam)
        case = Case.objects.get()
        assert (case.kind, case.creator, case.severity, case.reports_count) == ("creator", ada.creator, 3, 0)
        ada.creator.refresh_from_db()
        assert ada.creator.suspended_at is None
        self.upheld("Clay", lin, sam)
        assert Case.objects.get().priority == case.priority > 0

    def test_a_person_decides_and_sees_why(self, ada: User, lin: User, sam: User, client: Client) -> None:
        for title in ("Salt", "Ash"):
            self.upheld(title, lin, sam)
        client.force_login(sam)
        page = client.get(reverse("moderation:reported_case", args=[Case.objects.get().pk])).content.decode()
        assert "Upheld claims of copyright" in page
        decide_case(Case.objects.get(), "suspend", sam)
        ada.creator.refresh_from_db()
        assert ada.creator.suspended_at is not None

    def test_neither_old_nor_overturned_ones_count(self, ada: User, lin: User, sam: User) -> None:
        first = self.upheld("Salt", lin, sam)
        measures.reverse(first.measure, kim(), reason="Licensed")
        self.upheld("Ash", lin, sam)
        assert not Case.objects.exists()
        assert strikes.of(ada.creator, timezone.now() + timedelta(days=366)).count() == 0

    def test_others_claims_are_theirs(self, ada: User, lin: User, sam: User) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Glazes")
        self.upheld("Salt", lin, sam)
        make_course(bea, title="Ash")
        claims.decide(claims.disputed(lin, sam, "ash"), sam, "uphold")
        assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestOneTooMany:
    def test_and_a_decision_about_her_do_not_wait_for_each_other(self, ada: User, sam: User, settings: Any) -> None:
        """Each needs her row and her case: both take them in the same order."""
        assert self.met(ada, sam, settings) == ["dismiss", "uphold"]

    def test_with_the_case_before_her_row_they_would(
        self, ada: User, sam: User, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hold_target = measures._hold_target

        def case_first(wish: measures.Wish) -> None:
            assert wish.case is not None
            wish.case.hold()
            hold_target(wish)

        monkeypatch.setattr(measures, "_hold_target", case_first)
        assert "deadlock" in " ".join(self.met(ada, sam, settings))

    @staticmethod
    def met(ada: User, sam: User, settings: Any) -> list[str]:
        settings.RIGHTS_STRIKES = 1
        make_course(title="Salt")
        claim = claims.disputed(cast.cole(), sam, "salt")
        case = report("creator", ada.creator.slug, cast.lin(), rule="honest_person")
        joe = cast.person("Joe", role="moderator")

        def act(n: int) -> Any:
            try:
                if n:
                    return claims.decide(claim, sam, "uphold").kind
                wait_for_somebody_inside()  # the verdict has her row, and not yet her case
                return decide_case(case, "dismiss", joe).action
            except OperationalError as error:
                return str(error)

        with taken_away(meeting("moderation_measure")):
            return at_once(act, 2)


class TestEvidence:
    @pytest.mark.parametrize("kind", ["course", "lesson"])
    def test_no_new_version_takes_it_away(
        self, course: Course, lin: User, ada: User, sam: User, client: Client, kind: str
    ) -> None:
        """Its creator takes the lesson out as soon as she reads of the claim."""
        copied = list(course.live_lessons().exclude(video=None))[-1]
        assert copied.video is not None
        beside(copied.video, ready_video(cast.person("Bea"), name="bowl.mp4"))
        claim = claims.filed(lin, copied.key if kind == "lesson" else course.slug, kind)
        draft = course.open_draft(by=ada)
        draft.lessons.get(key=copied.key).delete()
        publish(draft)
        course.refresh_from_db()
        assert not course.live_lessons().filter(key=copied.key).exists()
        client.force_login(sam)
        page = client.get(reverse("moderation:rights_claim", args=[claim.pk])).content.decode()
        assert "bowl.mp4" in page
        assert "and not any more" in page
        api = APIClient()
        api.force_authenticate(sam)
        [film] = api.get(reverse("api-moderation-rights-claim", args=[claim.pk])).json()["films"]
        assert (film["lesson"], film["is_shown"]) == (str(copied.key), False)

    def test_films_that_run_beside_others_stand_on_the_moderator_s_page(
        self, course: Course, lin: User, ada: User, sam: User, client: Client
    ) -> None:
        lesson = course.live_lessons().exclude(video=None)[0]
        assert lesson.video is not None
        beside(lesson.video, ready_video(cast.person("Bea"), name="bowl.mp4"))
        claim = claims.filed(lin)
        client.force_login(sam)
        page = client.get(reverse("moderation:rights_claim", args=[claim.pk])).content.decode()
        assert "bowl.mp4" in page
        assert lesson.title in page
        # Whoever is claimed against opens a draft: what is shown is shown still.
        draft = course.open_draft(by=ada)
        draft.lessons.get(key=lesson.key).edit(title="Another name")
        page = client.get(reverse("moderation:rights_claim", args=[claim.pk])).content.decode()
        assert lesson.title in page
        assert "Another name" not in page
        assert "and not any more" not in page
        client.force_login(lin)
        assert "bowl.mp4" not in client.get(reverse("rights:claim", args=[claim.pk])).content.decode()
