"""Community review over the API: one's standing, one case at a time, a vote."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from moderation.community import showing, voting
from moderation.models import CommunityTurn
from moderation.models.community import Verdict


class StandingPointSerializer(serializers.Serializer):
    label = serializers.CharField()
    has = serializers.IntegerField()
    asks = serializers.IntegerField()
    is_met = serializers.BooleanField()


class CommunityStandingSerializer(serializers.Serializer):
    is_reviewer = serializers.BooleanField()
    may_join = serializers.BooleanField(help_text="Joining asks for a test, on the page.")
    may_go_on = serializers.BooleanField()
    votes = serializers.IntegerField()
    agreement = serializers.IntegerField(allow_null=True, help_text="Percent of decided cases.")
    points = StandingPointSerializer(many=True)


class CommunityCaseSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="turn.pk")
    kind = serializers.CharField(source="turn.case.kind")
    ends_at = serializers.DateTimeField(source="turn.ends_at")
    shown = serializers.JSONField(source="evidence.shown")
    rules = serializers.SerializerMethodField()

    def get_rules(self, told: dict) -> list[str]:
        return [rule.code for rule in told["rules"]]


class CommunityVoteSerializer(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    text = serializers.CharField(min_length=10, max_length=500)


class Standing(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=CommunityStandingSerializer)
    def get(self, request: Request) -> Response:
        """What is asked of community reviewers, what I have of it, and how my votes did."""
        told = showing.home(request.user)
        agreement = told["record"].agreement
        shown = {**told, "is_reviewer": told["reviewer"] is not None, "agreement": agreement}
        return Response(CommunityStandingSerializer(shown).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Review no more. 403 `no_community_reviewer`."""
        voting.leave(request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class NextCase(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=None, responses=CommunityCaseSerializer)
    def post(self, request: Request) -> Response:
        """The case that I have, or one drawn for me. 403 `no_community_reviewer`, 409 `nothing_to_vote_on`."""
        return Response(CommunityCaseSerializer(showing.case(voting.take(request.user))).data)


class Vote(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=CommunityVoteSerializer, responses={201: CommunityVoteSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """My vote on the case that I have. 409 `voting_closed`."""
        turn = get_object_or_404(CommunityTurn, pk=pk, reviewer__person=request.user)
        sent = CommunityVoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        given = voting.vote(request.user, turn.pk, **sent.validated_data)
        return Response(CommunityVoteSerializer(given).data, status=status.HTTP_201_CREATED)
