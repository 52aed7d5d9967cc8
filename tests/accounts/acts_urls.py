"""Doors of staff behind which somebody forgot something."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import audit
from accounts.doors import role_required
from accounts.permissions import HasRole
from courses.models import Category


def rename(request: HttpRequest) -> None:
    Category.objects.filter(slug="code").update(name_en=request.POST["name"])


@role_required("moderator")
def forgets(request: HttpRequest) -> HttpResponse:
    rename(request)
    return HttpResponse()


@role_required("moderator")
def records(request: HttpRequest) -> HttpResponse:
    rename(request)
    audit.record(request.user, "category.rename", "category:code", after=request.POST["name"])
    return HttpResponse()


@role_required("moderator")
def refuses_too_late(request: HttpRequest) -> HttpResponse:
    records(request)
    return HttpResponse(status=409)


@role_required("moderator")
def looks(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Category.objects.count())


class Forgets(APIView):
    permission_classes = [HasRole.of("moderator")]

    def post(self, request: Any) -> Response:
        rename(request._request)
        return Response()


urlpatterns = [
    path("forgets/", forgets),
    path("records/", records),
    path("refuses/", refuses_too_late),
    path("looks/", looks),
    path("api/forgets/", Forgets.as_view()),
    path("", include("marketplace.urls")),
]
