"""Creators over the API: become one, read a profile, change one's own."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, status
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.lib.rest import Json

from .institution_api import urlpatterns as institutions
from .models import Creator
from .serializers import CreatorChangesSerializer, CreatorSerializer


class Creators(APIView):
    """Become a creator. 409 `already_creator` for one who is."""

    permission_classes = [permissions.IsAuthenticated]
    parser_classes = [Json, MultiPartParser, FormParser]

    @extend_schema(request=CreatorChangesSerializer, responses={201: CreatorSerializer}, operation_id="creators_become")
    def post(self, request: Request) -> Response:
        asked = CreatorChangesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        creator = Creator.objects.become(user=request.user, **asked.validated_data)
        return Response(CreatorSerializer(creator).data, status=status.HTTP_201_CREATED)


class CreatorDetail(APIView):
    """A creator's public profile; PATCH changes one's own."""

    permission_classes = [permissions.IsAuthenticatedOrReadOnly]
    parser_classes = [Json, MultiPartParser, FormParser]

    @extend_schema(responses=CreatorSerializer, operation_id="creators_read")
    def get(self, request: Request, slug: str) -> Response:
        return Response(CreatorSerializer(get_object_or_404(Creator.objects.visible(), slug=slug)).data)

    @extend_schema(request=CreatorChangesSerializer, responses=CreatorSerializer, operation_id="creators_edit")
    def patch(self, request: Request, slug: str) -> Response:
        creator = get_object_or_404(Creator, slug=slug, user=request.user)
        asked = CreatorChangesSerializer(creator, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        creator.edit(asked.validated_data)
        return Response(CreatorSerializer(creator).data)


urlpatterns = [
    *institutions,
    path("creators/", Creators.as_view(), name="api-creators"),
    path("creators/<slug:slug>/", CreatorDetail.as_view(), name="api-creator"),
]
