"""The public pages of the rules."""

from django.urls import path

from .views import book, flags, log

app_name = "rules"
urlpatterns = [
    path("", book.book, name="book"),
    path("reporting/", log.reporting, name="reporting"),
    path("figures/", flags.rules, name="figures"),
    path("log/", log.log, name="log"),
    path("log/<slug:form>/", log.log_file, name="log_file"),
    path("<slug:code>/", book.rule, name="rule"),
    path("<slug:code>/comment/", book.comment, name="comment"),
]
