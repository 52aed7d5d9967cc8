"""What the ledger counts, and what can happen to money."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Book(models.TextChoices):
    LIVE = "live", pgettext_lazy("book", "Live")
    SANDBOX = "sandbox", _("Sandbox")


class Side(models.TextChoices):
    DEBIT = "debit", _("Debit")
    CREDIT = "credit", _("Credit")


class AccountKind(models.TextChoices):
    """What an account counts. The owner, where a kind has one, is a Creator's primary key."""

    STRIPE_CLEARING = "stripe_clearing", _("Money at the payment provider")
    STRIPE_FEES = "stripe_fees", _("Fees of the payment provider")
    PLATFORM_REVENUE = "platform_revenue", _("Platform fees")
    TAX_PAYABLE = "tax_payable", _("Tax to be paid")
    CREATOR_PENDING = "creator_pending", _("Creators: pending")
    CREATOR_AVAILABLE = "creator_available", _("Creators: available")
    CREATOR_RESERVE = "creator_reserve", _("Creators: reserve")
    AFFILIATE_PENDING = "affiliate_pending", _("Affiliates: pending")
    AFFILIATE_AVAILABLE = "affiliate_available", _("Affiliates: available")
    RIGHTS_ESCROW = "rights_escrow", _("Creators: in escrow for a claim")
    RIGHTS_AWARDED = "rights_awarded", _("Awarded to claimants")
    PAYOUT_IN_TRANSIT = "payout_in_transit", _("Creators: in transit")
    DISPUTE_HOLD = "dispute_hold", _("Held in disputes")
    REFUND_EXPENSE = "refund_expense", _("Refunds borne by the platform")
    BAD_DEBT = "bad_debt", _("Bad debt")
    PROMOTIONS = "promotions", _("Discounts borne by the platform")
    DISPUTE_FEES = "dispute_fees", _("Fees of disputes")
    FX_CLEARING = "fx_clearing", _("Money between two currencies")
    FX_GAIN_LOSS = "fx_gain_loss", _("Exchange gains and losses")
    ROUNDING = "rounding", _("Rounding")
    BANK = "bank", _("Money at the bank")
    POOL = "pool", _("Pool of the pass")

    @property
    def side(self) -> Side:
        """The side on which the account normally stands; its balance is shown in that direction."""
        return Side.DEBIT if self in _DEBIT_KINDS else Side.CREDIT

    @property
    def is_owned(self) -> bool:
        """Whether each creator has her own."""
        return self in OWNED_KINDS

    @property
    def is_cached(self) -> bool:
        """Whether its balance is kept in a row of its own, as a payout needs it: to be locked and held to a floor.

        Not so what a sale writes to: all sales of one creator would wait for one row.
        """
        return self in CACHED_KINDS

    @property
    def floor_minor(self) -> int | None:
        """The least that a payout hold may leave; refunds and disputes may go below."""
        return 0 if self in (AccountKind.CREATOR_AVAILABLE, AccountKind.AFFILIATE_AVAILABLE) else None


_DEBIT_KINDS = {
    AccountKind.STRIPE_CLEARING,
    AccountKind.STRIPE_FEES,
    AccountKind.DISPUTE_HOLD,
    AccountKind.REFUND_EXPENSE,
    AccountKind.BAD_DEBT,
    AccountKind.BANK,
    AccountKind.PROMOTIONS,
    AccountKind.DISPUTE_FEES,
    AccountKind.FX_CLEARING,
}
OWNED_KINDS = {
    AccountKind.CREATOR_PENDING,
    AccountKind.CREATOR_AVAILABLE,
    AccountKind.CREATOR_RESERVE,
    AccountKind.RIGHTS_ESCROW,
    AccountKind.AFFILIATE_PENDING,
    AccountKind.AFFILIATE_AVAILABLE,
    AccountKind.PAYOUT_IN_TRANSIT,
}
CACHED_KINDS = {AccountKind.CREATOR_AVAILABLE, AccountKind.CREATOR_RESERVE, AccountKind.PAYOUT_IN_TRANSIT}


class EntryKind(models.TextChoices):
    SALE = "sale", _("Sale")
    FEE = "fee", _("Provider's fee")
    RELEASE = "release", _("Release")
    REFUND = "refund", _("Refund")
    PAYOUT_HOLD = "payout_hold", _("Payout begun")
    PAYOUT_SENT = "payout_sent", _("Payout sent")
    PAYOUT_VOID = "payout_void", _("Payout withdrawn")
    REVERSAL = "reversal", _("Reversal")
    PAYOUT_RETURNED = "payout_returned", _("Payout came back")
    DISPUTE_OUT = "dispute_out", _("Taken by a dispute")
    DISPUTE_FEE = "dispute_fee", _("Fee of a dispute")
    DISPUTE_BACK = "dispute_back", _("Given back by a dispute")
    DISPUTE_LOST = "dispute_lost", _("Dispute lost")
    RESERVE = "reserve", _("Kept in reserve")
    RESERVE_RELEASE = "reserve_release", _("Out of the reserve")
    ADJUSTMENT = "adjustment", _("Adjustment")
    FX = "fx", _("Currency exchanged")
    BANK = "bank", _("To our bank")
    WRITE_OFF = "write_off", _("Written off")
    ESCROW = "escrow", _("Into escrow for a claim")
    ESCROW_BACK = "escrow_back", _("Out of escrow, back to its creator")
    AWARD = "award", _("Out of escrow, to the claimant")
    AWARD_BACK = "award_back", _("Taken back from the claimant")
    AWARD_PAID = "award_paid", _("Income of an upheld claim")
    MADE_GOOD = "made_good", _("Made good by Kezhan")
    TAX_PAID = "tax_paid", _("Paid to a tax office")
    POOL = "pool", _("Out of the pool")
