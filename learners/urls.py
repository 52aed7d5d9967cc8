from django.urls import path

from .assignment_urls import urlpatterns as assignments
from .certificate_urls import urlpatterns as certificates
from .note_urls import urlpatterns as notes
from .views import audience, change_mails, changes, downloads, goal, lesson, library, quiz, review, said, skills

app_name = "learners"
urlpatterns = [
    path("studio/courses/<slug:slug>/audience/", audience.audience, name="audience"),
    path("studio/courses/<slug:slug>/audience.csv", audience.audience_csv, name="audience_csv"),
    path("library/", library.library, name="library"),
    path("library/goal/", goal.weekly_goal, name="weekly_goal"),
    path("library/skills/", skills.my_skills, name="my_skills"),
    path("library/skills/show/", skills.show_skills, name="show_skills"),
    path("shown-skills/<str:code>/", skills.skill_card, name="skill_card"),
    path("learn/<slug:slug>/", lesson.course, name="course"),
    path("learn/<slug:slug>/enroll/", library.enroll, name="enroll"),
    path("learn/<slug:slug>/<uuid:key>/", lesson.lesson, name="lesson"),
    path("learn/<slug:slug>/<uuid:key>/read/", lesson.read, name="read"),
    path("mails/courses/<str:token>/", change_mails.change_mails, name="change_mails"),
    path("learn/<slug:slug>/changes/", changes.course_changes, name="course_changes"),
    path("learn/<slug:slug>/changes/seen/", changes.see_changes, name="see_changes"),
    path("learn/<slug:slug>/out-of-date/", changes.report_outdated, name="report_outdated"),
    path("learn/<slug:slug>/search/", said.search_transcripts, name="search_transcripts"),
    *assignments,
    *certificates,
    *notes,
    path("learn/<slug:slug>/<uuid:key>/attempts/", quiz.start_attempt, name="start_attempt"),
    path("learn/<slug:slug>/<uuid:key>/attempts/<int:number>/", quiz.attempt, name="attempt"),
    path("learn/<slug:slug>/<uuid:key>/attempts/<int:number>/submit/", quiz.submit_attempt, name="submit_attempt"),
    path("lessons/<uuid:key>/files/<uuid:file>/", downloads.file, name="file"),
    path("lessons/<uuid:key>/pictures/<uuid:pk>/", downloads.picture, name="picture"),
    path("review/", review.review, name="review"),
    path("review/answer/", review.answer_review, name="answer_review"),
    path("review/answers/<int:pk>/", review.reviewed, name="reviewed"),
]
