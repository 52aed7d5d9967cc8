"""Pages of the house's own, for everybody."""

from django.urls import path

from .views import pages

app_name = "pages"
urlpatterns = [
    path("<slug:slug>/", pages.page, name="page"),
    path("<slug:slug>/versions/", pages.versions, name="versions"),
    path("<slug:slug>/versions/<int:number>/", pages.version, name="version"),
]
