from django.urls import path

from .certificate_urls import urlpatterns as certificates
from .views import lesson, library

app_name = "learners"
urlpatterns = [
    path("library/", library.library, name="library"),
    path("learn/<slug:slug>/", lesson.course, name="course"),
    path("learn/<slug:slug>/enroll/", library.enroll, name="enroll"),
    path("learn/<slug:slug>/<uuid:key>/", lesson.lesson, name="lesson"),
    path("learn/<slug:slug>/<uuid:key>/read/", lesson.read, name="read"),
    *certificates,
]
