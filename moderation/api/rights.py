"""Claims of copyright over the API: for their sides below /rights/, for moderators below /moderation/rights/."""

from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.second_factor import must_be_confirmed
from marketplace.lib.rest import MoneyField
from moderation import reports, rights
from moderation.models import RightsClaim, RightsStep
from moderation.rights import awards
from moderation.rights import proof as rights_proof
from moderation.rights.verdicts import VERDICTS as VERDICT_ACTIONS
from moderation.rights.verdicts import Income, Verdict

from .measures import EffectSerializer
from .review import ModerationView

VERDICTS = [kind.value for kind in VERDICT_ACTIONS]


class RightsStepSerializer(serializers.ModelSerializer):
    class Meta:
        model = RightsStep
        fields = ["kind", "text", "at", "due_at"]
        read_only_fields = fields


class RightsClaimSerializer(serializers.ModelSerializer):
    steps = RightsStepSerializer(many=True, read_only=True)

    class Meta:
        model = RightsClaim
        fields = ["id", "kind", "key", "title", "holder", "work", "proof", "proof_url", "proof_name", "filed_at",
                  "state", "due_at", "steps"]  # fmt: skip
        read_only_fields = fields


class AwardSerializer(serializers.Serializer):
    awarded = serializers.ListField(child=MoneyField(), help_text="Yours, and not in your balance yet.")
    held = serializers.ListField(child=MoneyField(), help_text="Becomes yours as the time of each sale's buyer ends.")
    paid = serializers.ListField(child=MoneyField(), help_text="In your balance.")
    stage = serializers.ChoiceField(choices=awards.Stage.choices, help_text="What it waits for.")
    is_final = serializers.BooleanField()
    final_at = serializers.DateTimeField(allow_null=True)


class OwnRightsClaimSerializer(RightsClaimSerializer):
    award = serializers.SerializerMethodField()

    class Meta(RightsClaimSerializer.Meta):
        fields = [*RightsClaimSerializer.Meta.fields, "award"]
        read_only_fields = fields

    @extend_schema_field(AwardSerializer(allow_null=True))
    def get_award(self, claim: RightsClaim) -> dict[str, Any] | None:
        """For the claimant alone."""
        found = awards.of(claim) if claim.claimant_id == self.context["request"].user.pk else None
        return dict(AwardSerializer(found).data) if found else None


class FileClaimSerializer(serializers.Serializer):
    holder = serializers.CharField(max_length=200)
    work = serializers.CharField(max_length=300)
    proof = serializers.CharField(max_length=4000)
    proof_url = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")
    file = serializers.FileField(
        source="upload", required=False, help_text="That proves it, up to 20 MB; in a multipart body."
    )
    is_good_faith = serializers.BooleanField(help_text="Must be true.")

    def validate_is_good_faith(self, value: bool) -> bool:
        if not value:
            raise serializers.ValidationError("A claim is made in good faith.")
        return value


class RightsAnswerSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=4000)


class WithdrawClaimSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class RightsVerdictSerializer(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=VERDICTS)
    reason = serializers.CharField(max_length=2000)
    hides = serializers.BooleanField(required=False, default=False, help_text="Only with `uphold`.")
    income = serializers.ChoiceField(choices=Income.choices, required=False, default=Income.CLAIMANT)

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if sent["hides"] and sent["verdict"] != "uphold":
            raise serializers.ValidationError("What is taken from the creator needs an upheld claim.")
        return sent


class ConfirmedVerdictSerializer(RightsVerdictSerializer):
    effect_version = serializers.CharField(max_length=16, help_text="Of what was seen before, by `weigh`.")


class VerdictMailSerializer(serializers.Serializer):
    to = serializers.CharField()
    subject = serializers.CharField()
    text = serializers.CharField()


class WeighedSerializer(serializers.Serializer):
    """What the verdict would do now."""

    escrow = serializers.ListField(child=MoneyField(), help_text="What waits of the course's income.")
    outcome = serializers.CharField(help_text="Whose that becomes: claimant, learners or creator.")
    hiding = EffectSerializer(allow_null=True)
    refunding = EffectSerializer(allow_null=True)
    mails = VerdictMailSerializer(many=True)
    version = serializers.CharField()


