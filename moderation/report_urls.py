"""Reporting something, what became of one's reports, and what was decided about oneself."""

from django.urls import path

from .views import flags, reporting, words

app_name = "reports"
urlpatterns = [
    path("", reporting.mine, name="mine"),
    path("flags/", flags.mine, name="flags"),
    path("flags/<int:pk>/answer/", flags.answer, name="answer_flag"),
    path("words/", words.my_words, name="words"),
    path("about-me/", reporting.about_me, name="about_me"),
    path("about-me/<int:pk>/appeal/", reporting.appeal, name="appeal"),
    path("<slug:kind>/<str:key>/", reporting.make, name="make"),
]
