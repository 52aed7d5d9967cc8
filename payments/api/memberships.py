"""Memberships over the API: what is offered, a member's own, what a creator offers, finance's list and the pass."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import permissions, status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from courses.models import Course
from creators.models import Creator
from creators.permissions import IsCreator
from payments.memberships import agreeing, canceling, ending, paying, rights, taking_back
from payments.memberships.serializers import (
    ChooseMembershipSerializer,
    ChoosePassSerializer,
    CloseMembershipSerializer,
    FinanceMembershipSerializer,
    MarkCourseSerializer,
    MembershipOfferSerializer,
    MembershipPageSerializer,
    MembershipProposalSerializer,
    MembershipSerializer,
    StartMembershipSerializer,
    TakeMonthBackSerializer,
)
from payments.models import Membership, MembershipCourse, MembershipOffer, PassListing
from payments.models.membership_offer import NoMembership
from payments.models.membership_queries import FINANCE_SHOWS
from payments.order_serializers import OrderSerializer
from payments.refund_serializers import RefundSerializer

COUNTRY = OpenApiParameter("country", str, description="By whose tax, two letters; else the seller's.")


class CreatorMembership(APIView):
    """A creator's membership as you would agree to it today; 409 where none is offered."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(parameters=[COUNTRY], responses=MembershipProposalSerializer)
    def get(self, request: Request, slug: str) -> Response:
        return _proposed(request, get_object_or_404(Creator.objects.visible(), slug=slug))


class Pass(APIView):
    """The pass of the whole site as you would agree to it today; 409 where it is not offered."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(parameters=[COUNTRY], responses=MembershipProposalSerializer)
    def get(self, request: Request) -> Response:
        return _proposed(request, None)


class FinancePass(APIView):
    """What the pass costs new members, and whether it is offered; 409 before the first time."""

    permission_classes = [HasRole.of("finance")]

    @extend_schema(responses=MembershipOfferSerializer)
    def get(self, request: Request) -> Response:
        return _present(None)

    @extend_schema(request=ChoosePassSerializer, responses=MembershipOfferSerializer)
    def put(self, request: Request) -> Response:
        asked = ChoosePassSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        offer = MembershipOffer.objects.choose(None, by=request.user, **asked.validated_data)
        return Response(MembershipOfferSerializer(offer).data)


class StudioMembership(APIView):
    """What you offer; 409 before the first time. PUT counts for new members."""

    permission_classes = [IsCreator]

    @extend_schema(responses=MembershipOfferSerializer)
    def get(self, request: Request) -> Response:
        return _present(request.user.creator)

    @extend_schema(request=ChooseMembershipSerializer, responses=MembershipOfferSerializer)
    def put(self, request: Request) -> Response:
        asked = ChooseMembershipSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        offer = MembershipOffer.objects.choose(request.user.creator, by=request.user, **asked.validated_data)
        return Response(MembershipOfferSerializer(offer).data)


class CloseMembership(APIView):
    """End it for your members too, told in time."""

    permission_classes = [IsCreator]

    @extend_schema(request=CloseMembershipSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        asked = CloseMembershipSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        ending.announce(request.user.creator, asked.validated_data["ends_at"], by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MarkCourse(APIView):
    """Whether your membership, where it opens chosen courses, or the pass opens this course."""

    permission_classes = [IsCreator]

    @extend_schema(request=MarkCourseSerializer, responses=MarkCourseSerializer)
    def put(self, request: Request, slug: str) -> Response:
        course = get_object_or_404(Course.objects.editable_by(request.user).select_related("creator"), slug=slug)
        asked = MarkCourseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        lists = {"in_membership": MembershipCourse.objects, "in_pass": PassListing.objects}
        for name, rows in lists.items():
            if name in asked.validated_data:
                (rows.place if asked.validated_data[name] else rows.lift)(course, by=request.user)
        now = {name: rows.open().filter(course=course).exists() for name, rows in lists.items()}
        return Response(MarkCourseSerializer(now).data)


class Memberships(ListAPIView):
    """Yours, newest first. POST agrees to one, and to the site's terms where it has published some (see `pages/`); it
    answers with the order of its first month.
    """

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = MembershipSerializer
    queryset = Membership.objects.none()

    def get_queryset(self) -> QuerySet[Membership]:
        return Membership.objects.of(self.request.user).shown()

    @extend_schema(request=StartMembershipSerializer, responses={201: OrderSerializer})
    def post(self, request: Request) -> Response:
        asked = StartMembershipSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        creator = get_object_or_404(Creator.objects.visible(), slug=told["creator"]) if told["creator"] else None
        offer = agreeing.offered(creator)
        if offer is None:
            raise NoMembership
        seen = agreeing.Agreed(told["total"], told["first_on"])
        order = agreeing.start(request.user, offer, seen, told.get("billing"))
        return Response(OrderSerializer(order).data, status=status.HTTP_201_CREATED)


class OneMembership(RetrieveAPIView):
    """One of your memberships, with its months and courses."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = MembershipPageSerializer
    lookup_field = "token"
    queryset = Membership.objects.none()

    def get_queryset(self) -> QuerySet[Membership]:
        return Membership.objects.of(self.request.user).shown()


