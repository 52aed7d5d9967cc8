from django.urls import path

from . import notice_views

app_name = "notices"
urlpatterns = [
    path("", notice_views.notices, name="notices"),
    path("read/", notice_views.read, name="read"),
    path("<int:pk>/open/", notice_views.open_notice, name="open_notice"),
]
