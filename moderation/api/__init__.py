"""Moderation over the API: the moderators' addresses below /moderation/; `public` holds those of everybody."""

from django.urls import path

from . import appeals, cases, claims, decisions, flags, measures, refunds, review, rights, rules, seconds, space, words

urlpatterns = [
    path("submissions/", review.Waiting.as_view(), name="api-moderation-submissions"),
    path("submissions/<int:pk>/", review.Case.as_view(), name="api-moderation-case"),
    path("submissions/<int:pk>/claim/", review.TakeClaim.as_view(), name="api-moderation-claim"),
    path("submissions/<int:pk>/approve/", review.Approve.as_view(), name="api-moderation-approve"),
    path("submissions/<int:pk>/send-back/", review.SendBack.as_view(), name="api-moderation-send-back"),
    path("decisions/", decisions.Decisions.as_view(), name="api-moderation-decisions"),
    path("second-looks/", seconds.SecondLooks.as_view(), name="api-moderation-second-looks"),
    path("second-looks/<int:pk>/", seconds.AnswerSecondLook.as_view(), name="api-moderation-second-look"),
    path("rubric/", review.RubricView.as_view(), name="api-moderation-rubric"),
    path("takedowns/", review.Takedowns.as_view(), name="api-moderation-takedowns"),
    path("takedowns/<int:pk>/lift/", review.LiftTakedown.as_view(), name="api-moderation-lift"),
    path("courses/<slug:slug>/take-down/", review.TakeDown.as_view(), name="api-moderation-take-down"),
    path("creators/<slug:slug>/space/", space.GrantSpace.as_view(), name="api-moderation-grant-space"),
    path("flags/", flags.Flags.as_view(), name="api-moderation-flags"),
    path("cases/", measures.Cases.as_view(), name="api-moderation-cases"),
    path("cases/<int:pk>/", cases.OneCase.as_view(), name="api-moderation-reported-case"),
    path("cases/<int:pk>/claim/", measures.ClaimCase.as_view(), name="api-moderation-claim-case"),
    path("measures/", measures.Measures.as_view(), name="api-moderation-measures"),
    path("measures/<int:pk>/reverse/", measures.ReverseMeasure.as_view(), name="api-moderation-reverse"),
    path("measures/<slug:kind>/<str:key>/weigh/", measures.WeighMeasure.as_view(), name="api-moderation-weigh"),
    path("measures/<slug:kind>/<str:key>/", measures.DecideMeasure.as_view(), name="api-moderation-decide"),
    path("refunds/", refunds.Waiting.as_view(), name="api-moderation-refunds"),
    path("refunds/<int:pk>/approve/", refunds.Approve.as_view(), name="api-moderation-approve-refund"),
    path("refunds/<int:pk>/decline/", refunds.Decline.as_view(), name="api-moderation-decline-refund"),
    path("rights/", claims.Claims.as_view(), name="api-moderation-claims"),
    path("rights/<int:pk>/", claims.OneClaim.as_view(), name="api-moderation-rights-claim"),
    path("rights/<int:pk>/admit/", rights.Admit.as_view(), name="api-moderation-admit-claim"),
    path("rights/<int:pk>/weigh/", rights.Weigh.as_view(), name="api-moderation-weigh-claim"),
    path("rights/<int:pk>/decide/", rights.Decide.as_view(), name="api-moderation-decide-claim"),
    path("appeals/", appeals.Appeals.as_view(), name="api-moderation-appeals"),
    path("appeals/<int:pk>/answer/", measures.AnswerAppeal.as_view(), name="api-moderation-answer-appeal"),
    path("words/", words.Words.as_view(), name="api-moderation-words"),
    path("words/preview/", words.PreviewWord.as_view(), name="api-moderation-preview-word"),
    path("words/<int:pk>/", words.Word.as_view(), name="api-moderation-word"),
    path("rule-changes/", rules.Changes.as_view(), name="api-rule-changes"),
    path("rule-changes/<int:pk>/", rules.Change.as_view(), name="api-rule-change"),
]
