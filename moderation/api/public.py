"""What everybody may read and write of moderation: the rule book, comments on its changes, and public figures."""

from django.urls import path

from . import community, flags, log, report_card, reports, rights, rules, words

urlpatterns = [
    path("rules/", rules.Rules.as_view(), name="api-rules"),
    path("rules/<slug:code>/", rules.RuleHistory.as_view(), name="api-rule"),
    path("rules/<slug:code>/comments/", rules.Comments.as_view(), name="api-rule-comments"),
    path("moderation-log/", log.Log.as_view(), name="api-moderation-log"),
    path("report-card/", report_card.ReportCards.as_view(), name="api-report-cards"),
    path("report-card/<slug:quarter>/", report_card.OneReportCard.as_view(), name="api-report-card"),
    path("community-review/", community.Standing.as_view(), name="api-community-review"),
    path("community-review/next/", community.NextCase.as_view(), name="api-community-next"),
    path("community-review/<int:pk>/", community.Vote.as_view(), name="api-community-vote"),
    path("reports/", reports.MyReports.as_view(), name="api-reports"),
    path("reports/flags/", flags.OwnFlags.as_view(), name="api-flags"),
    path("reports/flags/<int:pk>/answer/", flags.AnswerFlag.as_view(), name="api-answer-flag"),
    path("reports/words/", words.MyWords.as_view(), name="api-reports-words"),
    path("reports/about-me/", reports.AboutMe.as_view(), name="api-reports-about-me"),
    path("reports/about-me/<int:pk>/appeal/", reports.MakeAppeal.as_view(), name="api-appeal"),
    path("rights/", rights.MyClaims.as_view(), name="api-rights-claims"),
    path("rights/<int:pk>/", rights.MyClaim.as_view(), name="api-rights-claim"),
    path("rights/<int:pk>/counter/", rights.Counter.as_view(), name="api-rights-counter"),
    path("rights/<int:pk>/go-on/", rights.GoOn.as_view(), name="api-rights-go-on"),
    path("rights/<int:pk>/withdraw/", rights.Withdraw.as_view(), name="api-rights-withdraw"),
    path("rights/<int:pk>/proof/", rights.Proof.as_view(), name="api-rights-proof"),
    path("rights/<slug:kind>/<str:key>/", rights.FileClaim.as_view(), name="api-rights-file"),
    path("reports/<slug:kind>/<str:key>/", reports.MakeReport.as_view(), name="api-report"),
]
