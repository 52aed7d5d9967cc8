"""Data pages of orders, of what was booked and of what was paid out.

Not here: what opens a door (tokens, the secret of a seal), bank numbers and tax identities, what a buyer gave for her
invoice, prints of cards; and the sandbox's own tables, which have a console.
"""

from marketplace.lib.admin import show

from .models import (
    BankAnswer,
    BankFile,
    BankOrder,
    BankReturn,
    BankReturnVerdict,
    BookCheck,
    Bundle,
    BundleOffering,
    BundlePrice,
    Coupon,
    CouponUse,
    CourseEscrow,
    CourseSplit,
    CreditNote,
    Dispute,
    DisputeEvidence,
    EscrowedShare,
    Invoice,
    ItemShare,
    LedgerAccount,
    LedgerBalance,
    LedgerCheckpoint,
    LedgerEntry,
    LedgerPosting,
    LedgerSeal,
    MadeGood,
    MakingGood,
    MeterReading,
    MonthClose,
    Order,
    OrderItem,
    Payout,
    PayoutAccount,
    PayoutApproval,
    PayoutHold,
    PayoutItem,
    PayoutRun,
    PayoutSkip,
    PayoutStop,
    PromoterStop,
    ProviderEvent,
    ProviderMatch,
    ProviderTransaction,
    ReconBreak,
    Referral,
    Refund,
    RefundLine,
    RefundRule,
    RefundShare,
    ReleasedShare,
    Reserve,
    ReserveRule,
    RevenueRule,
    SplitLine,
    TaxPayment,
    TaxRate,
    Tip,
    TipStop,
    YearReport,
)

# Sales
show(
    Order, "number buyer book state currency total_minor placed_at paid_at", search="number buyer__email",
    filters="book state", without="token checkout_url",
)  # fmt: skip
show(
    OrderItem,
    "order course creator price_minor creator_minor granted_at refunded_at",
    search="order__number course_title",
)
show(ItemShare, "item kind owner amount_minor bps", search="item__order__number", filters="kind")
# What a paper says of its buyer stands on the paper, which finance opens.
show(Invoice, "number order issued_at", search="number order__number", without="snapshot")
show(CreditNote, "number invoice refund issued_at", search="number invoice__number", without="snapshot")
show(Coupon, "code kind creator bearer seats_taken cap_total starts_at ends_at ended_at", search="code creator__name")
show(CouponUse, "coupon order state reserved_at used_at released_at", search="coupon__code order__number")
show(Bundle, "title creator price_minor currency is_offered made_at", search="title slug creator__name")
show(BundlePrice, "bundle price_minor currency set_by set_at", search="bundle__slug")
show(BundleOffering, "bundle is_offered by at", search="bundle__slug")
show(Referral, "code owner kind course made_at ended_at", search="code owner__name", filters="kind")
show(PromoterStop, "creator placed_by placed_at lifted_by lifted_at", search="creator__name")
show(CourseSplit, "course made_by made_at agreed_at holds_from closed_at", search="course__slug")
show(SplitLine, "split creator bps accepted_at declined_at", search="split__course__slug creator__name")
show(Tip, "order shows_name noted_at", search="order__number")
show(TipStop, "creator placed_by placed_at lifted_by lifted_at", search="creator__name")
show(RevenueRule, "code platform_bps affiliate_bps starts_at introduced_by introduced_at", search="code")
show(RefundRule, "starts_at whole_days whole_bps part_days part_bps introduced_by introduced_at")
show(TaxPayment, "country currency amount_minor period paid_by paid_on reference", search="country reference")
show(TaxRate, "country name bps starts_at introduced_by introduced_at", search="country name")
# Money back
show(Refund, "order amount_minor cause origin state requested_by requested_at settled_at", search="order__number")
show(RefundLine, "refund item amount_minor ends_access failed_at", search="refund__order__number")
show(RefundShare, "line kind owner amount_minor", search="owner__name", filters="kind")
show(MeterReading, "refund item kind amount_minor read_at", search="refund__order__number", filters="kind")
show(Dispute, "order provider_dispute_id book state amount_minor opened_at closed_at", search="order__number")
show(DisputeEvidence, "dispute kind submitted_by at sent_at refused_at", without="fields")
show(CourseEscrow, "course cause opened_by opened_at closed_at outcome settled_at", search="course__slug")
show(EscrowedShare, "escrow owner currency amount_minor given_minor taken_at end ended_at", search="owner__name")
show(MakingGood, "origin ordered_by ordered_at closed_at", search="origin")
show(MadeGood, "making owner currency amount_minor made_at", search="owner__name")
# The ledger
show(LedgerAccount, "kind book owner_id currency normal_side floor_minor", search="owner_id", filters="book kind")
show(LedgerBalance, "account amount_minor last_posting_id")
show(LedgerCheckpoint, "account amount_minor through_posting_id")
show(LedgerEntry, "idem_key kind book occurred_at created_at reverses", search="idem_key", filters="book kind")
show(LedgerPosting, "entry account currency amount_minor", search="entry__idem_key")
show(LedgerSeal, "book day entries hash sealed_at", search="hash", filters="book", without="secret")
show(MonthClose, "book month closed_by closed_at hash", filters="book")
show(
    YearReport, "creator year currency version issued_by issued_at", search="creator__name", without="identity content"
)
show(BookCheck, "name ran_at breaks", search="name")
# Payouts
show(PayoutAccount, "creator book rail state opened_at active_at rests_until", search="creator__name", filters="rail")
show(PayoutRun, "id book as_of started_by started_at paid_count skipped_count", filters="book")
show(PayoutSkip, "run creator currency available_minor reason", search="creator__name", filters="reason")
show(
    Payout, "id creator run book rail state currency amount_minor created_at sent_at", search="creator__name",
    filters="state rail book", without="token destination",
)  # fmt: skip
show(PayoutItem, "payout share amount_minor freed")
show(PayoutApproval, "payout by approves at", search="by__email")
show(PayoutHold, "creator rule_code placed_by placed_at lifted_by lifted_at", search="creator__name")
show(PayoutStop, "book currency placed_by placed_at lifted_by lifted_at")
show(ReleasedShare, "share owner book currency amount_minor", search="owner__name")
show(ReserveRule, "creator bps days placed_by placed_at ended_by ended_at", search="creator__name")
show(Reserve, "rule owner currency amount_minor kept_at due_at returned_at", search="owner__name")
show(BankFile, "id run currency orders_count total_minor made_by made_at")
show(BankOrder, "file payout")
show(BankAnswer, "order by at executed reference", search="reference")
show(BankReturn, "order kind noted_by noted_at reference", search="reference")
show(BankReturnVerdict, "back by at confirms")
# The provider
show(ProviderEvent, "type event_id book received_at outcome", search="event_id type object_id", without="body")
show(ProviderTransaction, "id type source amount_minor fee_minor currency created", search="id source", filters="book")
show(ProviderMatch, "entry transaction matched_at", search="entry__idem_key")
show(ReconBreak, "kind key book amount_minor currency found_at resolved_by resolved_at", search="key", filters="kind")
