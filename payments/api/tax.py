"""Rates of tax over the API, for people of finance."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import HasRole
from payments.models import TaxRate
from payments.tax.serializers import TaxRateSerializer


class TaxRates(ListAPIView):
    """Every rate, past and to come. POST adds one; earlier sales keep theirs, and rows are never changed."""

    permission_classes = [HasRole.of("finance")]
    serializer_class = TaxRateSerializer
    queryset = TaxRate.objects.all()

    @extend_schema(request=TaxRateSerializer, responses={201: TaxRateSerializer})
    def post(self, request: Request) -> Response:
        asked = TaxRateSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        rate = TaxRate.objects.introduce(**asked.validated_data, by=request.user)
        return Response(TaxRateSerializer(rate).data, status=status.HTTP_201_CREATED)


urlpatterns = [path("tax-rates/", TaxRates.as_view(), name="api-tax-rates")]
