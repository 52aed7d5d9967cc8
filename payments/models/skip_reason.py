"""Why a run pays nothing to somebody who has a balance, as a code and as a sentence for the creator."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import CURRENCIES, Money


class SkipReason(models.TextChoices):
    BELOW_MINIMUM = "below_minimum", _("Below the minimum")
    CLAIMED = "rights_claimed", _("Waits for a claim")
    GOING_BACK = "refunds_under_way", _("Refunds on their way")
    NEGATIVE = "negative_balance", _("Negative balance")
    NO_ACCOUNT = "no_payout_account", _("No payout account")
    PENDING_ACCOUNT = "payout_account_pending", _("Payout account not finished")
    RESTRICTED_ACCOUNT = "payout_account_restricted", _("Payout account restricted")
    NEEDS_BANK = "currency_by_bank", _("Currency paid by bank order only")
    NEEDS_PROVIDER = "currency_by_provider", _("Currency paid by the provider only")
    CHANGED_ACCOUNT = "payout_account_changed", _("Bank details changed lately")
    ON_HOLD = "on_hold", _("On hold")
    STOPPED = "payouts_stopped", _("Payouts stopped")
    RUN_CAP = "run_cap", _("Over the cap of a run")

    @property
    def needs_action(self) -> bool:
        """Whether the creator herself can remove the reason."""
        return self in (
            SkipReason.NO_ACCOUNT, SkipReason.PENDING_ACCOUNT, SkipReason.RESTRICTED_ACCOUNT, SkipReason.NEEDS_BANK,
        )  # fmt: skip

    def words(self, available: Money, until: datetime | None = None, hold: Any = None) -> str:
        """The reason as a sentence for the creator. `until`: when a reason that time removes is over; `hold`: the
        PayoutHold that stood, which says why.
        """
        if self is SkipReason.ON_HOLD and hold is not None:
            return hold.words(available)
        minimum = Money(CURRENCIES[available.currency].payout_minimum, available.currency)
        facts: dict[str, Any] = {
            "available": available.format(), "minimum": minimum.format(), "currency": available.currency,
            "day": date_format(until, "DATETIME_FORMAT") if until else gettext("three days after the change"),
        }  # fmt: skip
        return _sentence(self) % facts


def _sentence(reason: SkipReason) -> str:
    return {
        SkipReason.BELOW_MINIMUM: gettext(
            "You have %(available)s. We pay out from %(minimum)s; it adds up until then."
        ),
        SkipReason.CLAIMED: gettext(
            "Of your %(available)s a part came back from a payout of a course whose rights somebody claims. It waits "
            "for the decision about the claim; without it less than %(minimum)s is left."
        ),
        SkipReason.GOING_BACK: gettext(
            "Refunds that are on their way take a part of your %(available)s. We pay out when %(minimum)s or more are "
            "left after them."
        ),
        SkipReason.NEGATIVE: gettext("Refunds took back more than you had: %(available)s. Your next sales fill it up."),
        SkipReason.NO_ACCOUNT: gettext("Tell us where to send %(available)s: set up your payout account."),
        SkipReason.PENDING_ACCOUNT: gettext("Your payout account needs more details before we can send %(available)s."),
        SkipReason.RESTRICTED_ACCOUNT: gettext(
            "The payment provider has restricted your payout account. Open it to see what is missing."
        ),
        SkipReason.NEEDS_BANK: gettext(
            "Our payment provider cannot send %(currency)s to you, so we pay it by bank order. Give us your bank "
            "account, and %(available)s is sent by the run after we have confirmed it."
        ),
        SkipReason.NEEDS_PROVIDER: gettext(
            "We pay %(currency)s through our payment provider only, and you are paid by bank order. Your %(available)s "
            "stays yours; write to us to ask how it can reach you."
        ),
        SkipReason.CHANGED_ACCOUNT: gettext(
            "Your bank details were changed. In case that was not you, %(available)s waits until %(day)s."
        ),
        SkipReason.ON_HOLD: gettext(
            "Your payouts are on hold. Your %(available)s stays yours; write to us to ask why."
        ),
        SkipReason.STOPPED: gettext(
            "We have stopped all payouts in %(currency)s for the moment. Your %(available)s stays yours and is sent "
            "by the first run after that."
        ),
        SkipReason.RUN_CAP: gettext(
            "This run had reached its limit for %(currency)s. Your %(available)s is sent by the next one."
        ),
    }[reason]
