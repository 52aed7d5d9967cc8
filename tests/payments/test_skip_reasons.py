"""Why somebody is not paid is said to her in a sentence, whatever the reason and the language."""

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from rest_framework.test import APIClient

from accounts.models import Notice, User
from creators.models import Creator
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import holds, payouts
from payments.models import PayoutHold, PayoutSkip, SkipReason
from tests.moderation.decisions import decide
from tests.payments.sales import creator_named, pass_hold, ready_account, sell


@pytest.mark.parametrize("reason", list(SkipReason))
def test_each_reason_has_its_sentence_in_both_languages(reason: SkipReason) -> None:
    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said[language] = reason.words(Money(1234, "USD"))
    assert said["en"].endswith(".")
    assert said["zh-hans"].endswith("。")
    assert not [words for words in said.values() if "%(" in words]


@pytest.fixture
def ada_creates(db: None) -> Creator:
    """With something to be paid."""
    ada = creator_named("Ada")
    sell(ada)
    pass_hold()
    ready_account(ada)
    return ada


def page_of(person: User, language: str = "en", page: str = "payouts/") -> str:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = language
    return client.get(f"/studio/earnings/{page}").content.decode().replace("&#x27;", "'")


CAUSES = {
    "risk": ("Our finance team", "sales of yours look unusual", "写信"),
    "disputes": ("Our finance team", "banks dispute their payments", "银行"),
    "identity": ("Our finance team", "it is not clear who you are", "身份"),
    "legal": ("Our finance team", "an authority has ordered it", "机关"),
    "content": ("A moderator", "what you publish is under review", "申诉"),
}


class TestOnHold:
    def test_each_rule_has_its_cause(self) -> None:
        assert set(CAUSES) == set(PayoutHold.Rule.values)

    @pytest.mark.parametrize("rule", [rule for rule, _label in PayoutHold.of_finance()])
    def test_page_mail_notice_and_api_say_who_holds_since_when_and_why(
        self, ada_creates: Creator, fay: User, rule: str
    ) -> None:
        who, why, in_chinese = CAUSES[rule]
        hold = holds.place(creator=ada_creates, by=fay, rule_code=rule, reason="Secret suspicion")
        payouts.run(None)
        said = [page_of(ada_creates.user), page_of(ada_creates.user, page="")]
        mail = Mail.objects.get(key=f"payouts-held:{hold.pk}")
        notice = Notice.objects.get(key=f"payouts-held:{hold.pk}")
        api = APIClient()
        api.force_authenticate(ada_creates.user)
        told = api.get("/api/v1/earnings/").json()
        assert told["hold"]["rule"] == rule
        for text in [*said, mail.text, notice.words["en"]["text"], told["hold"]["words"], str(told["balances"])]:
            assert who in text
            assert why in text
            assert "Secret" not in text
        assert all("stays yours" in text for text in said)
        assert in_chinese in page_of(ada_creates.user, "zh-hans")
        assert in_chinese in notice.words["zh-hans"]["text"]

    def test_content_is_not_finance_s_to_judge(self, ada_creates: Creator, fay: User) -> None:
        with pytest.raises(NotAllowed):
            holds.place(creator=ada_creates, by=fay, rule_code="content", reason="x")
        assert "content" not in dict(PayoutHold.of_finance())

    def test_a_past_run_s_reason_is_that_of_the_hold_that_stood_then(self, ada_creates: Creator, fay: User) -> None:
        first = holds.place(creator=ada_creates, by=fay, rule_code="risk", reason="x")
        payouts.run(None)
        holds.lift(first, by=fay, reason="fine")
        holds.place(creator=ada_creates, by=fay, rule_code="legal", reason="x")
        assert PayoutSkip.objects.get().hold == first
        assert "look unusual" in page_of(ada_creates.user)
        assert "an authority has ordered it" in page_of(ada_creates.user, page="")

    def test_a_moderator_s_says_when_it_ends_by_itself(self, ada_creates: Creator, sam: User) -> None:
        hold = decide("hold", "creator", ada_creates.slug, sam, days=7).payout_hold
        assert hold is not None
        assert hold.until is not None
        who, why, in_chinese = CAUSES["content"]
        assert who in hold.cause
        assert why in hold.cause
        assert f"It ends on {date_format(hold.until, 'DATE_FORMAT')} at the latest." in page_of(
            ada_creates.user, page=""
        )
        assert in_chinese in page_of(ada_creates.user, "zh-hans", page="")

    def test_a_rule_that_is_on_the_list_no_more_still_says_that_there_is_a_hold(
        self, ada_creates: Creator, fay: User
    ) -> None:
        holds.place(creator=ada_creates, by=fay, rule_code="of_old", reason="x")
        assert "Our finance team has held your payouts since" in page_of(ada_creates.user, page="")

    def test_who_is_free_again_is_told(self, ada_creates: Creator, fay: User) -> None:
        hold = holds.place(creator=ada_creates, by=fay, rule_code="risk", reason="x")
        holds.lift(hold, by=fay, reason="fine")
        assert Notice.objects.get(key=f"payouts-free:{hold.pk}").words["en"]["title"] == "Your payouts go on"

    def test_a_skip_for_another_reason_names_no_hold(self, db: None) -> None:
        sell(creator_named("Bea"))
        pass_hold()
        payouts.run(None)
        assert PayoutSkip.objects.get().hold is None
