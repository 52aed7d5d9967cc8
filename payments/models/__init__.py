from ..sandbox import models as sandbox_tables
from .after_refund import AfterRefund
from .after_sale import AfterSale
from .arrival import Arrival, ArrivalPayer, ArrivalStep
from .asked import Asked
from .bank_details import BankDetails
from .bank_file import BankAnswer, BankFile, BankOrder
from .bank_return import BankReturn, BankReturnVerdict
from .billing import Billing, BillingDetails
from .bundle import Bundle
from .bundle_rows import BundleCourse, BundleOffering, BundlePrice
from .card_trace import CardTrace
from .cart import CartItem
from .coupon import Coupon
from .coupon_use import CouponUse
from .course_escrow import CourseEscrow, EscrowedShare
from .course_split import CourseSplit, SplitLine
from .currency_rail import CurrencyRail
from .customer_release import CustomerRelease
from .dispute import Dispute
from .dispute_evidence import AlreadyAnswered, DisputeEvidence
from .hand_payment import HandPayment, HandRefund
from .income_month import AccountMonth, IncomeMonth, Role, RollupMark
from .instalment import InstalmentPlan
from .instalment_charge import InstalmentCharge, MeansRelease
from .instalment_offer import InstalmentOffer
from .invoice import CreditNote, Invoice, InvoiceSeries
from .item_share import ItemShare, ShareKind
from .kept_charge import KeptCharge, KeptRelease
from .ledger import AccountRef, LedgerAccount, LedgerBalance, LedgerEntry, LedgerPosting
from .ledger_checkpoint import LedgerCheckpoint
from .ledger_kinds import AccountKind, Book, EntryKind
from .listing import MembershipCourse, PassListing
from .made_good import MadeGood, MakingGood
from .membership import Membership
from .membership_charge import MembershipCharge, MembershipRelease
from .membership_closing import MembershipClosing
from .membership_month import MembershipMonth, MembershipOpening
from .membership_offer import MembershipOffer
from .meter_reading import MeterReading
from .month_close import MonthClose
from .order import Order
from .order_item import OrderItem
from .payment_way import PaymentWay
from .payment_way_verdict import PaymentWayVerdict
from .payout import Payout
from .payout_account import PayoutAccount, RailCode
from .payout_approval import PayoutApproval
from .payout_hold import PayoutHold
from .payout_item import PayoutItem
from .payout_run import PayoutRun, PayoutSkip
from .payout_stop import PayoutStop
from .plan_pause import PlanPause
from .pool import PoolDivision, PoolMonth, PoolPart, PoolView
from .promoter_stop import PromoterStop
from .provider_event import ProviderEvent
from .reconciliation import ProviderCursor, ProviderMatch, ProviderTransaction, ReconBreak
from .referral import Referral, ReferralDay
from .refund import Refund
from .refund_line import RefundLine, RefundShare
from .refund_rule import RefundRule
from .released_share import ReleasedShare
from .reserve import Reserve, ReserveRule
from .revenue_rule import RevenueRule, RuleCode
from .rule_announcement import RuleAnnouncement
from .seal import LedgerSeal, LedgerSealLeaves, SealedAccount
from .skip_reason import SkipReason
from .tax_identity import TaxIdentity
from .tax_payment import TaxPayment
from .tax_rate import TaxRate
from .tip import Tip, TipStop
from .watch import BookCheck, Inquiry
from .year_report import YearReport, YearRound

__all__ = [
    "AfterRefund",
    "AfterSale",
    "AccountMonth",
    "AlreadyAnswered",
    "Arrival",
    "ArrivalPayer",
    "ArrivalStep",
    "Asked",
    "HandPayment",
    "HandRefund",
    "PaymentWay",
    "PaymentWayVerdict",
    "Dispute",
    "DisputeEvidence",
    "BookCheck",
    "BankAnswer",
    "BankDetails",
    "BankFile",
    "BankOrder",
    "BankReturn",
    "BankReturnVerdict",
    "Bundle",
    "BundleCourse",
    "BundleOffering",
    "BundlePrice",
    "PayoutApproval",
    "PoolDivision",
    "PoolMonth",
    "PoolPart",
    "PoolView",
    "PayoutStop",
    "RailCode",
    "ReleasedShare",
    "Reserve",
    "ReserveRule",
    "IncomeMonth",
    "Role",
    "RollupMark",
    "CardTrace",
    "CartItem",
    "Coupon",
    "CouponUse",
    "CourseEscrow",
    "CourseSplit",
    "CurrencyRail",
    "CustomerRelease",
    "EscrowedShare",
    "PromoterStop",
    "Referral",
    "ReferralDay",
    "SplitLine",
    "Inquiry",
    "LedgerSeal",
    "LedgerSealLeaves",
    "SealedAccount",
    "ProviderCursor",
    "ProviderMatch",
    "ProviderTransaction",
    "ReconBreak",
    "Billing",
    "BillingDetails",
    "CreditNote",
    "InstalmentCharge",
    "InstalmentOffer",
    "InstalmentPlan",
    "Invoice",
    "InvoiceSeries",
    "ItemShare",
    "Order",
    "OrderItem",
    "ProviderEvent",
    "PlanPause",
    "Refund",
    "RefundLine",
    "RefundRule",
    "RefundShare",
    "ShareKind",
    "sandbox_tables",
    "AccountKind",
    "AccountRef",
    "Book",
    "EntryKind",
    "LedgerAccount",
    "LedgerBalance",
    "LedgerCheckpoint",
    "LedgerEntry",
    "LedgerPosting",
    "MadeGood",
    "MakingGood",
    "MeansRelease",
    "KeptCharge",
    "KeptRelease",
    "Membership",
    "MembershipCharge",
    "MembershipClosing",
    "MembershipCourse",
    "MembershipMonth",
    "MembershipOffer",
    "MembershipOpening",
    "MembershipRelease",
    "PassListing",
    "MeterReading",
    "MonthClose",
    "Payout",
    "PayoutAccount",
    "PayoutHold",
    "PayoutItem",
    "PayoutRun",
    "PayoutSkip",
    "RevenueRule",
    "RuleAnnouncement",
    "RuleCode",
    "SkipReason",
    "TaxIdentity",
    "TaxPayment",
    "TaxRate",
    "Tip",
    "TipStop",
    "YearReport",
    "YearRound",
]
