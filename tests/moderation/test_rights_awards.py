"""A claimant who was awarded income is told, by page and mail, how she is paid; also one who is no creator."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import curbing
from accounts.models import ApiToken, Notice, User
from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from moderation import appeals, measures, privacy, tasks
from moderation.models import RightsClaim
from moderation.rights import awards, being_paid
from payments import escrow, invariants, onboarding, refunds
from payments.models import AccountKind, EscrowedShare, OrderItem, PayoutAccount
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.moderation import claims
from tests.moderation.decisions import answer_appeal
from tests.moderation.factories import kim
from tests.moderation.test_rights_income import A_HOLD, SHARE, awarded, of, released
from tests.payments import sales, shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


def upheld(course: Course, sam: User, **more: Any) -> Any:
    released(cast.lin(), course)
    return claims.decide(claims.disputed(cast.cole(), sam), sam, "uphold", **more)


def made_final(step: Any, ada: User) -> None:
    answer_appeal(appeals.make(step.measure, ada, "No"), kim(), verdict="upheld", reason="It stands")


def page_of(claim: RightsClaim, reader: User, client: Client) -> str:
    client.force_login(reader)
    return client.get(reverse("rights:claim", args=[claim.pk])).content.decode()


def mails(kind: str) -> list[str]:
    return list(Notice.objects.filter(kind=f"moderation/{kind}").order_by("id").values_list("key", flat=True))


def test_the_verdict_says_what_is_awarded_and_what_is_hers_to_do(
    course: Course, ada: User, sam: User, client: Client
) -> None:
    step = upheld(course, sam)
    assert len(mails("rights_award")) == 1
    mail = Mail.objects.get(key=f"rights-award:{step.pk}")
    assert mail.to == cast.cole().email
    assert "make a creator's profile" in mail.text
    page = page_of(step.claim, cast.cole(), client)
    assert "How you are paid" in page
    assert "$14.99" in page
    assert reverse("creators:become") in page.partition('id="award"')[2]
    assert "How you are paid" not in page_of(step.claim, ada, client), "the other side has no part in it"


def test_nothing_is_said_of_an_award_where_there_is_none(course: Course, sam: User, client: Client) -> None:
    step = upheld(course, sam, income="creator")
    assert mails("rights_award") == []
    assert "How you are paid" not in page_of(step.claim, cast.cole(), client)


def test_step_by_step_until_it_is_in_her_balance(course: Course, ada: User, sam: User) -> None:
    step = upheld(course, sam)
    stages = [stage_of(step)]
    tasks.follow_claims()
    assert mails("rights_award") == [f"rights-award:{step.pk}"], "it may still be overturned"
    cole = make_creator(cast.cole(), "Cole Glazes")
    stages.append(stage_of(step))
    sales.ready_account(cole)
    stages.append(stage_of(step))
    tasks.follow_claims()
    assert of(cole, AccountKind.CREATOR_AVAILABLE) == 0
    made_final(step, ada)
    stages.append(stage_of(step))
    tasks.follow_claims()
    stages.append(stage_of(step))
    assert stages == ["profile", "account", "verdict", "hold", "paid"]
    assert (awarded(), of(cole, AccountKind.CREATOR_AVAILABLE)) == (0, SHARE)
    assert len(mails("rights_award_paid")) == 1
    assert "$14.99" in Notice.objects.get(kind="moderation/rights_award_paid").words["en"]["text"]
    assert [found for found in invariants.breaks().values() if found] == []


def stage_of(step: Any) -> str:
    found = awards.of(claims.fresh(step.claim))
    assert found is not None
    return found.stage.value


def test_who_has_no_profile_is_reminded_once_when_it_is_final(course: Course, ada: User, sam: User) -> None:
    step = upheld(course, sam)
    made_final(step, ada)
    for _bell in range(3):
        tasks.follow_claims()
    assert mails("rights_award") == [f"rights-award:{step.pk}", f"rights-award-waits:{step.pk}"]
    assert awarded() == SHARE, "it waits for her"


def test_she_is_not_reminded_again_when_the_notice_has_gone(course: Course, ada: User, sam: User) -> None:
    step = upheld(course, sam)
    made_final(step, ada)
    tasks.follow_claims()
    Notice.objects.all().delete()
    assert awards.remind() == 0
    tasks.follow_claims()
    assert mails("rights_award") == []


class TestOfASuspendedClaimant:
    """Without a profile nobody pays her, and while the award waits she may not leave."""

    BANK = {"country": "GB"}

    def resting(self, sam: User) -> User:
        curbing.impose("bar", cast.cole(), by=sam, rule_code="respect", rule_version=1, reason="Insults")
        return User.objects.get(pk=cast.cole().pk)

    def test_makes_a_profile_and_says_where_payouts_go(
        self, course: Course, ada: User, sam: User, client: Client
    ) -> None:
        step = upheld(course, sam)
        cole = self.resting(sam)
        assert privacy.holds(cole)
        client.force_login(cole)
        assert client.post(reverse("creators:become"), {"name": "Cole Glazes"}).status_code == 302
        begun = client.post(reverse("payments:payout_account"))
        assert "onboarding" in begun["Location"]
        assert client.post(begun["Location"], {"action": "finish"}).status_code in (200, 302)
        cole = User.objects.get(pk=cole.pk)
        account = PayoutAccount.objects.of(cole.creator)
        assert account is not None
        assert onboarding.refresh(account).is_active
        made_final(step, ada)
        tasks.follow_claims()
        assert of(cole.creator, AccountKind.CREATOR_AVAILABLE) == SHARE
        assert privacy.holds(cole) == []
        assert client.post(reverse("payments:payout_account")).status_code == 302, "it has still to be sent"

    def test_so_over_the_api(self, course: Course, ada: User, sam: User) -> None:
        upheld(course, sam)
        plain = ApiToken.objects.issue(user=self.resting(sam), label="phone")
        client = Client(HTTP_AUTHORIZATION=f"Bearer {plain}")
        made = client.post(reverse("api-creators"), {"name": "Cole Glazes"}, "application/json")
        assert made.status_code == 201
        assert client.post(reverse("api-payout-account"), {}, "application/json").status_code == 200
        given = client.post(reverse("api-bank-account"), self.BANK, "application/json")
        assert given.json()["code"] != "account_rests"
        assert client.patch(reverse("api-creator", args=[made.json()["slug"]]), {}).json()["code"] == "account_rests"

    @pytest.mark.parametrize("end", ["never", "overturned"])
    def test_without_an_award_it_stays_shut(
        self, course: Course, ada: User, sam: User, client: Client, end: str
    ) -> None:
        if end == "overturned":
            measures.reverse(upheld(course, sam).measure, kim(), reason="A license was found")
        cole = self.resting(sam)
        client.force_login(cole)
        for name in being_paid.NAMES - {"payments:sandbox_onboarding"}:
            assert client.post(reverse(name), {"name": "Cole Glazes"}).status_code == 403, name
        assert not Creator.objects.filter(user=cole).exists()


def test_an_older_sale_that_is_paid_after_a_newer_one_is_told(course: Course, ada: User, sam: User) -> None:
    cole = make_creator(cast.cole(), "Cole Glazes")
    older, newer = (shop.buy(cast.person(name), [course]).items.get() for name in ("Nell", "Lin"))
    step = claims.decide(claims.disputed(cole.user, sam), sam, "uphold")
    made_final(step, ada)
    OrderItem.objects.filter(pk=older.pk).update(hold_until=clock.now() + 2 * A_HOLD)
    for _sale in (newer, older):
        clock.advance(A_HOLD * 3 / 2)
        escrow.follow()
        tasks.follow_claims()
    assert of(cole, AccountKind.CREATOR_AVAILABLE) == 2 * SHARE
    assert len(mails("rights_award_paid")) == 2


class TestOfWhatWentBackToItsBuyers:
    """Every sale was given back before the verdict, or while its hold went on."""

    def given_back(self, order: Any, fay: User) -> None:
        refunds.refund(order, by=fay, reason="asked")
        shop.send_refunds()

    def test_no_mail_says_that_it_is_awarded(self, course: Course, sam: User, fay: User, ada: User) -> None:
        order = shop.buy(cast.lin(), [course])
        claim = claims.disputed(cast.cole(), sam)
        self.given_back(order, fay)
        claims.decide(claim, sam, "uphold")
        assert mails("rights_award") == []

    def test_nobody_is_told_that_it_waits_or_is_paid(
        self, course: Course, sam: User, fay: User, ada: User, client: Client
    ) -> None:
        order = shop.buy(cast.lin(), [course])
        step = claims.decide(claims.disputed(cast.cole(), sam), sam, "uphold")
        self.given_back(order, fay)
        clock.advance(A_HOLD)
        escrow.follow()
        made_final(step, ada)
        assert EscrowedShare.objects.awarded().exists(), "the share is awarded, with nothing left of it"
        tasks.follow_claims()
        assert mails("rights_award") == [f"rights-award:{step.pk}"]
        assert stage_of(step) == "nothing"
        assert "Nothing is left to pay" in page_of(step.claim, cast.cole(), client)


def test_a_sale_after_the_first_payment_is_told_again(course: Course, ada: User, sam: User) -> None:
    cole = make_creator(cast.cole(), "Cole Glazes")
    released(cast.lin(), course)
    shop.buy(cast.person("Nell"), [course])
    step = claims.decide(claims.disputed(cole.user, sam), sam, "uphold")
    made_final(step, ada)
    for _sale in range(2):
        tasks.follow_claims()
        tasks.follow_claims()
        clock.advance(A_HOLD)
        escrow.follow()
    assert of(cole, AccountKind.CREATOR_AVAILABLE) == 2 * SHARE
    assert len(mails("rights_award_paid")) == 2


def test_overturned_the_page_has_nothing_to_promise(course: Course, ada: User, sam: User, client: Client) -> None:
    step = upheld(course, sam)
    measures.reverse(step.measure, kim(), reason="A license was found")
    assert awards.of(claims.fresh(step.claim)) is None
    assert "How you are paid" not in page_of(step.claim, cast.cole(), client)
    assert awards.remind() == 0


def test_the_api_tells_the_claimant_alone(course: Course, ada: User, sam: User, client: Client) -> None:
    step = upheld(course, sam)
    address = f"/api/v1/rights/{step.claim_id}/"
    answers = [
        client.get(address, headers={"Authorization": f"Bearer {ApiToken.objects.issue(person, 'test')}"}).json()
        for person in (cast.cole(), ada)
    ]
    assert answers[0]["award"]["stage"] == "profile"
    assert answers[0]["award"]["awarded"] == [Money(SHARE, "USD").as_json()]
    assert answers[1]["award"] is None
