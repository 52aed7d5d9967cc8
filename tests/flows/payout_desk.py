"""What stands in the addresses of the payout desk."""

from typing import Any

from accounts.models import User
from marketplace.lib import clock
from payments import bank_accounts, bank_orders
from payments.models import BankOrder, BankReturn, Payout, PayoutAccount, PayoutHold, PayoutRun, PayoutStop, ReserveRule
from tests import cast
from tests.payments.sales import PRICE, creator_named


def objects(payout: Payout, fay: User) -> dict[str, Any]:
    stop = PayoutStop.objects.place(by=fay, currency="KWD", reason="Looked at")
    rule = ReserveRule.objects.place(by=fay, creator=payout.creator, bps=500, days=30, reason="Looked at")
    of_payout = [
        *(f"payments:{act}_payout" for act in ("approve", "decline", "withdraw")), "payments:settle_payout_flag",
        *(f"api-payout-{act}" for act in ("approve", "decline", "withdraw", "settle-flag")),
    ]  # fmt: skip
    of_run = ["api-payout-run-payouts", "api-payout-run-skips"]
    return {
        **{f"{name}:pk": payout.pk for name in of_payout},
        **{f"{name}:pk": payout.run_id for name in of_run},
        "payments:lift_stop:pk": stop.pk, "api-payout-stop-lift:pk": stop.pk,
        "payments:end_reserve:pk": rule.pk, "api-reserve-rule-end:pk": rule.pk,
        **_at_the_bank(fay),
    }  # fmt: skip


def _at_the_bank(fay: User) -> dict[str, Any]:
    """Mei is paid by bank: one set of details confirmed, one waiting; one payout in a file."""
    mei = creator_named("Mei")
    mei.edit({"country": "CN"})
    values = {
        "holder": "Mei", "number": "6222021234567890", "bank_code": "ICBKCNBJ", "bank_name": "ICBC", "country": "CN",
    }  # fmt: skip
    bank_accounts.confirm(bank_accounts.give(mei, by=mei.user, values=values), by=fay)
    account = PayoutAccount.objects.get(creator=mei)
    run = PayoutRun.objects.start(book=account.book, by=fay, as_of=clock.now())
    Payout.objects.begin(run=run, account=account, amount=PRICE, at=run.as_of)
    file = bank_orders.make_file(run, "USD", by=fay)
    facts = {"kind": "sent_back", "reference": "R-1", "reason": "Account closed"}
    back = BankReturn.objects.note(BankOrder.objects.get(), by=cast.person("Gil", role="finance"), **facts)
    waiting = bank_accounts.give(mei, by=mei.user, values=values)
    hold = PayoutHold.objects.place(creator=mei, by=fay, rule_code="risk", reason="Looked at")
    return {
        "payments:note_payout_return:pk": back.order.payout_id, "api-payout-return:pk": back.order.payout_id,
        "payments:confirm_payout_return:pk": back.pk, "payments:decline_payout_return:pk": back.pk,
        "api-payout-return-confirm:pk": back.pk, "api-payout-return-decline:pk": back.pk,
        "api-payout-hold-lift:pk": hold.pk,
        "payments:make_bank_file:pk": run.pk, "payments:bank_file:pk": file.pk, "payments:form": "csv",
        "payments:answer_bank_order:pk": BankOrder.objects.get().pk,
        "api-bank-files:pk": run.pk, "api-bank-order-answer:pk": BankOrder.objects.get().pk,
        "api-bank-details-confirm:pk": waiting.pk, "api-bank-details-refuse:pk": waiting.pk,
        "payments:confirm_bank_details:pk": waiting.pk, "payments:refuse_bank_details:pk": waiting.pk,
    }  # fmt: skip
