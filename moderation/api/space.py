"""A creator's space for originals over the API. Administrators only."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from creators.models import Creator
from videos.models import SpaceGrant
from videos.models.space import MOST_GB


class SpaceGrantSerializer(serializers.ModelSerializer):
    gigabytes = serializers.IntegerField(min_value=1, max_value=MOST_GB, write_only=True)

    class Meta:
        model = SpaceGrant
        fields = ["gigabytes", "reason", "limit_bytes", "granted_at"]
        read_only_fields = ["limit_bytes", "granted_at"]


class GrantSpace(APIView):
    permission_classes = [HasRole.of("admin")]

    @extend_schema(request=SpaceGrantSerializer, responses={201: SpaceGrantSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Set how much a creator may keep, for a reason; the newest word counts."""
        creator = get_object_or_404(Creator.objects.select_related("user"), slug=slug)
        asked = SpaceGrantSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = SpaceGrant.objects.grant(owner=creator.user, by=request.user, **asked.validated_data)
        return Response(SpaceGrantSerializer(row).data, status=status.HTTP_201_CREATED)
