"""Prices in parts over the API: what a creator offers, the plan before it is agreed to, a buyer's plans, finance's."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from courses.models import Course
from creators.permissions import IsCreator
from marketplace.lib import clock
from marketplace.lib.addresses import address_of
from payments import checkout, pricing
from payments.api.buying import COUNTRY
from payments.instalments import giving_back, paying, plans, schedule
from payments.instalments.serializers import (
    FinanceInstalmentPlanSerializer,
    GiveBackSerializer,
    InstalmentOfferSerializer,
    InstalmentPlanSerializer,
    InstalmentProposalSerializer,
    OneFinancePlanSerializer,
    PayInstalmentsSerializer,
    StartInstalmentsSerializer,
)
from payments.models import InstalmentOffer, InstalmentPlan
from payments.order_serializers import OrderSerializer
from payments.referrals import Followed
from payments.refund_serializers import RefundSerializer


class CourseInstalments(APIView):
    """The plan of a course as you would agree to it today; 409 where it is paid at once only."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(parameters=[COUNTRY], responses=InstalmentProposalSerializer)
    def get(self, request: Request, slug: str) -> Response:
        course = get_object_or_404(Course.objects.on_sale(), slug=slug)
        if not plans.months_of(course):
            raise plans.NotInParts
        country = request.query_params.get("country", "").upper()[:2]
        quote = pricing.price_up(request.user, [course], country=country, at=clock.now())
        return Response(InstalmentProposalSerializer(plans.proposed(quote)).data)


class StudioInstalments(APIView):
    """Into how many parts buyers may let the price of your course fall. PUT counts for new buyers."""

    permission_classes = [IsCreator]

    @extend_schema(responses=InstalmentOfferSerializer)
    def get(self, request: Request, slug: str) -> Response:
        return _offer(_own(request, slug))

    @extend_schema(request=InstalmentOfferSerializer, responses=InstalmentOfferSerializer)
    def put(self, request: Request, slug: str) -> Response:
        asked, course = InstalmentOfferSerializer(data=request.data), _own(request, slug)
        asked.is_valid(raise_exception=True)
        InstalmentOffer.objects.choose(course, asked.validated_data["months"], by=request.user)
        return _offer(course)


class Plans(ListAPIView):
    """Your plans, newest first. POST agrees to one, and to the site's terms where it has published some (see `pages/`);
    it answers with the order of its first part.
    """

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = InstalmentPlanSerializer
    queryset = InstalmentPlan.objects.none()

    def get_queryset(self) -> QuerySet[InstalmentPlan]:
        return InstalmentPlan.objects.of(self.request.user).shown()

    @extend_schema(request=StartInstalmentsSerializer, responses={201: OrderSerializer})
    def post(self, request: Request) -> Response:
        asked = StartInstalmentsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        course = get_object_or_404(Course.objects.on_sale().cards(), slug=wanted["course"])
        order = checkout.start(
            buyer=request.user, courses=[course], expected=wanted["total"], referral=Followed(wanted["referral"]),
            billing=wanted.get("billing"), address=address_of(request),
            in_parts=plans.Agreed(wanted["months"], wanted["first_on"]),
        )  # fmt: skip
        return Response(OrderSerializer(order).data, status=status.HTTP_201_CREATED)


class Plan(RetrieveAPIView):
    """One of your plans."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = InstalmentPlanSerializer
    lookup_field = "token"
    queryset = InstalmentPlan.objects.none()

    def get_queryset(self) -> QuerySet[InstalmentPlan]:
        return InstalmentPlan.objects.of(self.request.user).shown()


class PayParts(APIView):
    """The order of the next part, or of all the rest, with the provider's page to pay it on."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=PayInstalmentsSerializer, responses={201: OrderSerializer})
    def post(self, request: Request, token: str) -> Response:
        asked = PayInstalmentsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        plan = get_object_or_404(InstalmentPlan.objects.of(request.user), token=token)
        order = paying.pay(plan, by=request.user, rest=asked.validated_data["rest"])
        return Response(OrderSerializer(order).data, status=status.HTTP_201_CREATED)


class FinancePlan(RetrieveAPIView):
    """A plan with what was paid of it and what can still be given back."""

    permission_classes = [HasRole.of("finance")]
    serializer_class = OneFinancePlanSerializer
    lookup_field = "token"
    queryset = InstalmentPlan.objects.none()

    def get_queryset(self) -> QuerySet[InstalmentPlan]:
        return InstalmentPlan.objects.visible_to(self.request.user).shown()


class GivePartsBack(APIView):
    """Give back all that is left of the parts of a plan, or a sum spread over them; a refund each. The money moves
    afterwards.
    """

    permission_classes = [HasRole.of("finance")]

    @extend_schema(request=GiveBackSerializer, responses={202: RefundSerializer(many=True)})
    def post(self, request: Request, token: str) -> Response:
        asked = GiveBackSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        plan = get_object_or_404(InstalmentPlan.objects.visible_to(request.user), token=token)
        refunds = giving_back.give_back(plan, by=request.user, **asked.validated_data)
        return Response(RefundSerializer(refunds, many=True).data, status=status.HTTP_202_ACCEPTED)


class GivePartBackAgain(APIView):
    """Give back once more what the provider refused of one part; no other part gives anything for it."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(request=None, responses={202: RefundSerializer})
    def post(self, request: Request, token: str, number: str) -> Response:
        plan = get_object_or_404(InstalmentPlan.objects.visible_to(request.user), token=token)
        order = get_object_or_404(plan.orders, number=number)
        refund = giving_back.once_more(plan, order, by=request.user)
        return Response(RefundSerializer(refund).data, status=status.HTTP_202_ACCEPTED)


class FinancePlans(ListAPIView):
    """Plans of which a part did not come."""

    permission_classes = [HasRole.of("finance")]
    serializer_class = FinanceInstalmentPlanSerializer
    queryset = InstalmentPlan.objects.none()

    def get_queryset(self) -> QuerySet[InstalmentPlan]:
        return InstalmentPlan.objects.in_trouble().shown()


def _own(request: Request, slug: str) -> Course:
    return get_object_or_404(Course.objects.editable_by(request.user).select_related("creator"), slug=slug)


def _offer(course: Course) -> Response:
    told = {
        "months": InstalmentOffer.objects.months_of(course), "least_price": schedule.least_price(course.currency),
        "is_possible": plans.months_of(course) > 0,
    }  # fmt: skip
    return Response(InstalmentOfferSerializer(told).data)


urlpatterns = [
    path("courses/<slug:slug>/instalments/", CourseInstalments.as_view(), name="api-course-instalments"),
    path("studio/courses/<slug:slug>/instalments/", StudioInstalments.as_view(), name="api-studio-instalments"),
    path("instalments/", Plans.as_view(), name="api-instalments"),
    path("instalments/<uuid:token>/", Plan.as_view(), name="api-instalment"),
    path("instalments/<uuid:token>/pay/", PayParts.as_view(), name="api-instalment-pay"),
    path("finance/instalments/", FinancePlans.as_view(), name="api-finance-instalments"),
    path("finance/instalments/<uuid:token>/", FinancePlan.as_view(), name="api-finance-instalment"),
    path("finance/instalments/<uuid:token>/refund/", GivePartsBack.as_view(), name="api-finance-instalment-refund"),
    path(
        "finance/instalments/<uuid:token>/refund-again/<slug:number>/",
        GivePartBackAgain.as_view(),
        name="api-finance-instalment-again",
    ),
]
