"""Addresses of payment by hand: the buyer's acts, and finance's ways and arrivals."""

from django.urls import path

from .views import arrivals, by_hand, payment_ways

urlpatterns = [
    path("orders/<slug:number>/sent/", by_hand.say_sent, name="say_sent"),
    path("orders/<slug:number>/other-way/", by_hand.pay_otherwise, name="pay_otherwise"),
    path("orders/<slug:number>/cancel/", by_hand.cancel_order, name="cancel_order"),
    path("finance/ways/", payment_ways.payment_ways, name="payment_ways"),
    path("finance/ways/<slug:code>/", payment_ways.payment_way, name="payment_way"),
    path("finance/ways/<slug:code>/approve/", payment_ways.approve_payment_way, name="approve_payment_way"),
    path("finance/ways/<slug:code>/decline/", payment_ways.decline_payment_way, name="decline_payment_way"),
    path("finance/arrivals/", arrivals.arrivals, name="arrivals"),
    path("finance/arrivals/note/", arrivals.note_arrival, name="note_arrival"),
    path("finance/arrivals/<int:pk>/match/", arrivals.match_arrival, name="match_arrival"),
    path("finance/arrivals/<int:pk>/confirm/", arrivals.confirm_arrival, name="confirm_arrival"),
    path("finance/arrivals/<int:pk>/effect/", arrivals.give_arrival_effect, name="give_arrival_effect"),
    path("finance/arrivals/<int:pk>/withdraw/", arrivals.withdraw_arrival, name="withdraw_arrival"),
    path("finance/arrivals/<int:pk>/send-back/", arrivals.send_arrival_back, name="send_arrival_back"),
    path("finance/arrivals/<int:pk>/sent-back/", arrivals.note_arrival_sent_back, name="note_arrival_sent_back"),
    path("finance/refunds/<int:pk>/paid-back/", arrivals.pay_refund_back, name="pay_refund_back"),
]
