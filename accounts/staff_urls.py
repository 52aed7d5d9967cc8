from django.urls import path

from . import staff_views

app_name = "staff"
urlpatterns = [
    path("audit/", staff_views.audit, name="audit"),
    path("audit.csv", staff_views.audit_csv, name="audit_csv"),
]
