"""What creators are written about their sales and payouts."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from creators.models import Creator
from marketplace.lib import links

from . import finance_mails
from .mail_buttons import to_earnings
from .models import BankDetails, BankReturn, Payout, PayoutAccount, PayoutHold, PayoutRun, PayoutSkip


def sent(payout: Payout) -> None:
    _to_earnings(f"payout-sent:{payout.pk}", payout.creator.user, "payout_sent", {"payout": payout})


def failed(payout: Payout) -> None:
    _to_earnings(f"payout-failed:{payout.pk}", payout.creator.user, "payout_failed", {"payout": payout})


def action_needed(skip: PayoutSkip) -> None:
    """Once a week and currency at most, however many runs there are."""
    year, week, _day = skip.run.as_of.isocalendar()
    key = f"payout-action:{skip.creator_id}:{skip.currency}:{year}-{week}"
    _to_earnings(key, skip.creator.user, "payout_action_needed", {"skip": skip})


def held(hold: PayoutHold) -> None:
    _to_earnings(f"payouts-held:{hold.pk}", hold.creator.user, "payouts_held", {"hold": hold})


def hold_lifted(hold: PayoutHold) -> None:
    _to_earnings(f"payouts-free:{hold.pk}", hold.creator.user, "payouts_free", {"hold": hold})


def approvals_wanted(run: PayoutRun) -> None:
    """One mail a run to everybody of finance but who started it, when payouts wait for a second person."""
    waiting = list(run.payouts.waiting().select_related("creator").order_by("-amount_minor")[:10])
    if waiting:
        context = {"run": run, "count": run.payouts.waiting().count(), "payouts": waiting}
        _to_finance(f"payouts-waiting:{run.pk}", "payouts_waiting", context, but=run.started_by_id)


def flagged(payout: Payout) -> None:
    """Somebody of finance must look at this payout: each remark is told, so when it was made stands in the key."""
    _to_finance(f"payout-flagged:{payout.pk}:{payout.flagged_at:%Y%m%d%H%M%S%f}", "payout_flagged", {"payout": payout})


def bank_return_noted(back: BankReturn) -> None:
    """To finance, but not to who noted it: a second person looks at the bank."""
    context = {"payout": back.order.payout, "row": back}
    _to_finance(f"bank-return:{back.pk}", "bank_return_to_confirm", context, but=back.noted_by_id)


def came_back(payout: Payout, back: BankReturn) -> None:
    context = {"payout": payout, "row": back, "never_left": back.kind == BankReturn.Kind.NEVER_LEFT}
    _to_earnings(f"payout-returned:{payout.pk}", payout.creator.user, "payout_returned", context)


def bank_details_given(details: BankDetails) -> None:
    """To the creator herself, in case it was not she; and to finance, who must look at them."""
    _to_earnings(f"bank-given:{details.pk}", details.given_by, "bank_details_given", {"details": details})
    _to_finance(
        f"bank-to-confirm:{details.pk}", "bank_details_to_confirm", {"details": details}, but=details.given_by_id
    )


def bank_details_decided(details: BankDetails) -> None:
    user = details.account.creator.user
    _to_earnings(f"bank-decided:{details.pk}", user, "bank_details_decided", {"details": details})


def turned_back(account: PayoutAccount) -> None:
    """To the creator, in case she did not ask for it. Each time, so the day stands in the key."""
    key = f"payouts-turned-back:{account.pk}:{account.rests_until:%Y%m%d%H%M%S}"
    _to_earnings(key, account.creator.user, "payouts_turned_back", {"row": account})


def sold(order: Any, owner: Creator, shares: list[Any]) -> None:
    """One notice an order to everybody who has a share of it: as creator, as co-author, as promoter."""
    context = {"order": order, "shares": shares, "hold_until": shares[0].item.hold_until}
    _to_earnings(f"sale:{order.pk}:{owner.pk}", owner.user, "sale_notice", context)


def _to_finance(key: str, template: str, context: dict[str, Any], but: int | None = None) -> None:
    where = links.absolute(reverse("payments:payout_desk"))
    button = {"action_url": where, "action_label": _("Open the payout desk")}
    finance_mails.tell(key, template, {**context, **button}, but=[] if but is None else [but])


def _to_earnings(key: str, to: User, template: str, context: dict[str, Any]) -> None:
    notices.tell(key, to, f"payments/{template}", {**context, **to_earnings()})
