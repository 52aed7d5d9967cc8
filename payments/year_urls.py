"""The addresses of yearly reports and tax details."""

from django.urls import path

from .views import years

urlpatterns = [
    path("studio/earnings/years/", years.my_years, name="my_years"),
    path("studio/earnings/years/<int:pk>.csv", years.my_year_csv, name="my_year_csv"),
    path("studio/earnings/years/<int:pk>.pdf", years.my_year_pdf, name="my_year_pdf"),
    path("studio/earnings/tax-details/", years.tax_identity, name="tax_identity"),
    path("finance/years/", years.years, name="years"),
    path("finance/years/<int:year>/issue/", years.issue_year, name="issue_year"),
    path("finance/years/<int:year>/remind/", years.remind_year, name="remind_year"),
    path("finance/years/<int:year>/file/", years.year_file, name="year_file"),
]