class FileClaim(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=FileClaimSerializer, responses={201: RightsClaimSerializer})
    def post(self, request: Request, kind: str, key: str) -> Response:
        """Claim that a course or a lesson shows a work. 400 `no_such_target`, 409 `already_claimed`, 429."""
        target = reports.target_or_404(kind, key, request.user)
        sent = FileClaimSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        claim = rights.file(target, request.user, **sent.validated_data)
        return Response(RightsClaimSerializer(claim).data, status=status.HTTP_201_CREATED)


class MyClaims(generics.ListAPIView):
    """What I claim, and what is claimed about my courses, newest first."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = RightsClaimSerializer
    queryset = RightsClaim.objects.none()

    def get_queryset(self) -> Any:
        return RightsClaim.objects.of_party(self.request.user).prefetch_related("steps")


class MyClaim(generics.RetrieveAPIView):
    """One claim; its claimant also sees what it awards, and what is still to be done to be paid."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = OwnRightsClaimSerializer
    queryset = RightsClaim.objects.none()

    def get_queryset(self) -> Any:
        return RightsClaim.objects.of_party(self.request.user).prefetch_related("steps")


class _Side(APIView):
    permission_classes = [permissions.IsAuthenticated]

    def answered(self, step: RightsStep) -> Response:
        return Response(RightsStepSerializer(step).data, status=status.HTTP_201_CREATED)

    def claim(self, pk: int) -> RightsClaim:
        return get_object_or_404(RightsClaim.objects.of_party(self.request.user), pk=pk)

    def text(self, shape: type[serializers.Serializer]) -> str:
        sent = shape(data=self.request.data)
        sent.is_valid(raise_exception=True)
        return sent.validated_data["text"]


class Counter(_Side):
    @extend_schema(request=RightsAnswerSerializer, responses={201: RightsStepSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """The creator's counter-notice. 409 `not_now`."""
        return self.answered(rights.counter(self.claim(pk), request.user, self.text(RightsAnswerSerializer)))


class GoOn(_Side):
    @extend_schema(request=RightsAnswerSerializer, responses={201: RightsStepSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """The claimant says that the dispute goes on. 409 `not_now`."""
        return self.answered(rights.go_on(self.claim(pk), request.user, self.text(RightsAnswerSerializer)))


class Withdraw(_Side):
    @extend_schema(request=WithdrawClaimSerializer, responses={201: RightsStepSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """The claimant takes the claim back. 409 `not_now`."""
        return self.answered(rights.withdraw(self.claim(pk), request.user, self.text(WithdrawClaimSerializer)))


class Proof(APIView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses={(200, "application/octet-stream"): bytes})
    def get(self, request: Request, pk: int) -> FileResponse:
        """The file that proves a claim: for both sides, and for moderators. 404 where there is none."""
        return rights_proof.download(pk, request.user)


class Admit(ModerationView):
    @extend_schema(request=None, responses={201: RightsStepSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Tell the creator and start the clock. 409 `claim_moved_on`."""
        step = rights.admit(get_object_or_404(RightsClaim, pk=pk), request.user)
        return Response(RightsStepSerializer(step).data, status=status.HTTP_201_CREATED)


class _OfVerdict(ModerationView):
    def wanted(self, sent: dict[str, Any]) -> Verdict:
        return Verdict(sent["verdict"], sent["reason"], sent["hides"], sent["income"])


class Weigh(_OfVerdict):
    @extend_schema(request=RightsVerdictSerializer, responses=WeighedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """What the verdict would do now; nothing is changed.

        409 `claim_moved_on`, `creator_not_heard`, `earlier_claim_is_open` with the `claim` that has to end first.
        """
        claim = get_object_or_404(RightsClaim, pk=pk)
        weighed = rights.preview(claim, request.user, self.wanted(self.sent(RightsVerdictSerializer)))
        return Response(WeighedSerializer(weighed).data)


class Decide(_OfVerdict):
    @extend_schema(request=ConfirmedVerdictSerializer, responses={201: RightsStepSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """The verdict. 409 `effect_changed` with the version of now, `claim_moved_on`, `creator_not_heard`,
        `earlier_claim_is_open` with the `claim` that has to end first.

        What takes money has to be confirmed with the second factor.
        """
        sent = self.sent(ConfirmedVerdictSerializer)
        wanted = self.wanted(sent)
        if wanted.takes_money:
            must_be_confirmed(request)
        step = rights.decide(get_object_or_404(RightsClaim, pk=pk), request.user, wanted, seen=sent["effect_version"])
        return Response(RightsStepSerializer(step).data, status=status.HTTP_201_CREATED)