class CancelMembership(APIView):
    """No further month is taken; it ends with the paid one."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=None, responses=MembershipSerializer)
    def post(self, request: Request, token: str) -> Response:
        return _told(canceling.cancel(_own(request, token), by=request.user))


class ResumeMembership(APIView):
    """It is not canceled after all, while the paid month lasts."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=None, responses=MembershipSerializer)
    def post(self, request: Request, token: str) -> Response:
        return _told(canceling.resume(_own(request, token), by=request.user))


class PayMonth(APIView):
    """The order of the next month, with the provider's page to pay it on; its card serves those to come."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=None, responses={201: OrderSerializer})
    def post(self, request: Request, token: str) -> Response:
        order = paying.pay(_own(request, token), by=request.user)
        return Response(OrderSerializer(order).data, status=status.HTTP_201_CREATED)


class TakeMonthBack(APIView):
    """The newest month back whole, by the refund rule; the membership ends at once."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=TakeMonthBackSerializer, responses={201: RefundSerializer})
    def post(self, request: Request, token: str) -> Response:
        membership, asked = _own(request, token), TakeMonthBackSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        back = taking_back.take_back(membership, by=request.user, expected=asked.validated_data["amount"])
        return Response(RefundSerializer(back).data, status=status.HTTP_201_CREATED)


class OpenCourse(APIView):
    """A course that one of your memberships opens stands in your library from now on."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        course = get_object_or_404(Course.objects.on_sale().select_related("creator"), slug=slug)
        rights.open_course(request.user, course)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(
    parameters=[
        OpenApiParameter("show", str, enum=FINANCE_SHOWS, description="A month did not come (if left out), or all."),
        OpenApiParameter("creator", str, description="Of one creator, by slug."),
    ]
)
class FinanceMemberships(ListAPIView):
    """Memberships of which a month did not come, all that run, or those that have ended."""

    permission_classes = [HasRole.of("finance")]
    serializer_class = FinanceMembershipSerializer
    queryset = Membership.objects.none()

    def get_queryset(self) -> QuerySet[Membership]:
        asked = self.request.query_params
        return Membership.objects.for_finance(asked.get("show", ""), asked.get("creator", "")[:80]).shown()


def _proposed(request: Request, creator: Creator | None) -> Response:
    offer = agreeing.offered(creator)
    if offer is None:
        raise NoMembership
    proposal = agreeing.proposed(request.user, offer, request.query_params.get("country", "")[:2].upper())
    return Response(MembershipProposalSerializer(proposal).data)


def _present(creator: Creator | None) -> Response:
    offer = MembershipOffer.objects.present(creator)
    if offer is None:
        raise NoMembership
    return Response(MembershipOfferSerializer(offer).data)


def _own(request: Request, token: str) -> Membership:
    return get_object_or_404(Membership.objects.of(request.user).shown(), token=token)


def _told(membership: Membership) -> Response:
    return Response(MembershipSerializer(membership).data)


urlpatterns = [
    path("creators/<slug:slug>/membership/", CreatorMembership.as_view(), name="api-creator-membership"),
    path("pass/", Pass.as_view(), name="api-pass"),
    path("memberships/", Memberships.as_view(), name="api-memberships"),
    path("memberships/<uuid:token>/", OneMembership.as_view(), name="api-membership"),
    path("memberships/<uuid:token>/cancel/", CancelMembership.as_view(), name="api-membership-cancel"),
    path("memberships/<uuid:token>/resume/", ResumeMembership.as_view(), name="api-membership-resume"),
    path("memberships/<uuid:token>/pay/", PayMonth.as_view(), name="api-membership-pay"),
    path("memberships/<uuid:token>/take-back/", TakeMonthBack.as_view(), name="api-membership-take-back"),
    path("courses/<slug:slug>/open-by-membership/", OpenCourse.as_view(), name="api-open-by-membership"),
    path("studio/membership/", StudioMembership.as_view(), name="api-studio-membership"),
    path("studio/membership/close/", CloseMembership.as_view(), name="api-studio-membership-close"),
    path("studio/membership/courses/<slug:slug>/", MarkCourse.as_view(), name="api-studio-membership-course"),
    path("finance/memberships/", FinanceMemberships.as_view(), name="api-finance-memberships"),
    path("finance/pass/", FinancePass.as_view(), name="api-finance-pass"),
]
