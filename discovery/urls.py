"""Search's addresses."""

from django.urls import path

from .views import clips, demand, matching, saved, search

app_name = "discovery"
urlpatterns = [
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("for-you/", matching.for_you, name="for_you"),
    path("for-you/choices/", matching.choose_taste, name="choose_taste"),
    path("for-you/goals/", matching.choose_goals, name="choose_goals"),
    path("for-you/<slug:slug>/not-interested/", matching.dismiss, name="dismiss"),
    path("creators/<slug:slug>/follow/", matching.follow, name="follow"),
    path("saved/", saved.saved, name="saved"),
    path("courses/<slug:slug>/save/", saved.save, name="save"),
    path("mails/news/<str:token>/", saved.news, name="news"),
    path("clips/", clips.clips, name="clips"),
    path("clips/all/", clips.all_clips, name="all_clips"),
    path("clips/<uuid:key>/", clips.clip, name="clip"),
    path("clips/<uuid:key>/not-interested/", clips.dismiss_clip, name="dismiss_clip"),
    path("clips/<uuid:key>/<str:name>", clips.clip_file, name="clip_file"),
    path("exposure/", matching.exposure, name="exposure"),
    path("studio/demand/", demand.demand, name="demand"),
]
