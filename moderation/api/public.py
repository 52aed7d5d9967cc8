"""What everybody may read and write of moderation: the rule book and comments on its changes."""

from django.urls import path

from . import flags, log, reports, rules

urlpatterns = [
    path("rules/", rules.Rules.as_view(), name="api-rules"),
    path("rules/<slug:code>/", rules.RuleHistory.as_view(), name="api-rule"),
    path("rules/<slug:code>/comments/", rules.Comments.as_view(), name="api-rule-comments"),
    path("moderation-log/", log.Log.as_view(), name="api-moderation-log"),
    path("reports/", reports.MyReports.as_view(), name="api-reports"),
    path("reports/flags/", flags.OwnFlags.as_view(), name="api-flags"),
    path("reports/flags/<int:pk>/answer/", flags.AnswerFlag.as_view(), name="api-answer-flag"),
    path("reports/about-me/", reports.AboutMe.as_view(), name="api-reports-about-me"),
    path("reports/about-me/<int:pk>/appeal/", reports.MakeAppeal.as_view(), name="api-appeal"),
    path("reports/<slug:kind>/<str:key>/", reports.MakeReport.as_view(), name="api-report"),
]
