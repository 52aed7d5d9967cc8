from django.urls import path

from .views import notes

urlpatterns = [
    path("library/notes/", notes.all_notes, name="all_notes"),
    path("library/notes/<int:pk>/edit/", notes.edit_note, name="edit_note"),
    path("library/notes/<slug:slug>/", notes.notes_of, name="notes_of"),
    path("library/notes/<slug:slug>.md", notes.notes_file, name="notes_file"),
    path("learn/<slug:slug>/<uuid:key>/notes/", notes.add_note, name="add_note"),
]
