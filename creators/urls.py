from django.urls import path

from . import views

app_name = "creators"
urlpatterns = [
    path("creators/become/", views.become, name="become"),
    path("creators/edit/", views.edit, name="edit"),
    path("creators/<slug:slug>/", views.detail, name="detail"),
]
