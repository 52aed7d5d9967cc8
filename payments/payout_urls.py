"""Addresses of the payout desk, within those of payments."""

from django.urls import path

from .views import bank_account, bank_orders, bank_returns, payout_desk, payout_runs

urlpatterns = [
    path("finance/payouts/", payout_desk.payout_desk, name="payout_desk"),
    path("finance/payouts/<int:pk>/approve/", payout_runs.approve_payout, name="approve_payout"),
    path("finance/payouts/<int:pk>/decline/", payout_runs.decline_payout, name="decline_payout"),
    path("finance/payouts/<int:pk>/withdraw/", payout_runs.withdraw_payout, name="withdraw_payout"),
    path("finance/payouts/<int:pk>/settle/", payout_runs.settle_payout_flag, name="settle_payout_flag"),
    path("finance/payouts/<int:pk>/reopen/", payout_runs.reopen_payout, name="reopen_payout"),
    path("finance/payout-runs/", payout_runs.start_payout_run, name="start_payout_run"),
    path("finance/payout-runs/new/", payout_runs.prepare_payout_run, name="prepare_payout_run"),
    path("finance/payout-runs/<int:pk>/", payout_runs.payout_run, name="payout_run"),
    path("finance/payout-rails/", payout_desk.choose_payout_rail, name="choose_payout_rail"),
    path("finance/payout-accounts/turn-back/", payout_desk.turn_payouts_back, name="turn_payouts_back"),
    path("finance/stops/", payout_desk.stop_payouts, name="stop_payouts"),
    path("finance/stops/<int:pk>/lift/", payout_desk.lift_stop, name="lift_stop"),
    path("finance/reserves/", payout_desk.place_reserve, name="place_reserve"),
    path("finance/reserves/<int:pk>/end/", payout_desk.end_reserve, name="end_reserve"),
    path("finance/payout-runs/<int:pk>/bank-files/", bank_orders.make_bank_file, name="make_bank_file"),
    path("finance/bank-files/<int:pk>.<slug:form>", bank_orders.bank_file, name="bank_file"),
    path("finance/bank-orders/<int:pk>/answer/", bank_orders.answer_bank_order, name="answer_bank_order"),
    path("finance/bank-details/<int:pk>/confirm/", bank_orders.confirm_bank_details, name="confirm_bank_details"),
    path("finance/bank-details/<int:pk>/refuse/", bank_orders.refuse_bank_details, name="refuse_bank_details"),
    path("finance/payouts/<int:pk>/return/", bank_returns.note_payout_return, name="note_payout_return"),
    path("finance/payout-returns/<int:pk>/confirm/", bank_returns.confirm_payout_return, name="confirm_payout_return"),
    path("finance/payout-returns/<int:pk>/decline/", bank_returns.decline_payout_return, name="decline_payout_return"),
    path("studio/earnings/payouts/", bank_account.my_payouts, name="my_payouts"),
    path("studio/earnings/bank-account/", bank_account.bank_account, name="bank_account"),
]
