"""What ending a decision, or answering an appeal, would do is seen before it is confirmed: people, money, mails."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from moderation import appeals, measures, rights
from moderation.impartial import Partial
from moderation.measures import EndingChanged, NotStanding, ending
from moderation.models import Measure
from moderation.public_log.replay import LASTING
from moderation.rights.verdicts import Verdict
from tests import cast
from tests.community.factories import rate
from tests.courses.factories import make_course
from tests.learners.factories import enroll
from tests.moderation import claims
from tests.moderation.decisions import answer_appeal, confirmed, decide, decide_case, report
from tests.moderation.factories import kim
from tests.moderation.test_measures import refund_all
from tests.payments import shop

pytestmark = pytest.mark.django_db
API = "/api/v1/moderation"


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


def taken_back(course: Course, sam: User) -> Measure:
    """Off the sale and refunded, one learner who had paid and one who had not."""
    shop.buy(cast.lin(), [course])
    enroll(cast.person("Guest"), course, source="staff")
    measure = decide("unpublish", "course", "glazes", sam, rule="fake_learning")
    refund_all()
    return measure


def sent_since(before: set[int]) -> list[tuple[str, str, str]]:
    return list(Mail.objects.exclude(pk__in=before).order_by("pk").values_list("to", "subject", "text"))


def posted() -> set[int]:
    return set(Mail.objects.values_list("pk", flat=True))


def are_sent(found: measures.Ending, sent: list[tuple[str, str, str]]) -> None:
    """Each of these, and besides them nothing that the ending itself says."""
    assert found.mails
    for mail in found.mails:
        assert any((to, subject) == (mail.to, mail.subject) and mail.text in text for to, subject, text in sent), mail
    theirs = {mail.to for mail in found.mails}
    assert len([to for to, _subject, _text in sent if to in theirs]) == len(found.mails)


class TestWhatIsShown:
    def test_is_who_gets_it_back_what_it_costs_and_the_mail(self, course: Course, sam: User, client: Client) -> None:
        measure = taken_back(course, sam)
        found = measures.preview_reversal(measure, sam, "She was right")
        assert (found.courses, found.returning, found.made_good) == (1, 1, (Money(1499, "USD"),))
        client.force_login(sam)
        page = client.post(reverse("moderation:reverse", args=[measure.pk]), {"reason": "She was right"})
        text = page.content.decode()
        for words in ("Learners who get it back", "$14.99", "She was right", cast.ada().email, "is on sale again"):
            assert words in text
        assert Measure.objects.get(pk=measure.pk).is_standing

    def test_changes_nothing_and_can_be_written_anew(self, course: Course, sam: User, client: Client) -> None:
        measure = decide("limit", "course", "glazes", sam)
        client.force_login(sam)
        told = {"reason": "It was her own", "change": "1"}
        page = client.post(reverse("moderation:reverse", args=[measure.pk]), told).content.decode()
        assert "It was her own" in page
        assert 'name="effect_version"' not in page
        assert Measure.objects.get(pk=measure.pk).is_standing

    def test_is_how_many_learners_have_it_in_the_open_again(self, course: Course, sam: User, lin: User) -> None:
        shop.buy(lin, [course])
        key = course.live_lessons()[0].key
        for action, kind, of in (("limit", "course", "glazes"), ("hide", "lesson", key)):
            found = measures.preview_reversal(decide(action, kind, of, sam), sam, "x")
            assert (found.learners, found.courses, found.money) == (1, 1, ())
        suspended = decide("suspend", "creator", course.creator.slug, sam)
        found = measures.preview_reversal(suspended, sam, "x")
        assert (found.learners, found.courses) == (1, 1)

    def test_says_in_words_what_comes_back_of_everything_that_lasts(self, course: Course, sam: User, client: Client):
        assert {*ending.BACK} == LASTING - {"uphold"}
        said = rate(cast.person("Mia"), course, 1, text="The creator is a fool.")
        muted = decide("mute", "person", f"rating-{said.pk}", sam, rule="respect", days=7)
        found = measures.preview_reversal(muted, sam, "x")
        assert not found.does_nothing
        client.force_login(sam)
        page = client.post(reverse("moderation:reverse", args=[muted.pk]), {"reason": "x"}).content.decode()
        assert "This person can write to others again." in page
        assert "Nothing but the mails" not in page

    def test_of_a_warning_is_its_mail_alone(self, course: Course, sam: User) -> None:
        found = measures.preview_reversal(decide("warn", "course", "glazes", sam), sam, "x")
        assert found.does_nothing
        assert [mail.to for mail in found.mails] == [cast.ada().email]

    def test_is_nobody_s_but_who_may_end_it(self, course: Course, ada: User, sam: User) -> None:
        measure = decide("warn", "course", "glazes", sam)
        cast.give_role(ada, "moderator")
        with pytest.raises(Partial):
            measures.preview_reversal(measure, User.objects.get(pk=ada.pk), "x")
        measures.reverse(measure, sam, reason="x")
        with pytest.raises(NotStanding):
            measures.preview_reversal(Measure.objects.get(pk=measure.pk), sam, "x")

    def test_is_how_many_who_reported_it_hear_of_it(self, course: Course, sam: User, lin: User) -> None:
        case = report("course", "glazes", lin)
        report("course", "glazes", "203.0.113.9")  # whom no mail reaches
        measure = decide_case(case, "warn", sam)
        assert measures.preview_reversal(measure, sam, "x").told == 1
        appeal = appeals.make(measure, cast.ada(), "x")
        assert [appeals.preview(appeal, kim(), verdict=each, reason="x").told for each in ("upheld", "overturned")] == [
            0, 1,
        ]  # fmt: skip


class TestTheMails:
    @pytest.mark.parametrize("action", ["warn", "limit", "unpublish"])
    def test_of_what_is_taken_back_are_those_that_are_sent(self, course: Course, sam: User, action: str) -> None:
        measure, before = decide(action, "course", "glazes", sam), posted()
        found = measures.preview_reversal(measure, sam, "  It was hers ")
        measures.reverse(measure, sam, reason="  It was hers ", seen=found.version)
        are_sent(found, sent_since(before))

    @pytest.mark.parametrize("verdict", ["upheld", "overturned"])
    def test_of_an_answer_are_those_that_are_sent(self, course: Course, ada: User, sam: User, verdict: str) -> None:
        appeal = appeals.make(decide("unpublish", "course", "glazes", sam), ada, "x")
        before = posted()
        found = appeals.preview(appeal, kim(), verdict=verdict, reason="Looked at")
        assert [mail.to for mail in found.mails] == [ada.email]
        assert found.does_nothing == (verdict == "upheld")
        appeals.answer(appeal, kim(), verdict=verdict, reason="Looked at", seen=found.version)
        are_sent(found, sent_since(before))

    @pytest.mark.parametrize("verdict", ["uphold", "reject", "reject unseen"])
    @pytest.mark.parametrize("by_appeal", [False, True])
    def test_of_a_claim_go_to_both_sides(self, course: Course, sam: User, verdict: str, by_appeal: bool) -> None:
        """Also what was decided with it ends, and its owner reads of that."""
        shop.buy(cast.lin(), [course])
        nora = cast.person("Nora")
        claim = claims.filed(nora) if verdict == "reject unseen" else claims.disputed(nora, sam)
        step = claims.decide(claim, sam, verdict.split()[0], hides=verdict == "uphold")
        assert step.measure is not None
        before = posted()
        if by_appeal:
            appeal = appeals.make(step.measure, step.measure.owner, "x")
            before = posted()
            found = appeals.preview(appeal, kim(), verdict="overturned", reason="Wrong")
            appeals.answer(appeal, kim(), verdict="overturned", reason="Wrong", seen=found.version)
        else:
            found = measures.preview_reversal(step.measure, sam, "Wrong")
            measures.reverse(step.measure, sam, reason="Wrong", seen=found.version)
        are_sent(found, sent_since(before))
        assert bool(found.given_back) == (verdict == "uphold")

    def test_of_a_verdict_hold_the_award(self, course: Course, sam: User) -> None:
        shop.buy(cast.lin(), [course])
        claim = claims.disputed(cast.cole(), sam)
        weighed = rights.preview(claim, sam, Verdict("uphold", "Hers"))
        assert "Income is awarded to you: Glazes" in [mail.subject for mail in weighed.mails]
        before = posted()
        claims.decide(claim, sam, "uphold", "Hers")
        assert len(sent_since(before)) == len(weighed.mails)


class TestConfirmed:
    def test_is_what_was_seen(self, course: Course, sam: User, client: Client) -> None:
        """Meanwhile one more refund has happened, which the platform would make good too."""
        shop.buy(cast.lin(), [course])
        measure = decide("unpublish", "course", "glazes", sam, rule="fake_learning")
        client.force_login(sam)
        address = reverse("moderation:reverse", args=[measure.pk])
        seen = client.post(address, {"reason": "x"}).context["ending"].version
        refund_all()
        answer = client.post(address, {"reason": "x", "effect_version": seen})
        assert answer.status_code == 409
        assert "$14.99" in answer.content.decode()
        told = {"reason": "x", "effect_version": answer.context["ending"].version}
        assert client.post(address, told).status_code == 302
        assert not Measure.objects.get(pk=measure.pk).is_standing

    def test_an_answer_says_what_was_read(self, course: Course, ada: User, sam: User, client: Client) -> None:
        appeal = appeals.make(decide("warn", "course", "glazes", sam), ada, "x")
        seen = appeals.preview(appeal, kim(), verdict="upheld", reason="Looked at").version
        for other in ({"verdict": "overturned", "reason": "Looked at"}, {"verdict": "upheld", "reason": "No"}):
            with pytest.raises(EndingChanged):
                appeals.answer(appeal, kim(), **other, seen=seen)
        client.force_login(kim())
        address = reverse("moderation:answer_appeal", args=[appeal.pk])
        told = {"verdict": "upheld", "reason": "Looked at"}
        assert client.post(address, {**told, "effect_version": "stale"}).status_code == 409
        assert confirmed(client, address, told).status_code == 302

    @pytest.mark.parametrize("verdict", ["upheld", "overturned"])
    def test_no_answer_is_put_off_by_a_name_or_a_language(self, course: Course, sam: User, verdict: str) -> None:
        """Neither by whom it goes against, nor by the other side of a claim."""
        appeal = appeals.make(decide("warn", "course", "glazes", sam), cast.ada(), "x")
        step = claims.decide(claims.disputed(cast.cole(), sam), sam, "uphold")
        assert step.measure is not None
        seen = appeals.preview(appeal, kim(), verdict=verdict, reason="x")
        seen_of_claim = measures.preview_reversal(step.measure, sam, "x")
        for name in ("Ada", "Cole"):
            User.objects.filter(name=name).update(name="Nobody", language="zh-hans", email=f"{name}@new.example.com")
        anew = type(appeal).objects.get(pk=appeal.pk)
        assert appeals.preview(anew, kim(), verdict=verdict, reason="x").mails != seen.mails
        assert appeals.answer(anew, kim(), verdict=verdict, reason="x", seen=seen.version).verdict == verdict
        kept = Measure.objects.get(pk=step.measure.pk)
        assert measures.preview_reversal(kept, sam, "x").mails != seen_of_claim.mails
        measures.reverse(kept, sam, reason="x", seen=seen_of_claim.version)

    def test_what_is_written_to_its_owner_is_what_was_read(self, course: Course, sam: User) -> None:
        measure = decide("warn", "course", "glazes", sam)
        seen = measures.preview_reversal(measure, sam, "It was hers").version
        with pytest.raises(EndingChanged):
            measures.reverse(measure, sam, reason="Another reason", seen=seen)

    def test_after_its_time_was_up_an_appeal_costs_the_sellers_money_alone(self, course: Course, sam: User) -> None:
        measure = taken_back(course, sam)
        appeal = appeals.make(measure, cast.ada(), "x")
        measures.reverse(measure, None, reason="Over", cause=Measure.Cause.EXPIRED)
        found = appeals.preview(appeal, kim(), verdict="overturned", reason="x")
        assert (found.courses, found.made_good, len(found.mails)) == (0, (Money(1499, "USD"),), 1)
        answer_appeal(appeal, kim(), verdict="overturned", reason="x")

    def test_over_the_api_too(self, course: Course, ada: User, sam: User) -> None:
        api = APIClient()
        api.force_authenticate(kim())
        appeal = appeals.make(decide("warn", "course", "glazes", sam), ada, "x")
        _confirmed(api, f"{API}/appeals/{appeal.pk}/answer/", {"verdict": "upheld", "reason": "x"})
        _confirmed(api, f"{API}/measures/{appeal.measure_id}/reverse/", {"reason": "x"})


def _confirmed(api: APIClient, address: str, told: dict[str, Any]) -> None:
    assert api.post(address, told).status_code == 400
    stale = api.post(address, {**told, "effect_version": "stale"})
    assert (stale.status_code, stale.json()["code"]) == (409, "effect_changed")
    weighed = api.post(f"{address}weigh/", told).json()
    assert weighed["mails"][0]["to"] == cast.ada().email
    assert weighed["version"] == stale.json()["effect_version"]
    assert api.post(address, {**told, "effect_version": weighed["version"]}).status_code == 201
