"""The moderators' pages."""

from django.urls import path

from .curating_urls import urlpatterns as curating
from .views import appeals, book, case, cases, flags, measures, queue, refunds, rights_desk, seconds, space, words

app_name = "moderation"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("next/", queue.take_next, name="take_next"),
    path("decisions/", queue.decisions, name="decisions"),
    path("submissions/<int:pk>/", case.case, name="case"),
    path("submissions/<int:pk>/claim/", case.claim, name="claim"),
    path("submissions/<int:pk>/release/", case.release, name="release"),
    path("submissions/<int:pk>/preview/", case.preview, name="preview"),
    path("submissions/<int:pk>/approve/", case.approve, name="approve"),
    path("submissions/<int:pk>/send-back/", case.send_back, name="send_back"),
    path("second-looks/", seconds.second_looks, name="second_looks"),
    path("second-looks/<int:pk>/", seconds.second_look, name="second_look"),
    path("takedowns/", measures.takedowns, name="takedowns"),
    path("courses/<slug:slug>/take-down/", measures.take_down, name="take_down"),
    path("takedowns/<int:pk>/lift/", measures.lift_takedown, name="lift_takedown"),
    path("creators/<slug:slug>/", measures.creator, name="creator"),
    path("creators/<slug:slug>/suspend/", measures.suspend, name="suspend"),
    path("creators/<slug:slug>/space/", space.grant_space, name="grant_space"),
    path("flags/", flags.flags, name="flags"),
    path("cases/", cases.cases, name="cases"),
    path("cases/next/", cases.take_next_case, name="take_next_case"),
    path("cases/<int:pk>/", cases.reported_case, name="reported_case"),
    path("cases/<int:pk>/claim/", cases.claim_case, name="claim_case"),
    path("cases/<int:pk>/release/", cases.release_case, name="release_case"),
    path("measures/<slug:kind>/<str:key>/", measures.measure, name="measure"),
    path("measures/<slug:kind>/<str:key>/weigh/", measures.weigh, name="weigh"),
    path("measures/<slug:kind>/<str:key>/decide/", measures.decide, name="decide"),
    path("reversals/<int:pk>/", measures.reverse, name="reverse"),
    path("refunds/", refunds.refunds, name="refunds"),
    path("refunds/<int:pk>/approve/", refunds.approve_refund, name="approve_refund"),
    path("refunds/<int:pk>/decline/", refunds.decline_refund, name="decline_refund"),
    path("rights/", rights_desk.rights_claims, name="rights_claims"),
    path("rights/<int:pk>/", rights_desk.rights_claim, name="rights_claim"),
    path("rights/<int:pk>/admit/", rights_desk.admit_claim, name="admit_claim"),
    path("rights/<int:pk>/weigh/", rights_desk.weigh_claim, name="weigh_claim"),
    path("rights/<int:pk>/decide/", rights_desk.decide_claim, name="decide_claim"),
    path("appeals/", appeals.appeals, name="appeals"),
    path("appeals/<int:pk>/", appeals.answer_appeal, name="answer_appeal"),
    path("rule-changes/", book.rule_changes, name="rule_changes"),
    path("rule-changes/<int:pk>/withdraw/", book.withdraw_rule, name="withdraw_rule"),
    path("suspensions/<int:pk>/lift/", measures.lift_suspension, name="lift_suspension"),
    path("words/", words.words, name="words"),
    path("words/add/", words.add_word, name="add_word"),
    path("words/<int:pk>/withdraw/", words.withdraw_word, name="withdraw_word"),
    *curating,
]
