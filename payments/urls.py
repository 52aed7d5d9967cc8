from django.urls import path

from .views import earnings, finance

app_name = "payments"
urlpatterns = [
    path("studio/earnings/", earnings.earnings, name="earnings"),
    path("studio/earnings/sales.csv", earnings.earnings_csv, name="earnings_csv"),
    path("studio/earnings/payout-account/", earnings.payout_account, name="payout_account"),
    path("studio/earnings/payout-account/return/", earnings.payout_account_return, name="payout_account_return"),
    path("finance/", finance.finance, name="finance"),
    path("finance/payout-runs/", finance.start_payout_run, name="start_payout_run"),
    path("finance/payout-runs/<int:pk>/", finance.payout_run, name="payout_run"),
    path("finance/payouts/<int:pk>/reopen/", finance.reopen_payout, name="reopen_payout"),
    path("finance/holds/", finance.place_hold, name="place_hold"),
    path("finance/holds/<int:pk>/lift/", finance.lift_hold, name="lift_hold"),
]
