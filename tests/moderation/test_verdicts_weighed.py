"""What a verdict on a claim would do is seen before it is confirmed; what has changed since is seen again."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from marketplace.lib.emails import Mail
from moderation import measures, rights
from moderation.measures import SeniorNeeded
from moderation.models import Measure, RefundWave, RightsClaim
from moderation.models.rule import COMMENT_PERIOD
from moderation.rights import income
from moderation.rights.verdicts import EverybodyIsRefunded, Verdict, VerdictChanged
from payments import escrow, refunds
from tests import cast
from tests.courses.factories import make_course
from tests.moderation import claims
from tests.moderation.decisions import decide
from tests.moderation.rules import announce
from tests.moderation.test_measures import refund_all
from tests.payments import shop

pytestmark = pytest.mark.django_db
TO_CLAIMANT = Verdict("uphold", "It is hers", hides=True)
TO_LEARNERS = Verdict("uphold", "It is hers", income="learners")


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


@pytest.fixture
def claim(course: Course, lin: User, sam: User) -> RightsClaim:
    shop.buy(lin, [course])
    return claims.disputed(cast.cole(), sam)


class TestWhatIsShown:
    def test_is_escrow_learners_sales_and_every_mail(self, claim: RightsClaim, sam: User, client: Client) -> None:
        client.force_login(sam)
        told: dict[str, Any] = {"verdict": "uphold", "reason": "It is hers", "hides": "on", "income": "claimant"}
        page = client.post(reverse("moderation:weigh_claim", args=[claim.pk]), told).content.decode()
        assert "The income in escrow becomes the claimant" in page
        assert "$14.99" in page
        assert "1 learner has it." in page
        assert [address in page for address in (cast.cole().email, cast.ada().email)] == [True, True]
        told["income"] = "learners"
        page = client.post(reverse("moderation:weigh_claim", args=[claim.pk]), told).content.decode()
        assert "Sales given back" in page
        assert "$19.99" in page
        back = client.post(reverse("moderation:rights_claim", args=[claim.pk]), told).content.decode()
        assert "It is hers" in back

    def test_changes_nothing(self, claim: RightsClaim, sam: User) -> None:
        for wanted in (TO_CLAIMANT, TO_LEARNERS, Verdict("reject", "No"), Verdict("settle", "Both")):
            rights.preview(claim, sam, wanted)
        assert claims.fresh(claim).state == "deciding"
        assert not claim.steps.exclude(measure=None).exists()

    def test_are_the_mails_that_are_sent(self, claim: RightsClaim, sam: User) -> None:
        weighed = rights.preview(claim, sam, TO_CLAIMANT)
        rights.decide(claim, sam, TO_CLAIMANT, seen=weighed.version)
        sent = list(Mail.objects.values_list("to", "subject", "text"))
        for mail in weighed.mails:
            assert any((to, subject) == (mail.to, mail.subject) and mail.text in text for to, subject, text in sent)


class TestConfirmed:
    def test_is_what_was_seen(self, claim: RightsClaim, sam: User) -> None:
        with pytest.raises(VerdictChanged):
            rights.decide(claim, sam, TO_CLAIMANT, seen="")
        seen = rights.preview(claim, sam, TO_CLAIMANT).version
        with pytest.raises(VerdictChanged):
            rights.decide(claim, sam, TO_LEARNERS, seen=seen)
        assert claims.fresh(claim).state == "deciding"
        assert rights.decide(claim, sam, TO_CLAIMANT, seen=seen).hiding is not None

    @pytest.mark.parametrize("wanted", [TO_CLAIMANT, TO_LEARNERS, Verdict("reject", "No"), Verdict("settle", "Both")])
    def test_no_side_puts_it_off_by_buying_and_giving_back(
        self, claim: RightsClaim, course: Course, sam: User, wanted: Verdict
    ) -> None:
        """Nor does a busy course: each sale adds to what waits."""
        before = rights.preview(claim, sam, wanted)
        order = shop.buy(claim.claimant, [course])
        escrow.follow()
        more = rights.preview(claim, sam, wanted)
        assert more.escrow[0].minor == 2 * before.escrow[0].minor
        refunds.refund(order, by=cast.person("Fay", role="finance"), reason="asked")
        shop.send_refunds()
        assert rights.preview(claim, sam, wanted).escrow == before.escrow
        assert rights.decide(claim, sam, wanted, seen=more.version).kind == wanted.kind

    def test_the_first_money_that_is_awarded_is_seen_before(self, course: Course, lin: User, sam: User) -> None:
        claim = claims.disputed(cast.cole(), sam)
        before = rights.preview(claim, sam, TO_CLAIMANT)
        shop.buy(lin, [course])
        escrow.follow()
        with pytest.raises(VerdictChanged) as caught:
            rights.decide(claim, sam, TO_CLAIMANT, seen=before.version)
        assert [amount.currency for amount in caught.value.weighed.escrow] == ["USD"]

    @pytest.mark.parametrize("wanted", [TO_CLAIMANT, TO_LEARNERS, Verdict("reject", "No"), Verdict("settle", "Both")])
    def test_no_side_puts_it_off_by_her_name_or_language(self, claim: RightsClaim, sam: User, wanted: Verdict) -> None:
        """A script could do so each second, and the mails read otherwise each time."""
        seen = rights.preview(claim, sam, wanted)
        for side in (claim.claimant, claim.owner):
            User.objects.filter(pk=side.pk).update(
                name="Nobody", language="zh-hans", email=f"new-{side.pk}@example.com"
            )
        claim = claims.fresh(claim)
        assert rights.preview(claim, sam, wanted).mails != seen.mails
        assert rights.decide(claim, sam, wanted, seen=seen.version).kind == wanted.kind

    def test_the_moderator_s_words_are_part_of_what_was_seen(self, claim: RightsClaim, sam: User) -> None:
        seen = rights.preview(claim, sam, Verdict("reject", "No")).version
        with pytest.raises(VerdictChanged):
            rights.decide(claim, sam, Verdict("reject", "Another reason"), seen=seen)

    def test_a_page_that_is_stale_shows_it_anew(self, claim: RightsClaim, sam: User, client: Client) -> None:
        client.force_login(sam)
        told = {"verdict": "reject", "reason": "No", "effect_version": "stale"}
        answer = client.post(reverse("moderation:decide_claim", args=[claim.pk]), told)
        assert answer.status_code == 409
        told["effect_version"] = answer.context["weighed"].version
        assert client.post(reverse("moderation:decide_claim", args=[claim.pk]), told).status_code == 302

    def test_money_is_a_senior_s_to_award_and_to_take_back(self, claim: RightsClaim, sam: User) -> None:
        joe = cast.person("Joe", role="moderator")
        for wanted in (TO_CLAIMANT, TO_LEARNERS):
            with pytest.raises(SeniorNeeded):
                rights.preview(claim, joe, wanted)
            with pytest.raises(SeniorNeeded):
                rights.decide(claim, joe, wanted, seen="")
        assert rights.preview(claim, joe, Verdict("uphold", "Hers", income="creator")).outcome == "creator"
        step = claims.decide(claim, sam, "uphold")
        assert step.measure is not None
        with pytest.raises(SeniorNeeded):
            measures.reverse(step.measure, joe, reason="No")

    def test_where_nothing_was_earned_any_moderator_upholds(self, course: Course, sam: User) -> None:
        joe = cast.person("Joe", role="moderator")
        assert claims.decide(claims.disputed(cast.cole(), sam), joe, "uphold").kind == "uphold"


class TestUnderAWordingThatTakesTheCourseFromItsLearners:
    """Taking it off the sale gives everybody the money back: nothing is left to award, and no second refund to ask."""

    @pytest.fixture(autouse=True)
    def _wording(self, course: Course) -> None:
        with time_machine.travel(timezone.now() - COMMENT_PERIOD - timedelta(days=2), tick=False):
            announce("rights", ends_access=True)

    @pytest.mark.parametrize("whose", ["creator", "claimant"])
    def test_what_everybody_gets_back_is_nobody_else_s(self, claim: RightsClaim, sam: User, whose: str) -> None:
        """Else the second factor were not asked for, and an award stood beside the refund."""
        wanted = Verdict("uphold", "It is hers", hides=True, income=whose)
        with pytest.raises(EverybodyIsRefunded):
            rights.preview(claim, sam, wanted)
        with pytest.raises(EverybodyIsRefunded):
            rights.decide(claim, sam, wanted, seen="")
        assert claims.decide(claim, sam, "uphold", income=whose).refunding is None

    def test_everybody_is_refunded_once(self, claim: RightsClaim, sam: User, client: Client) -> None:
        wanted = Verdict("uphold", "It is hers", hides=True, income="learners")
        weighed = rights.preview(claim, sam, wanted)
        assert weighed.refunding is None
        assert weighed.giving_back == weighed.hiding
        client.force_login(sam)
        told = {"verdict": "uphold", "reason": "It is hers", "hides": "on", "income": "learners"}
        page = client.post(reverse("moderation:weigh_claim", args=[claim.pk]), told).content.decode()
        assert "Sales given back" in page
        step = rights.decide(claim, sam, wanted, seen=weighed.version)
        assert step.refunding == step.hiding
        assert RefundWave.objects.get().measure == step.hiding
        refund_all()
        income.follow()
        escrowed = claims.fresh(claim).escrow
        assert escrowed is not None
        assert escrowed.closed_at is not None
        assert step.measure is not None
        measures.reverse(step.measure, sam, reason="Wrong")
        assert not Measure.objects.standing().exists()

    def test_what_is_off_the_sale_already_is_refunded_by_itself(
        self, claim: RightsClaim, course: Course, sam: User
    ) -> None:
        decide("unpublish", "course", "glazes", sam, rule="honest_title")
        step = claims.decide(claim, sam, "uphold", hides=True, income="learners")
        assert (step.hiding, step.refunding is not None) == (None, True)
