from ..sandbox import models as sandbox_tables
from .billing import Billing, BillingDetails
from .cart import CartItem
from .invoice import CreditNote, Invoice, InvoiceSeries
from .ledger import AccountKind, AccountRef, Book, EntryKind, LedgerAccount, LedgerBalance, LedgerEntry, LedgerPosting
from .order import Order
from .order_item import OrderItem
from .payout import Payout
from .payout_account import PayoutAccount
from .payout_hold import PayoutHold
from .payout_item import PayoutItem
from .payout_run import PayoutRun, PayoutSkip, SkipReason
from .provider_event import ProviderEvent
from .reconciliation import ProviderCursor, ProviderMatch, ProviderTransaction, ReconBreak
from .refund import Refund, RefundLine
from .refund_rule import RefundRule
from .revenue_rule import RevenueRule, RuleCode
from .seal import LedgerSeal, LedgerSealLeaves
from .tax_rate import TaxRate
from .watch import BookCheck, Inquiry

__all__ = [
    "BookCheck",
    "CartItem",
    "Inquiry",
    "LedgerSeal",
    "LedgerSealLeaves",
    "ProviderCursor",
    "ProviderMatch",
    "ProviderTransaction",
    "ReconBreak",
    "Billing",
    "BillingDetails",
    "CreditNote",
    "Invoice",
    "InvoiceSeries",
    "Order",
    "OrderItem",
    "ProviderEvent",
    "Refund",
    "RefundLine",
    "RefundRule",
    "sandbox_tables",
    "AccountKind",
    "AccountRef",
    "Book",
    "EntryKind",
    "LedgerAccount",
    "LedgerBalance",
    "LedgerEntry",
    "LedgerPosting",
    "Payout",
    "PayoutAccount",
    "PayoutHold",
    "PayoutItem",
    "PayoutRun",
    "PayoutSkip",
    "RevenueRule",
    "RuleCode",
    "SkipReason",
    "TaxRate",
]
