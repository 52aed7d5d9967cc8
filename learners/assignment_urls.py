from django.urls import path

from .views import assignment, inbox, peer_review

urlpatterns = [
    path("learn/<slug:slug>/<uuid:key>/draft/", assignment.start_draft, name="start_draft"),
    path("learn/<slug:slug>/<uuid:key>/hand-in/", assignment.hand_in_work, name="hand_in_work"),
    path("learn/<slug:slug>/<uuid:key>/hand-ins/<int:number>/appeal/", assignment.appeal_result, name="appeal_result"),
    path("learn/<slug:slug>/<uuid:key>/reviews/", peer_review.take_turn, name="take_turn"),
    path("learn/<slug:slug>/<uuid:key>/reviews/<int:pk>/", peer_review.peer_review, name="peer_review"),
    path("hand-ins/files/<uuid:key>/", assignment.hand_in_file, name="hand_in_file"),
    path("studio/hand-ins/", inbox.hand_ins, name="hand_ins"),
    path("studio/hand-ins/<int:pk>/", inbox.hand_in, name="hand_in"),
    path("studio/hand-ins/<int:pk>/assess/", inbox.assess, name="assess"),
]
