from .arrivals import urlpatterns as arrivals
from .bank_account import urlpatterns as bank_account
from .bank_orders import urlpatterns as bank_orders
from .bank_returns import urlpatterns as bank_returns
from .bundles import urlpatterns as bundles
from .buying import urlpatterns as buying
from .by_hand import urlpatterns as by_hand
from .coupons import urlpatterns as coupons
from .disputes import urlpatterns as disputes
from .documents import urlpatterns as documents
from .earning_papers import urlpatterns as earning_papers
from .earnings import urlpatterns as earnings
from .finance import urlpatterns as finance
from .instalments import urlpatterns as instalments
from .ledger_accounts import urlpatterns as ledger_accounts
from .memberships import urlpatterns as memberships
from .months import urlpatterns as months
from .payout_desk import urlpatterns as payout_desk
from .pool import urlpatterns as pool
from .promotion import urlpatterns as promotion
from .proof import urlpatterns as proof
from .reconciliation import urlpatterns as reconciliation
from .refunds import urlpatterns as refunds
from .rules import urlpatterns as rules
from .sandbox import urlpatterns as sandbox
from .sandbox_desk import urlpatterns as sandbox_desk
from .tax import urlpatterns as tax
from .tips import urlpatterns as tips
from .years import urlpatterns as years

urlpatterns = [
    *arrivals, *by_hand, *bundles, *buying, *coupons, *disputes, *documents, *earning_papers, *earnings, *finance,
    *bank_account, *bank_orders, *bank_returns, *instalments, *ledger_accounts, *memberships, *months, *payout_desk,
    *pool, *promotion, *proof, *reconciliation, *refunds, *rules, *sandbox, *sandbox_desk, *tax, *tips, *years,
]  # fmt: skip
