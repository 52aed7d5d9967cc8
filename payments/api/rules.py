"""The rules of sharing over the API: everybody reads them; finance tries new ones out and introduces them."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from payments import rules, simulation
from payments.models import RevenueRule
from payments.rule_serializers import NewRuleSerializer, RevenueRuleSerializer, RuleEffectsSerializer, TermsSerializer


class RevenueRules(ListAPIView):
    """Every version of every rule, also those that are announced. Posting introduces one (finance)."""

    serializer_class = RevenueRuleSerializer
    queryset = RevenueRule.objects.all()

    def get_permissions(self) -> list[BasePermission]:
        return [HasRole.of("finance")() if self.request.method == "POST" else AllowAny()]

    @extend_schema(request=NewRuleSerializer, responses={201: RevenueRuleSerializer})
    def post(self, request: Request) -> Response:
        asked = NewRuleSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        rule = rules.introduce(asked.terms, by=request.user, reason=asked.validated_data["reason"])
        return Response(RevenueRuleSerializer(rule).data, status=status.HTTP_201_CREATED)


class Simulation(APIView):
    """What a rule would have done to the sales of the last 90 days. Nothing is written. A price in parts is a sale of
    the day of its first part, with the parts that have come; each month of a membership is a sale.
    """

    permission_classes = [HasRole.of("finance")]

    @extend_schema(request=TermsSerializer, responses={200: RuleEffectsSerializer})
    def post(self, request: Request) -> Response:
        asked = TermsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        told = {"effects": simulation.simulate(asked.terms), "pass_months_left_out": simulation.left_out(asked.terms)}
        return Response(RuleEffectsSerializer(told).data)


urlpatterns = [
    path("revenue-rules/", RevenueRules.as_view(), name="api-revenue-rules"),
    path("revenue-rules/simulation/", Simulation.as_view(), name="api-revenue-rule-simulation"),
]
