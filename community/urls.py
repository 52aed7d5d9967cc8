from django.urls import path

from .views import mails, questions, ratings, studio

app_name = "community"
urlpatterns = [
    path("courses/<slug:slug>/ratings/", ratings.ratings, name="ratings"),
    path("learn/<slug:slug>/rating/", ratings.rate, name="rate"),
    path("ratings/how/", ratings.formula, name="formula"),
    path("ratings/<int:pk>/helpful/", ratings.find_helpful, name="find_helpful"),
    path("learn/<slug:slug>/questions/", questions.questions, name="questions"),
    path("learn/<slug:slug>/<uuid:key>/ask/", questions.ask, name="ask"),
    path("questions/mails/<str:token>/", mails.question_mails, name="question_mails"),
    path("questions/<int:pk>/", questions.question, name="question"),
    path("questions/<int:pk>/answer/", questions.answer, name="answer"),
    path("questions/<int:pk>/follow/", questions.follow, name="follow_question"),
    path("posts/<int:pk>/comment/", questions.comment, name="comment"),
    path("posts/<int:pk>/edit/", questions.edit, name="edit_post"),
    path("posts/<int:pk>/vote/", questions.vote, name="vote"),
    path("posts/<int:pk>/accept/", questions.accept, name="accept"),
    path("studio/questions/", studio.desk, name="desk"),
    path("studio/courses/<slug:slug>/ratings/", studio.course_ratings, name="course_ratings"),
    path("studio/ratings/<int:pk>/reply/", studio.reply, name="reply"),
]
