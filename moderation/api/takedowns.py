"""Courses off the sale over the API: the short way of the measure `unpublish`. Moderators only."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.second_factor import must_be_confirmed
from courses.models import Takedown
from moderation import measures, rulebook, targets
from moderation.measures import adopting
from moderation.measures.wish import Wish

from .measures import ConfirmedReversalSerializer, EndingSerializer, ReverseSerializer
from .review import ModerationView


class TakeDownSerializer(serializers.Serializer):
    rule_code = serializers.SlugField(max_length=40)
    reason = serializers.CharField(max_length=2000)
    effect_version = serializers.CharField(max_length=40, help_text="Of the effect of `unpublish` that was looked at.")


class TakedownSerializer(serializers.ModelSerializer):
    course = serializers.CharField(source="course.slug", read_only=True)

    class Meta:
        model = Takedown
        fields = ["id", "course", "rule_code", "reason", "taken_down_at", "lifted_at", "lift_reason"]
        read_only_fields = fields


class Takedowns(ModerationView, generics.ListAPIView):
    """Every takedown, newest first; lifted ones too."""

    serializer_class = TakedownSerializer
    queryset = Takedown.objects.select_related("course")


class TakeDown(ModerationView):
    @extend_schema(request=TakeDownSerializer, responses={201: TakedownSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Take a course off the sale: the measure `unpublish`, in short. 409 `already_taken_down`, `effect_changed`.

        Under a rule that gives everybody's money back it has to be confirmed: 403 `confirmation_needed`.
        """
        target, sent = targets.find("course", slug), self.sent(TakeDownSerializer)
        if target is None:
            raise Http404
        wish = Wish("unpublish", target, rulebook.book().rule(sent["rule_code"]), sent["reason"])
        if wish.takes_back:
            must_be_confirmed(request)
        measure = measures.decide(wish, request.user, seen=sent["effect_version"])
        return Response(TakedownSerializer(measure.takedown).data, status=status.HTTP_201_CREATED)


class _OfTakedown(ModerationView):
    def takedown(self) -> Takedown:
        return get_object_or_404(Takedown.objects.select_related("course__creator__user"), pk=self.kwargs["pk"])


class WeighLift(_OfTakedown):
    @extend_schema(request=ReverseSerializer, responses=EndingSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """What putting the course back on sale would do now; nothing is changed. 409 `measure_not_standing`."""
        measure, sent = adopting.of_takedown(self.takedown()), self.sent(ReverseSerializer)
        return Response(EndingSerializer(measures.preview_reversal(measure, request.user, sent["reason"])).data)


class LiftTakedown(_OfTakedown):
    @extend_schema(request=ConfirmedReversalSerializer, responses=TakedownSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Put the course back on sale. 409 `measure_not_standing`, `effect_changed` with the version of now."""
        takedown, sent = self.takedown(), self.sent(ConfirmedReversalSerializer)
        measure = adopting.of_takedown(takedown)
        measures.reverse(measure, request.user, reason=sent["reason"], seen=sent["effect_version"])
        takedown.refresh_from_db()
        return Response(TakedownSerializer(takedown).data)
