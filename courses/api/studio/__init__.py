"""The creators' side of the API: everything that the studio's pages do."""

from django.urls import path

from . import assignments, clips, courses, curriculum, films, freshness, listings, paths, quizzes, skills

urlpatterns = [
    path("studio/courses/", courses.MyCourses.as_view(), name="api-studio-courses"),
    path("studio/courses/<slug:slug>/", courses.MyCourse.as_view(), name="api-studio-course"),
    path("studio/courses/<slug:slug>/draft/", courses.Draft.as_view(), name="api-studio-draft"),
    path("studio/courses/<slug:slug>/cover/", courses.Cover.as_view(), name="api-studio-cover"),
    path("studio/courses/<slug:slug>/skills/", skills.Skills.as_view(), name="api-studio-skills"),
    path("studio/courses/<slug:slug>/price/", courses.Price.as_view(), name="api-studio-price"),
    path("studio/courses/<slug:slug>/readiness/", courses.Readiness.as_view(), name="api-studio-readiness"),
    path("studio/courses/<slug:slug>/noticed/", courses.Noticed.as_view(), name="api-studio-noticed"),
    path("studio/courses/<slug:slug>/submit/", courses.Submit.as_view(), name="api-studio-submit"),
    path("studio/courses/<slug:slug>/withdraw/", courses.Withdraw.as_view(), name="api-studio-withdraw"),
    path("studio/courses/<slug:slug>/sections/", curriculum.Sections.as_view(), name="api-studio-sections"),
    path("studio/courses/<slug:slug>/films/", curriculum.Films.as_view(), name="api-studio-films"),
    path("studio/courses/<slug:slug>/arrange/", curriculum.Arrange.as_view(), name="api-studio-arrange"),
    path("studio/courses/<slug:slug>/clips/", clips.Clips.as_view(), name="api-studio-clips"),
    path("studio/clips/<uuid:key>/", clips.OneClip.as_view(), name="api-studio-clip"),
    path("studio/clips/<uuid:key>/publish/", clips.PublishClip.as_view(), name="api-studio-clip-publish"),
    path("studio/clips/<uuid:key>/withdraw/", clips.WithdrawClip.as_view(), name="api-studio-clip-withdraw"),
    path("studio/clips/<uuid:key>/stop/", clips.StopClip.as_view(), name="api-studio-clip-stop"),
    path("studio/clips/<uuid:key>/retry/", clips.RetryClip.as_view(), name="api-studio-clip-retry"),
    path("studio/paths/", paths.MyPaths.as_view(), name="api-studio-paths"),
    path("studio/paths/<slug:slug>/", paths.MyPath.as_view(), name="api-studio-path"),
    path("studio/paths/<slug:slug>/submit/", paths.SubmitPath.as_view(), name="api-studio-path-submit"),
    path("studio/paths/<slug:slug>/withdraw/", paths.WithdrawPath.as_view(), name="api-studio-path-withdraw"),
    path("studio/paths/<slug:slug>/close/", paths.ClosePath.as_view(), name="api-studio-path-close"),
    path("studio/institutions/<slug:slug>/courses/", listings.Listings.as_view(), name="api-institution-listings"),
    path(
        "studio/institutions/<slug:slug>/courses/<int:pk>/",
        listings.OneListing.as_view(),
        name="api-institution-listing",
    ),
    path("studio/paths/<slug:slug>/draft/", paths.PathDraft.as_view(), name="api-studio-path-draft"),
    path("studio/sections/<int:pk>/", curriculum.OneSection.as_view(), name="api-studio-section"),
    path("studio/sections/<int:pk>/lessons/", curriculum.Lessons.as_view(), name="api-studio-lessons"),
    path("studio/lessons/<int:pk>/", curriculum.OneLesson.as_view(), name="api-studio-lesson"),
    path("studio/lessons/<int:pk>/video/", curriculum.LessonVideo.as_view(), name="api-studio-lesson-video"),
    path("studio/lessons/<int:pk>/quiz/", quizzes.QuizOfLesson.as_view(), name="api-studio-quiz"),
    path("studio/lessons/<int:pk>/questions/", quizzes.Questions.as_view(), name="api-studio-questions"),
    path(
        "studio/lessons/<int:pk>/questions/<uuid:question>/", quizzes.OneQuestion.as_view(), name="api-studio-question"
    ),
    path(
        "studio/lessons/<int:pk>/questions/<uuid:question>/move/",
        quizzes.MoveQuestion.as_view(),
        name="api-studio-question-move",
    ),
    path("studio/lessons/<int:pk>/assignment/", assignments.AssignmentOfLesson.as_view(), name="api-studio-assignment"),
    path("studio/lessons/<int:pk>/criteria/", assignments.Criteria.as_view(), name="api-studio-criteria"),
    path(
        "studio/lessons/<int:pk>/criteria/<uuid:criterion>/",
        assignments.OneCriterion.as_view(),
        name="api-studio-criterion",
    ),
    path(
        "studio/lessons/<int:pk>/criteria/<uuid:criterion>/move/",
        assignments.MoveCriterion.as_view(),
        name="api-studio-criterion-move",
    ),
    path("studio/lessons/<int:pk>/files/", quizzes.Files.as_view(), name="api-studio-files"),
    path("studio/lessons/<int:pk>/pictures/", quizzes.Pictures.as_view(), name="api-studio-pictures"),
    path("studio/files/<int:pk>/", quizzes.OneFile.as_view(), name="api-studio-file"),
    path("studio/courses/<slug:slug>/watermark/", films.Watermark.as_view(), name="api-studio-watermark"),
    path("studio/courses/<slug:slug>/checks/", freshness.Checks.as_view(), name="api-studio-checks"),
    path("studio/courses/<slug:slug>/checks/drop/", freshness.DropCheck.as_view(), name="api-studio-drop-check"),
    path("studio/courses/<slug:slug>/reminder/", freshness.CourseReminder.as_view(), name="api-studio-reminder"),
    path("studio/films/<uuid:pk>/replacement/", films.FilmReplacement.as_view(), name="api-studio-replacement"),
    path("studio/films/<uuid:pk>/replacement/carry-out/", films.CarryOut.as_view(), name="api-studio-carry-out"),
]
