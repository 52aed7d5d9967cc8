from django.urls import path

from . import staff_views

app_name = "staff"
urlpatterns = [
    path("audit/", staff_views.audit, name="audit"),
    path("audit.csv", staff_views.audit_csv, name="audit_csv"),
    path("people/", staff_views.people, name="people"),
    path("people/give-role/", staff_views.give_role, name="give_role"),
    path("roles/<int:pk>/withdraw/", staff_views.withdraw_role, name="withdraw_role"),
    path("people/<int:pk>/second-factor/", staff_views.take_second_factor, name="take_second_factor"),
    path("see-as/", staff_views.see_as, name="see_as"),
    path("see-as/stop/", staff_views.stop_seeing, name="stop_seeing"),
    path("second-factor/", staff_views.second_factor, name="second_factor"),
]
