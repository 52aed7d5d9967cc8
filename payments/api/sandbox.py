"""The sandbox's clock over the API. It exists while the sandbox plays the provider only."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from marketplace.lib import clock
from payments.order_serializers import AdvanceClockSerializer, ClockSerializer


class SandboxClock(APIView):
    """The time that holds, releases and payouts go by. POST moves it forward; it never goes back."""

    permission_classes = [HasRole.of("finance", commits_itself=True)]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if settings.PAYMENTS_TRANSPORT != "sandbox":
            raise Http404
        super().initial(request, *args, **kwargs)

    @extend_schema(responses=ClockSerializer)
    def get(self, request: Request) -> Response:
        return Response(ClockSerializer({"now": clock.now()}).data)

    @extend_schema(request=AdvanceClockSerializer, responses=ClockSerializer)
    def post(self, request: Request) -> Response:
        asked = AdvanceClockSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        by = timedelta(seconds=asked.validated_data["advance_seconds"])
        return Response(ClockSerializer({"now": clock.advance(by, moved_by=request.user)}).data)


urlpatterns = [path("sandbox/clock/", SandboxClock.as_view(), name="api-sandbox-clock")]
