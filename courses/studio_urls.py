"""The creators' pages."""

from django.urls import path

from .views.studio import (
    attachments,
    courses,
    curriculum,
    details,
    films,
    lessons,
    pricing,
    publishing,
    quizzes,
    replacing,
)

app_name = "studio"
urlpatterns = [
    path("", courses.courses, name="courses"),
    path("films/", films.uploads, name="uploads"),
    path("films/<uuid:pk>/replace/", replacing.replace_film, name="replace_film"),
    path("films/<uuid:pk>/replace/begin/", replacing.begin_replacement, name="begin_replacement"),
    path("films/<uuid:pk>/replace/carry-out/", replacing.carry_out_replacement, name="carry_out_replacement"),
    path("films/<uuid:pk>/replace/give-up/", replacing.give_up_replacement, name="give_up_replacement"),
    path("text-preview/", details.text_preview, name="text_preview"),
    path("courses/create/", courses.create, name="create"),
    path("courses/<slug:slug>/", details.edit, name="edit"),
    path("courses/<slug:slug>/cover/", details.cover, name="cover"),
    path("courses/<slug:slug>/skills/", details.skills, name="skills"),
    path("courses/<slug:slug>/curriculum/", curriculum.curriculum, name="curriculum"),
    path("courses/<slug:slug>/curriculum/move/", curriculum.move, name="move"),
    path("courses/<slug:slug>/sections/", curriculum.add_section, name="add_section"),
    path("courses/<slug:slug>/sections/<int:pk>/rename/", curriculum.rename_section, name="rename_section"),
    path("courses/<slug:slug>/sections/<int:pk>/remove/", curriculum.remove_section, name="remove_section"),
    path("courses/<slug:slug>/sections/<int:pk>/lessons/", curriculum.add_lesson, name="add_lesson"),
    path("courses/<slug:slug>/lessons/<int:pk>/", lessons.lesson, name="lesson"),
    path("courses/<slug:slug>/lessons/<int:pk>/attach-video/", lessons.attach_video, name="attach_video"),
    path("courses/<slug:slug>/lessons/<int:pk>/detach-video/", lessons.detach_video, name="detach_video"),
    path("courses/<slug:slug>/lessons/<int:pk>/remove/", lessons.remove_lesson, name="remove_lesson"),
    path("courses/<slug:slug>/lessons/<int:pk>/files/", attachments.add_file, name="add_file"),
    path("courses/<slug:slug>/lessons/<int:pk>/files/<int:file>/remove/", attachments.remove_file, name="remove_file"),
    path("courses/<slug:slug>/lessons/<int:pk>/pictures/", attachments.add_picture, name="add_picture"),
    path("courses/<slug:slug>/lessons/<int:pk>/questions/", quizzes.add_question, name="add_question"),
    path("courses/<slug:slug>/lessons/<int:pk>/questions/<uuid:question>/", quizzes.question, name="question"),
    path(
        "courses/<slug:slug>/lessons/<int:pk>/questions/<uuid:question>/move/",
        quizzes.move_question,
        name="move_question",
    ),
    path(
        "courses/<slug:slug>/lessons/<int:pk>/questions/<uuid:question>/remove/",
        quizzes.remove_question,
        name="remove_question",
    ),
    path("courses/<slug:slug>/watermark/", films.choose_watermark, name="choose_watermark"),
    path("courses/<slug:slug>/pricing/", pricing.pricing, name="pricing"),
    path("courses/<slug:slug>/publish/", publishing.publish, name="publish"),
    path("courses/<slug:slug>/submit/", publishing.submit, name="submit"),
    path("courses/<slug:slug>/withdraw/", publishing.withdraw, name="withdraw"),
    path("courses/<slug:slug>/open-draft/", publishing.open_draft, name="open_draft"),
    path("courses/<slug:slug>/preview/", publishing.preview, name="preview"),
]
