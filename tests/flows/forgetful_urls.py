"""The site's addresses, before three of which stands a view that forgets whom it is for: the walks must find them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import include, path

from accounts.models import ApiToken
from learners import notes
from learners.models import Note
from learners.note_api import NoteOf


def finance(request: HttpRequest) -> HttpResponse:
    """Has no door."""
    return HttpResponse()


def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks who she is, and not whose the token is."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    get_object_or_404(ApiToken, pk=pk).revoke()
    return HttpResponse()


class NoteOfAnybody(NoteOf):
    """Its queryset forgets its owner."""

    def get_object(self) -> Note:
        return notes.placed([get_object_or_404(Note.objects.select_related("course"), pk=self.kwargs["pk"])])[0]


urlpatterns = [
    path("finance/", finance),
    path("account/tokens/<int:pk>/revoke/", revoke_token),
    path("api/v1/notes/<int:pk>/", NoteOfAnybody.as_view()),
    path("", include("marketplace.urls")),
]
