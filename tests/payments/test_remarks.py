"""What machines note for finance and the sandbox's desk refuses is said in the reader's language, facts and all."""

from collections.abc import Callable

import pytest
from django.utils import translation

from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from marketplace.lib.sentences import Sentences
from payments import checkout, payout_returns, payouts, remarks
from payments.models import Order, Payout, ReconBreak
from payments.reconciliation import running
from payments.sandbox import desk
from payments.sandbox.models import SandboxPayment, SandboxTransaction, SandboxTransfer
from tests import cast
from tests.payments import shop
from tests.payments.sales import creator_named, pass_hold, ready_account, sell, submit_all
from tests.payments.test_coupon_pages import api_of, client_of

pytestmark = pytest.mark.django_db
CHINESE = "zh-hans"


def is_said(text: str) -> bool:
    """In Chinese, with every number and name of it."""
    with translation.override(CHINESE):
        said = remarks.said(text)
    return any("\u4e00" <= letter <= "\u9fff" for letter in said) and all(
        word in said for word in text.replace(":", " ").split() if any(letter.isdigit() for letter in word.strip("(),"))
    )


class TestSentences:
    forms = Sentences(("%(id)s was %(said)s", "order %(id)s: %(why)s"))

    def test_the_first_form_that_fits_says_the_facts(self) -> None:
        assert self.forms.said("ch_1 was sent") == "ch_1 was sent"
        assert self.forms.said("order K1: ch_1 was sent") == "order K1: ch_1 was sent"

    @pytest.mark.parametrize("text", ["", "She paid twice", "100 % of it", "%(id)s", "a\nb was c d"])
    def test_what_has_no_form_stands_as_it_is(self, text: str) -> None:
        assert self.forms.said(text) == text


def wrong_amount(change: dict[str, object]) -> Order:
    order = shop.start(cast.lin(), shop.two_courses())
    shop.pay(order)
    SandboxPayment.objects.update(**change)
    shop.deliver_all()
    order.refresh_from_db()
    return order


def paid_order() -> Order:
    return shop.buy(cast.lin(), shop.two_courses())


def by_a_second_charge() -> str:
    order = paid_order()
    order.refresh_from_db()
    Order.objects.filter(pk=order.pk).update(charge_id="ch_other")
    checkout.settle(order)
    order.refresh_from_db()
    return order.flag_reason


def by_a_refund_that_fails() -> str:
    order = paid_order()
    desk.on_charge(order.charge_id or "", "refund", amount=1999)
    shop.deliver_all()
    desk.on_charge(order.charge_id or "", "fail_refund")
    shop.deliver_all()
    order.refresh_from_db()
    return order.flag_reason


def by_a_refund_of_no_item() -> str:
    order = paid_order()
    desk.on_charge(order.charge_id or "", "refund", amount=17)
    shop.deliver_all()
    order.refresh_from_db()
    return order.flag_reason


def by_a_payout_that_came_back() -> str:
    ada = creator_named("Ada")
    sell(ada)
    sell(creator_named("Funder"))
    ready_account(ada)
    pass_hold()
    payouts.run(None)
    submit_all()
    transfer = SandboxTransfer.objects.get()
    transfer.take_back(500, {})
    payout_returns.take_transfer(transfer.pk)
    return Payout.objects.get().flag_reason


FLAGS: dict[str, Callable[[], str]] = {
    "wrong amount": lambda: wrong_amount({"amount": 1}).flag_reason,
    "wrong currency": lambda: wrong_amount({"currency": "jpy"}).flag_reason,
    "second charge": by_a_second_charge,
    "refund that failed": by_a_refund_that_fails,
    "refund of no item": by_a_refund_of_no_item,
    "payout that came back": by_a_payout_that_came_back,
}


@pytest.mark.parametrize("what", FLAGS)
def test_what_is_flagged_is_said(what: str) -> None:
    flag = FLAGS[what]()
    assert flag
    assert is_said(flag), flag


def test_what_a_comparison_finds_is_said() -> None:
    paid_order()
    wrong_amount({"amount": 3})
    SandboxTransaction.objects.move("adjustment", 5, "usd", "adj_1")
    SandboxTransaction.objects.move("climate_order_purchase", 7, "usd", "new_1")
    pass_hold()
    running.run()
    notes = list(ReconBreak.objects.values_list("note", flat=True))
    assert len(notes) >= 3
    assert [note for note in notes if not is_said(note)] == []


def test_pages_mails_and_the_api_say_it_in_the_readers_language(fay, settings) -> None:
    order = wrong_amount({"amount": 1})
    row = ReconBreak.objects.get()
    assert is_said(row.note)
    with translation.override(CHINESE):
        flag, note = remarks.said(order.flag_reason), remarks.said(row.note)
    client = client_of(fay)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = CHINESE
    assert flag in client.get(order.get_absolute_url()).content.decode()
    assert flag in client.get("/finance/orders/").content.decode()
    assert note in client.get("/finance/reconciliation/").content.decode()
    assert order.flag_reason in client_of(fay).get(order.get_absolute_url()).content.decode()
    assert row.note in Mail.objects.get(key=f"break:{row.pk}:{fay.pk}").text


def test_the_desk_of_the_sandbox_refuses_in_the_readers_language() -> None:
    order = paid_order()
    desk.on_charge(order.charge_id or "", "refund")
    with translation.override(CHINESE):
        for act in ("refund", "nothing of the kind"):
            with pytest.raises(desk.NotAtTheDesk) as refused:
                desk.on_charge(order.charge_id or "", act)
            assert any("\u4e00" <= letter <= "\u9fff" for letter in str(refused.value)), act


def test_the_api_says_what_is_wrong_with_an_order_in_the_readers_language(lin) -> None:
    api = api_of(lin)
    asks: list[dict[str, object]] = [{}, {"courses": ["nothing-of-the-kind"]}]
    for asked in asks:
        answer = api.post("/api/v1/orders/", asked, format="json", headers={"accept-language": CHINESE})
        assert answer.status_code == 400
        assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.content.decode()), asked


def test_amounts_of_a_note_stand_as_they_were_noted() -> None:
    text = f"asked for {Money(4999, 'USD')}, charged {Money(1, 'USD')} (session: {Money(4999, 'USD')})"
    assert remarks.said(text) == text
