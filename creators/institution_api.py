"""Institutions over the API: the public ones, and one's own with their members."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Institution, Invitation, Membership
from .serializers import ProofSerializer


class InstitutionSerializer(serializers.ModelSerializer):
    proof = ProofSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Institution
        fields = ["slug", "name", "domain", "kind", "about", "is_verified", "proof"]
        read_only_fields = ["slug", "is_verified"]


class MemberSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="user.__str__", read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "name", "role", "since"]
        read_only_fields = ["id", "since"]


class InviteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Invitation
        fields = ["id", "email", "role", "invited_at"]
        read_only_fields = ["id", "invited_at"]


class InvitedSerializer(serializers.ModelSerializer):
    """An invitation as whom it was sent to sees it."""

    institution = serializers.CharField(source="institution.name", read_only=True)
    invited_by = serializers.CharField(source="invited_by.__str__", read_only=True)

    class Meta:
        model = Invitation
        fields = ["code", "institution", "role", "invited_by", "invited_at"]
        read_only_fields = fields


class ReplySerializer(serializers.Serializer):
    accept = serializers.BooleanField()


class Institutions(ListAPIView):
    """Verified institutions."""

    permission_classes = [permissions.AllowAny]
    serializer_class = InstitutionSerializer
    filter_backends: list = []
    queryset = Institution.objects.public()


class OneInstitution(RetrieveAPIView):
    permission_classes = [permissions.AllowAny]
    serializer_class = InstitutionSerializer
    lookup_field = "slug"
    filter_backends: list = []
    queryset = Institution.objects.public()


class Mine(APIView):
    """Institutions of which you are a member; POST starts one, with you as its owner."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=InstitutionSerializer(many=True), operation_id="my_institutions")
    def get(self, request: Request) -> Response:
        return Response(InstitutionSerializer(Institution.objects.of(request.user), many=True).data)

    @extend_schema(request=InstitutionSerializer, responses={201: InstitutionSerializer})
    def post(self, request: Request) -> Response:
        made = Institution.objects.start(by=request.user, **_told(InstitutionSerializer, request))
        return Response(InstitutionSerializer(made).data, status=status.HTTP_201_CREATED)


class OneOfMine(APIView):
    """PATCH changes what its page says: another name or domain takes the badge away. 403 for who may not edit it."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=InstitutionSerializer, operation_id="my_institution")
    def get(self, request: Request, slug: str) -> Response:
        return Response(InstitutionSerializer(_hers(request, slug)).data)

    @extend_schema(request=InstitutionSerializer, responses=InstitutionSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        found = _hers(request, slug)
        asked = InstitutionSerializer(found, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        found.edit(asked.validated_data, by=request.user)
        return Response(InstitutionSerializer(_hers(request, slug)).data)


class Members(APIView):
    """Its members; POST invites somebody by mail. 403 for who is no owner."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=MemberSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        members = _hers(request, slug).members.active().select_related("user")
        return Response(MemberSerializer(members, many=True).data)

    @extend_schema(request=InviteSerializer, responses={201: InviteSerializer})
    def post(self, request: Request, slug: str) -> Response:
        found, told = _hers(request, slug), _told(InviteSerializer, request)
        row = Invitation.objects.invite(found, told["email"], told["role"], by=request.user)
        return Response(InviteSerializer(row).data, status=status.HTTP_201_CREATED)


class Member(APIView):
    """PATCH gives another role, DELETE takes somebody out. 409 `last_owner` where nobody would be left to own it."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=MemberSerializer, responses=MemberSerializer)
    def patch(self, request: Request, slug: str, pk: int) -> Response:
        member = get_object_or_404(_hers(request, slug).members.active(), pk=pk)
        new = member.change_role(_told(MemberSerializer, request)["role"], by=request.user)
        return Response(MemberSerializer(new).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        get_object_or_404(_hers(request, slug).members.active(), pk=pk).end(by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Invitations(APIView):
    """Open invitations into it; they are sent by POST to its members. Owners see them."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=InviteSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        found = _hers(request, slug)
        found.must(request.user, "manage")
        return Response(InviteSerializer(found.invitations.open(), many=True).data)


class OneInvitation(APIView):
    """DELETE withdraws it. 403 for who is no owner; 409 `invitation_over`."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        get_object_or_404(_hers(request, slug).invitations.open(), pk=pk).withdraw(by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MyInvitations(APIView):
    """Open invitations to your own address, once it is confirmed; until then their codes stand in the mails alone."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=InvitedSerializer(many=True), operation_id="my_invitations")
    def get(self, request: Request) -> Response:
        mine = Invitation.objects.open().shown_to(request.user).select_related("institution", "invited_by")
        return Response(InvitedSerializer(mine, many=True).data)


class AnswerInvitation(APIView):
    """Join, or decline. 404 for another's; 409 `invitation_over`, `already_member`."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=ReplySerializer, responses={200: MemberSerializer, 204: None})
    def post(self, request: Request, code: str) -> Response:
        found = get_object_or_404(Invitation.objects.to(request.user).select_related("institution"), code=code)
        member = found.reply(_told(ReplySerializer, request)["accept"], by=request.user)
        return Response(MemberSerializer(member).data) if member else Response(status=status.HTTP_204_NO_CONTENT)


def _hers(request: Request, slug: str) -> Institution:
    return get_object_or_404(Institution.objects.of(request.user), slug=slug)


def _told(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    asked = shape(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data


urlpatterns = [
    path("institutions/", Institutions.as_view(), name="api-institutions"),
    path("institutions/<slug:slug>/", OneInstitution.as_view(), name="api-institution"),
    path("studio/institutions/", Mine.as_view(), name="api-my-institutions"),
    path("studio/institutions/invitations/", MyInvitations.as_view(), name="api-my-invitations"),
    path("studio/institutions/invitations/<str:code>/", AnswerInvitation.as_view(), name="api-answer-invitation"),
    path("studio/institutions/<slug:slug>/", OneOfMine.as_view(), name="api-my-institution"),
    path("studio/institutions/<slug:slug>/invitations/", Invitations.as_view(), name="api-institution-invitations"),
    path(
        "studio/institutions/<slug:slug>/invitations/<int:pk>/",
        OneInvitation.as_view(),
        name="api-institution-invitation",
    ),
    path("studio/institutions/<slug:slug>/members/", Members.as_view(), name="api-institution-members"),
    path("studio/institutions/<slug:slug>/members/<int:pk>/", Member.as_view(), name="api-institution-member"),
]
