"""Search's addresses."""

from django.urls import path

from .views import demand, search

app_name = "discovery"
urlpatterns = [
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("studio/demand/", demand.demand, name="demand"),
]
