"""The addresses of closed months."""

from django.urls import path

from .views import months

urlpatterns = [
    path("finance/months/", months.months, name="months"),
    path("finance/months/<int:year>-<int:month>/", months.month, name="month"),
    path("finance/months/<int:year>-<int:month>/close/", months.close_month, name="close_month"),
    path("finance/months/<int:year>-<int:month>.csv", months.month_csv, name="month_csv"),
    path("finance/months/<int:year>-<int:month>.pdf", months.month_pdf, name="month_pdf"),
    path("finance/months/<int:year>-<int:month>.json", months.month_file, name="month_file"),
]
