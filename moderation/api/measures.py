"""Cases, measures and appeals over the API. Moderators only."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.second_factor import must_be_confirmed
from marketplace.lib.rest import Cursor, MoneyField
from moderation import appeals, case_queue, measures, rulebook, targets
from moderation.filter_forms import CaseFilterForm
from moderation.measures import Effect
from moderation.measures.wish import MOST_DAYS, Wish
from moderation.models import Appeal, AppealAnswer, Case, CaseClaim, Measure

from .reports import AppealAnswerSerializer
from .review import ModerationView, is_closed


class CaseClaimSerializer(serializers.ModelSerializer):
    moderator = serializers.CharField(source="moderator.name", read_only=True)

    class Meta:
        model = CaseClaim
        fields = ["moderator", "claimed_at", "expires_at"]
        read_only_fields = fields


class ReportedCaseSerializer(serializers.ModelSerializer):
    claim = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = ["id", "kind", "key", "title", "opened_at", "closed_at", "due_at", "reports_count", "severity",
                  "rule_code", "language", "reach", "priority", "claim"]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(CaseClaimSerializer(allow_null=True))
    def get_claim(self, case: Case) -> dict[str, Any] | None:
        claim = next(iter(case.open_claims), None)  # type: ignore[attr-defined]  # prefetched by the queue
        return CaseClaimSerializer(claim).data if claim else None


class WishSerializer(serializers.Serializer):
    action = serializers.ChoiceField(choices=Measure.Action.choices)
    rule_code = serializers.SlugField(max_length=40, required=False, allow_blank=True, default="")
    reason = serializers.CharField(max_length=2000)
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, required=False, allow_null=True, default=None)
    case = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=2**31)
    is_bad_faith = serializers.BooleanField(required=False, default=False)


class DecideSerializer(WishSerializer):
    effect_version = serializers.CharField(max_length=40, help_text="Of the effect that was looked at.")


class EffectMessageSerializer(serializers.Serializer):
    subject = serializers.CharField()
    text = serializers.CharField()


class EffectSerializer(serializers.Serializer):
    """What the decision would do now."""

    learners = serializers.IntegerField()
    courses = serializers.IntegerField()
    sales = serializers.IntegerField()
    takes_back = serializers.BooleanField(help_text="Learners lose the course and get their money back.")
    money = MoneyField()
    has_changed = serializers.BooleanField(help_text="What was reported shows something else by now.")
    message = EffectMessageSerializer(allow_null=True)
    version = serializers.CharField()

    def to_representation(self, effect: Effect) -> dict[str, Any]:
        message = effect.message and {"subject": effect.message.subject, "text": effect.message.text}
        return {**effect.as_json(), "has_changed": effect.has_changed, "message": message}


class MeasureSerializer(serializers.ModelSerializer):
    rule = serializers.CharField(source="rule.code", default=None, read_only=True)
    rule_version = serializers.IntegerField(source="rule.number", default=None, read_only=True)
    reverses = serializers.IntegerField(source="reverses_id", read_only=True, allow_null=True)
    effect = serializers.JSONField(read_only=True)

    class Meta:
        model = Measure
        fields = ["id", "kind", "key", "title", "action", "cause", "rule", "rule_version", "reason", "decided_at",
                  "ends_at", "effect", "reverses"]  # fmt: skip
        read_only_fields = fields


class ReverseSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class ConfirmedReversalSerializer(ReverseSerializer):
    effect_version = serializers.CharField(max_length=16, help_text="Of what was seen before, by `weigh`.")


class AnswerAppealSerializer(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=AppealAnswer.Verdict.choices)
    reason = serializers.CharField(max_length=2000)


class ConfirmedAnswerSerializer(AnswerAppealSerializer):
    effect_version = serializers.CharField(max_length=16, help_text="Of what was seen before, by `weigh`.")


class EndingMailSerializer(EffectMessageSerializer):
    to = serializers.CharField()


class EndingSerializer(serializers.Serializer):
    """What ending a decision would do now."""

    learners = serializers.IntegerField(help_text="They have what was hidden in the open again.")
    courses = serializers.IntegerField()
    returning = serializers.IntegerField(help_text="Learners who had it for nothing and get it back.")
    told = serializers.IntegerField(help_text="People who reported it and hear of this.")
    released = serializers.ListField(child=MoneyField(), help_text="Payouts that go on.")
    made_good = serializers.ListField(child=MoneyField(), help_text="From the platform to those who sold.")
    given_back = serializers.ListField(child=MoneyField(), help_text="Of a claim's income, to the creators.")
    back = serializers.CharField(help_text="What comes back, in words; empty: nothing but what is counted.")
    mails = EndingMailSerializer(many=True)
    version = serializers.CharField()


class WeightiestFirst(Cursor):
    """Of the closed ones the newest first."""

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        return case_queue.NEWEST_CLOSED if is_closed(request) else case_queue.ORDER


class Cases(ModerationView, generics.ListAPIView):
    """Open cases, what matters most first, by the filters of the page; with `?closed=1` those that were decided."""

    serializer_class = ReportedCaseSerializer
    pagination_class = WeightiestFirst
    queryset = Case.objects.none()

    def get_queryset(self) -> Any:
        if is_closed(self.request):
            return case_queue.closed()
        return case_queue.waiting(self.request.user, CaseFilterForm(self.request.query_params).chosen)


class ClaimCase(ModerationView):
    @extend_schema(request=None, responses=CaseClaimSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Hold the case for a while, or renew that. 409 `claimed_by_another`, `case_closed`."""
        return Response(CaseClaimSerializer(CaseClaim.objects.take(get_object_or_404(Case, pk=pk), request.user)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Give it back."""
        get_object_or_404(CaseClaim.objects.open(), case=pk, moderator=request.user).release(by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Measures(ModerationView, generics.ListAPIView):
    """Every decision and every reversal, newest first."""

    serializer_class = MeasureSerializer
    queryset = Measure.objects.select_related("rule")


class _OnTarget(ModerationView):
    def wish(self, sent: dict[str, Any], kind: str, key: str) -> Wish:
        case = get_object_or_404(Case, pk=sent["case"], kind=kind, key=key) if sent["case"] else None
        target = case.target if case else targets.find(kind, key)
        if target is None:
            raise Http404
        rule = rulebook.book().rule(sent["rule_code"]) if sent["rule_code"] else None
        days, faith = sent["days"], sent["is_bad_faith"] and sent["action"] == Measure.Action.DISMISS
        return Wish(sent["action"], target, rule, sent["reason"], days, faith, case)


class WeighMeasure(_OnTarget):
    @extend_schema(request=WishSerializer, responses=EffectSerializer)
    def post(self, request: Request, kind: str, key: str) -> Response:
        """What a decision would do now; nothing is changed."""
        effect = measures.preview(self.wish(self.sent(WishSerializer), kind, key), request.user)
        return Response(EffectSerializer(effect).data)


class DecideMeasure(_OnTarget):
    @extend_schema(request=DecideSerializer, responses={201: MeasureSerializer})
    def post(self, request: Request, kind: str, key: str) -> Response:
        """Decide. 409 `effect_changed` with the version of now, `case_closed`, or what is so already.

        What gives everybody's money back has to be confirmed: 403 `confirmation_needed`.
        """
        sent = self.sent(DecideSerializer)
        wish = self.wish(sent, kind, key)
        if wish.takes_back:
            must_be_confirmed(request)
        made = measures.decide(wish, request.user, seen=sent["effect_version"])
        return Response(MeasureSerializer(made).data, status=status.HTTP_201_CREATED)


class WeighReversal(ModerationView):
    @extend_schema(request=ReverseSerializer, responses=EndingSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """What taking a decision back would do now; nothing is changed. 409 `measure_not_standing`."""
        measure = get_object_or_404(Measure.objects.with_all(), pk=pk)
        found = measures.preview_reversal(measure, request.user, self.sent(ReverseSerializer)["reason"])
        return Response(EndingSerializer(found).data)


class ReverseMeasure(ModerationView):
    @extend_schema(request=ConfirmedReversalSerializer, responses={201: MeasureSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Take a decision back: a new row, and what it took is put back. 409 `measure_not_standing`, `effect_changed`
        with the version of now.
        """
        measure, sent = get_object_or_404(Measure.objects.with_all(), pk=pk), self.sent(ConfirmedReversalSerializer)
        made = measures.reverse(measure, request.user, reason=sent["reason"], seen=sent["effect_version"])
        return Response(MeasureSerializer(made).data, status=status.HTTP_201_CREATED)


class WeighAnswer(ModerationView):
    @extend_schema(request=AnswerAppealSerializer, responses=EndingSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """What an answer to an appeal would do now; nothing is changed. 403 `same_person`, 409 `appeal_answered`."""
        appeal = get_object_or_404(Appeal.objects.with_all(), pk=pk)
        return Response(
            EndingSerializer(appeals.preview(appeal, request.user, **self.sent(AnswerAppealSerializer))).data
        )


class AnswerAppeal(ModerationView):
    @extend_schema(request=ConfirmedAnswerSerializer, responses={201: AppealAnswerSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Answer an appeal against another person's decision. 403 `same_person`, `partial`; 409 `appeal_answered`,
        `effect_changed` with the version of now.
        """
        appeal, sent = get_object_or_404(Appeal.objects.with_all(), pk=pk), self.sent(ConfirmedAnswerSerializer)
        seen = sent.pop("effect_version")
        made = appeals.answer(appeal, request.user, **sent, seen=seen)
        return Response(AppealAnswerSerializer(made).data, status=status.HTTP_201_CREATED)
