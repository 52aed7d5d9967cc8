"""The moderators' pages."""

from django.urls import path

from .views import case, measures, queue

app_name = "moderation"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("next/", queue.take_next, name="take_next"),
    path("decisions/", queue.decisions, name="decisions"),
    path("submissions/<int:pk>/", case.case, name="case"),
    path("submissions/<int:pk>/claim/", case.claim, name="claim"),
    path("submissions/<int:pk>/release/", case.release, name="release"),
    path("submissions/<int:pk>/preview/", case.preview, name="preview"),
    path("submissions/<int:pk>/approve/", case.approve, name="approve"),
    path("submissions/<int:pk>/send-back/", case.send_back, name="send_back"),
    path("takedowns/", measures.takedowns, name="takedowns"),
    path("courses/<slug:slug>/take-down/", measures.take_down, name="take_down"),
    path("takedowns/<int:pk>/lift/", measures.lift_takedown, name="lift_takedown"),
    path("creators/<slug:slug>/", measures.creator, name="creator"),
    path("creators/<slug:slug>/suspend/", measures.suspend, name="suspend"),
    path("suspensions/<int:pk>/lift/", measures.lift_suspension, name="lift_suspension"),
]
