"""Staff over the API, for administrators: the audit log."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import roles, second_factor
from .models import AuditEvent, RoleGrant, User
from .permissions import HasRole
from .staff_forms import AuditFilterForm, GiveRoleForm

FILTERS = [
    OpenApiParameter("who", str, description="The e-mail address of who did it."),
    OpenApiParameter("thing", str, description='Kind, or kind and number: "courses.course", "courses.course:7".'),
    OpenApiParameter("verb", str, description='The act, or how it begins: "payouts.".'),
    OpenApiParameter("day", OpenApiTypes.DATE, description="One day, in UTC."),
    OpenApiParameter("request_id", str),
]


class AuditEventSerializer(serializers.ModelSerializer):
    who = serializers.CharField(source="actor.email", default=None, allow_null=True)
    facts = serializers.JSONField()

    class Meta:
        model = AuditEvent
        fields = ["id", "at", "who", "roles", "verb", "target", "facts", "address", "request_id"]


class StaffReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class Audit(ListAPIView):
    """What people with power did, newest first. Rows of this log are never changed."""

    permission_classes = [HasRole.of("admin")]
    serializer_class = AuditEventSerializer
    queryset = AuditEvent.objects.none()

    def get_queryset(self) -> QuerySet[AuditEvent]:
        form, rows = AuditFilterForm.found(self.request.query_params)
        if form.errors:
            raise ValidationError(form.errors.get_json_data())
        return rows

    @extend_schema(parameters=FILTERS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class TakeSecondFactor(APIView):
    """Take away the second factor of a person of staff who has lost it; she sets up another one."""

    permission_classes = [HasRole.of("admin", confirmed=True)]

    @extend_schema(request=StaffReasonSerializer, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        sent = StaffReasonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        second_factor.take_away(get_object_or_404(User.objects.staff(), pk=pk), by=request.user, **sent.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class GiveRoleSerializer(serializers.Serializer):
    person = serializers.EmailField(help_text="The address of an account.")
    role = serializers.ChoiceField(choices=RoleGrant.Role.choices)
    reason = serializers.CharField(max_length=300)


class RoleGrantSerializer(serializers.ModelSerializer):
    person = serializers.EmailField(source="user.email")

    class Meta:
        model = RoleGrant
        fields = ["id", "person", "role", "granted_at", "reason", "revoked_at", "revoke_reason"]
        read_only_fields = fields


class Roles(ListAPIView):
    """Every role that was given, the newest first; those that were taken back too."""

    permission_classes = [HasRole.of("admin", confirmed=True)]
    serializer_class = RoleGrantSerializer
    queryset = RoleGrant.objects.select_related("user")

    @extend_schema(request=GiveRoleSerializer, responses={201: RoleGrantSerializer})
    def post(self, request: Request) -> Response:
        """Give a role. 403 for your own and `confirmation_needed`, 409 `role_held_already`."""
        sent = GiveRoleSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        form = GiveRoleForm(sent.validated_data)  # finds the account
        if not form.is_valid():
            raise ValidationError(form.errors.get_json_data())
        grant = roles.give(by=request.user, **form.cleaned_data)
        return Response(RoleGrantSerializer(grant).data, status=status.HTTP_201_CREATED)


class WithdrawRole(APIView):
    permission_classes = [HasRole.of("admin", confirmed=True)]

    @extend_schema(request=StaffReasonSerializer, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Take a role back. 403 for your own and `confirmation_needed`, 409 `role_withdrawn`."""
        sent = StaffReasonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        roles.withdraw(get_object_or_404(RoleGrant, pk=pk), by=request.user, **sent.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("staff/roles/", Roles.as_view(), name="api-roles"),
    path("staff/roles/<int:pk>/withdraw/", WithdrawRole.as_view(), name="api-withdraw-role"),
    path("staff/audit/", Audit.as_view(), name="api-audit"),
    path("staff/people/<int:pk>/second-factor/", TakeSecondFactor.as_view(), name="api-take-second-factor"),
]
