from django.urls import path

from .views import ratings, studio

app_name = "community"
urlpatterns = [
    path("courses/<slug:slug>/ratings/", ratings.ratings, name="ratings"),
    path("learn/<slug:slug>/rating/", ratings.rate, name="rate"),
    path("ratings/how/", ratings.formula, name="formula"),
    path("ratings/<int:pk>/helpful/", ratings.find_helpful, name="find_helpful"),
    path("studio/courses/<slug:slug>/ratings/", studio.course_ratings, name="course_ratings"),
    path("studio/ratings/<int:pk>/reply/", studio.reply, name="reply"),
]
