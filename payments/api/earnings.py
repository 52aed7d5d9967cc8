"""A creator's earnings, payouts and payout account over the API."""

from django.db.models import QuerySet
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from creators.models import Creator
from creators.permissions import IsCreator
from payments import onboarding
from payments.earnings import overview, sales_of
from payments.models import OrderItem, Payout
from payments.serializers import OverviewSerializer, PayoutAccountSerializer, PayoutSerializer, SaleSerializer


class Earnings(APIView):
    """Your balances by state and currency, and the next payout."""

    permission_classes = [IsCreator]

    @extend_schema(responses=OverviewSerializer)
    def get(self, request: Request) -> Response:
        creator: Creator = request.user.creator
        return Response(OverviewSerializer(overview(creator)).data)


class Sales(ListAPIView):
    """Your sales, newest first: the price, the platform's fee and its rule, your share, and its way to you by date."""

    permission_classes = [IsCreator]
    serializer_class = SaleSerializer
    queryset = OrderItem.objects.none()

    def get_queryset(self) -> QuerySet[OrderItem]:
        return sales_of(self.request.user.creator)


class Payouts(ListAPIView):
    """What was sent to you, or is on its way."""

    permission_classes = [IsCreator]
    serializer_class = PayoutSerializer
    queryset = Payout.objects.none()

    def get_queryset(self) -> QuerySet[Payout]:
        return Payout.objects.filter(creator=self.request.user.creator).select_related("creator")


class PayoutAccount(APIView):
    """Begin or go on setting up where your money is sent; asked again, it tells the present state."""

    permission_classes = [IsCreator]

    @extend_schema(request=None, responses={200: PayoutAccountSerializer})
    def post(self, request: Request) -> Response:
        started = onboarding.start(request.user.creator)
        return Response(PayoutAccountSerializer(started).data, status=status.HTTP_200_OK)


urlpatterns = [
    path("earnings/", Earnings.as_view(), name="api-earnings"),
    path("earnings/sales/", Sales.as_view(), name="api-earnings-sales"),
    path("payouts/", Payouts.as_view(), name="api-payouts"),
    path("payout-account/", PayoutAccount.as_view(), name="api-payout-account"),
]
