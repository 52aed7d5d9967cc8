from django.urls import path

from .certificate_urls import urlpatterns as certificates
from .note_urls import urlpatterns as notes
from .views import goal, lesson, library, said

app_name = "learners"
urlpatterns = [
    path("library/", library.library, name="library"),
    path("library/goal/", goal.weekly_goal, name="weekly_goal"),
    path("learn/<slug:slug>/", lesson.course, name="course"),
    path("learn/<slug:slug>/enroll/", library.enroll, name="enroll"),
    path("learn/<slug:slug>/<uuid:key>/", lesson.lesson, name="lesson"),
    path("learn/<slug:slug>/<uuid:key>/read/", lesson.read, name="read"),
    path("learn/<slug:slug>/search/", said.search_transcripts, name="search_transcripts"),
    *certificates,
    *notes,
]
