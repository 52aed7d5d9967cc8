from django.urls import path

from .bundle_urls import urlpatterns as bundle_addresses
from .dispute_urls import urlpatterns as dispute_addresses
from .document_urls import urlpatterns as document_addresses
from .earning_urls import urlpatterns as earning_urls
from .hand_urls import urlpatterns as hand_addresses
from .instalment_urls import urlpatterns as instalment_addresses
from .membership_urls import urlpatterns as membership_addresses
from .month_urls import urlpatterns as month_addresses
from .payout_urls import urlpatterns as payout_addresses
from .pool_urls import urlpatterns as pool_addresses
from .promotion_urls import urlpatterns as promotion_urls
from .proof_urls import urlpatterns as proof_addresses
from .refund_urls import urlpatterns as refund_addresses
from .tip_urls import urlpatterns as tip_addresses
from .views import (
    buying,
    cart,
    earnings,
    finance,
    ledger_accounts,
    orders,
    sandbox_console,
    sandbox_desk,
    sandbox_pages,
    webhook,
)
from .year_urls import urlpatterns as year_addresses

app_name = "payments"
urlpatterns = [
    path("cart/", cart.cart, name="cart"),
    path("cart/add/", cart.cart_add, name="cart_add"),
    path("cart/remove/", cart.cart_remove, name="cart_remove"),
    path("checkout/", buying.checkout_page, name="checkout"),
    path("checkout/return/", buying.checkout_return, name="checkout_return"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<slug:number>/", orders.order, name="order"),
    path("finance/orders/", orders.finance_orders, name="finance_orders"),
    path("finance/orders/<slug:number>/settle/", orders.settle_order_flag, name="settle_order_flag"),
    path("webhooks/stripe/", webhook.stripe_webhook, name="stripe_webhook"),
    path("sandbox/", sandbox_console.sandbox, name="sandbox"),
    path("sandbox/clock/", sandbox_console.sandbox_clock, name="sandbox_clock"),
    path("sandbox/faults/", sandbox_console.sandbox_fault, name="sandbox_fault"),
    path("sandbox/faults/<int:pk>/remove/", sandbox_console.sandbox_remove_fault, name="sandbox_remove_fault"),
    path("sandbox/weather/", sandbox_console.sandbox_weather, name="sandbox_weather"),
    path("sandbox/keys/forget/", sandbox_console.sandbox_forget_keys, name="sandbox_forget_keys"),
    path("sandbox/events/<slug:act>/", sandbox_desk.sandbox_events, name="sandbox_events"),
    path("sandbox/events/<slug:event_id>/<slug:act>/", sandbox_desk.sandbox_event, name="sandbox_event"),
    path("sandbox/charges/<slug:charge_id>/<slug:act>/", sandbox_desk.sandbox_charge, name="sandbox_charge"),
    path("sandbox/disputes/<slug:dispute_id>/<slug:act>/", sandbox_desk.sandbox_dispute, name="sandbox_dispute"),
    path("sandbox/transfers/<slug:transfer_id>/reverse/", sandbox_desk.sandbox_transfer, name="sandbox_transfer"),
    path("sandbox/checkout/<slug:session_id>/", sandbox_pages.sandbox_checkout, name="sandbox_checkout"),
    path("sandbox/onboarding/<slug:account_id>/", sandbox_pages.sandbox_onboarding, name="sandbox_onboarding"),
    path("studio/earnings/", earnings.earnings, name="earnings"),
    path("studio/earnings/sales.csv", earnings.earnings_csv, name="earnings_csv"),
    path("studio/earnings/payout-account/", earnings.payout_account, name="payout_account"),
    path("studio/earnings/payout-account/return/", earnings.payout_account_return, name="payout_account_return"),
    path("finance/", finance.finance, name="finance"),
    path(
        "finance/accounts/<slug:book>/<slug:kind>/<slug:currency>/",
        ledger_accounts.ledger_accounts,
        name="ledger_accounts",
    ),
    path("finance/accounts/<int:pk>/", ledger_accounts.ledger_account, name="ledger_account"),
    *bundle_addresses,
    *instalment_addresses,
    *membership_addresses,
    *pool_addresses,
    *document_addresses,
    *hand_addresses,
    *payout_addresses,
    *dispute_addresses,
    *refund_addresses,
    *tip_addresses,
    path("finance/holds/", finance.place_hold, name="place_hold"),
    path("finance/holds/<int:pk>/lift/", finance.lift_hold, name="lift_hold"),
    path("finance/work/<str:label>/<str:pk>/", finance.try_again, name="try_again"),
    *promotion_urls,
    *earning_urls,
    *proof_addresses,
    *month_addresses,
    *year_addresses,
]
