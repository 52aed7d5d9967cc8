"""Search's addresses."""

from django.urls import path

from .views import demand, matching, search

app_name = "discovery"
urlpatterns = [
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("for-you/", matching.for_you, name="for_you"),
    path("for-you/choices/", matching.choose_taste, name="choose_taste"),
    path("for-you/<slug:slug>/not-interested/", matching.dismiss, name="dismiss"),
    path("creators/<slug:slug>/follow/", matching.follow, name="follow"),
    path("exposure/", matching.exposure, name="exposure"),
    path("studio/demand/", demand.demand, name="demand"),
]
