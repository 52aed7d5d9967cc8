"""The public pages of the platform's report card."""

from django.urls import path

from .views import report_card

app_name = "report_card"
urlpatterns = [
    path("", report_card.newest, name="newest"),
    path("figures.csv", report_card.figures_csv, name="figures_csv"),
    path("<slug:quarter>/", report_card.card, name="card"),
]
