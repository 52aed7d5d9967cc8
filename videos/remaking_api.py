"""Converting films anew over the API. Administrators only."""

from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import HasRole
from marketplace.lib.rest import Cursor

from .models import RemadeFilm, Remaking
from .remaking_forms import films_listed


class CountsSerializer(serializers.Serializer):
    all = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="Those in work, too.")
    made = serializers.IntegerField()
    failed = serializers.IntegerField()
    skipped = serializers.IntegerField()


class RemakingSerializer(serializers.ModelSerializer):
    listed = serializers.ListField(
        child=serializers.CharField(max_length=36), required=False, write_only=True, help_text='Ids, for films "list".'
    )
    counts = CountsSerializer(read_only=True)
    is_open = serializers.BooleanField(read_only=True)
    is_paused = serializers.BooleanField(read_only=True)

    class Meta:
        model = Remaking
        fields = [
            "id", "films", "listed", "reason", "asked_at", "listed_at", "finished_at", "is_open", "is_paused", "counts",
        ]  # fmt: skip
        read_only_fields = ["id", "asked_at", "listed_at", "finished_at"]

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        return {**told, "listed": films_listed(told["films"], told.get("listed", []))}


class RemadeFilmSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="film_name")

    class Meta:
        model = RemadeFilm
        fields = ["id", "film", "name", "outcome", "code", "begun_at", "ended_at"]


class InOrder(Cursor):
    ordering = "id"


class NewestAskedFirst(Cursor):
    ordering = "-asked_at"


class Remakings(generics.ListAPIView):
    """What was asked for, the newest first."""

    permission_classes = [HasRole.of("admin")]
    serializer_class = RemakingSerializer
    pagination_class = NewestAskedFirst
    queryset = Remaking.objects.all()

    @extend_schema(request=RemakingSerializer, responses={201: RemakingSerializer})
    def post(self, request: Request) -> Response:
        """Have films converted anew, after all that creators wait for; learners keep watching what is there."""
        asked = RemakingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = Remaking.objects.ask(by=cast(User, request.user), **asked.validated_data)
        return Response(RemakingSerializer(row).data, status=status.HTTP_201_CREATED)


class OneRemaking(APIView):
    permission_classes = [HasRole.of("admin")]

    @extend_schema(responses=RemakingSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(RemakingSerializer(get_object_or_404(Remaking, pk=pk)).data)


class RemadeFilms(generics.ListAPIView):
    """Its films, and what came of each."""

    permission_classes = [HasRole.of("admin")]
    serializer_class = RemadeFilmSerializer
    pagination_class = InOrder
    queryset = RemadeFilm.objects.none()

    def get_queryset(self) -> Any:
        return get_object_or_404(Remaking, pk=self.kwargs["pk"]).items.all()


class TurnRemaking(APIView):
    permission_classes = [HasRole.of("admin")]

    @extend_schema(request=None, responses=RemakingSerializer)
    def post(self, request: Request, pk: int, turn: str) -> Response:
        """`pause`: what is finished of long films is kept; `resume`; `end`: what is not made yet stays as it is."""
        row = get_object_or_404(Remaking, pk=pk)
        {"pause": row.pause, "resume": row.resume, "end": row.end}[turn](cast(User, request.user))
        row.refresh_from_db()
        return Response(RemakingSerializer(row).data)


urlpatterns = [
    path("remakings/", Remakings.as_view(), name="api-remakings"),
    path("remakings/<int:pk>/", OneRemaking.as_view(), name="api-remaking"),
    path("remakings/<int:pk>/films/", RemadeFilms.as_view(), name="api-remade-films"),
    *(
        path(f"remakings/<int:pk>/{turn}/", TurnRemaking.as_view(), {"turn": turn}, name=f"api-remaking-{turn}")
        for turn in ("pause", "resume", "end")
    ),
]
