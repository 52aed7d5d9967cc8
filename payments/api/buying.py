"""The cart and orders over the API."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import permissions, status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.models import Course
from marketplace.lib.addresses import address_of
from payments import carts, checkout, till
from payments.models import Bundle, Order
from payments.order_serializers import (
    CartSerializer,
    CourseInCartSerializer,
    OrderSerializer,
    StartOrderSerializer,
)
from payments.referrals import Followed

COUNTRY = OpenApiParameter(
    "country", str, description="As for a buyer of this country (ISO 3166); else of the seller's."
)


class Cart(APIView):
    """What you mean to buy, grouped by currency."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(parameters=[OpenApiParameter("coupon_code", str), COUNTRY], responses=CartSerializer)
    def get(self, request: Request) -> Response:
        return _cart(request)

    @extend_schema(request=CourseInCartSerializer, responses={201: CartSerializer})
    def post(self, request: Request) -> Response:
        asked = CourseInCartSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        courses, wanted = Course.objects.select_related("creator"), asked.validated_data
        if "bundle" in wanted:
            carts.put_bundle(request.user, {}, get_object_or_404(Bundle.objects.shown(), slug=wanted["bundle"]))
        else:
            course = get_object_or_404(courses, slug=wanted["course"])
            carts.put(request.user, {}, course, wanted.get("amount"))
        return _cart(request, status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("course", str), OpenApiParameter("bundle", str)], responses={200: CartSerializer}
    )
    def delete(self, request: Request) -> Response:
        asked = request.query_params
        gone = Q(slug=asked.get("course", "")) | Q(in_bundles__bundle__slug=asked.get("bundle", ""))
        carts.take_out(request.user, {}, list(Course.objects.filter(gone).distinct()))
        return _cart(request)


def _cart(request: Request, code: int = status.HTTP_200_OK) -> Response:
    kept = {till.CODE: request.query_params.get("coupon_code", "")}
    country = request.query_params.get("country", "").upper()[:2]
    desk = till.desk(request.user, kept, address=address_of(request), country=country)
    return Response(CartSerializer(desk, context={"buyer": request.user}).data, status=code)


class Orders(ListAPIView):
    """Your orders, newest first. POST starts a purchase; asked again for the same courses, it is the same order.
    Whoever starts one agrees to the site's terms, where it has published some (see `pages/`).
    """

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = OrderSerializer
    queryset = Order.objects.none()

    def get_queryset(self) -> QuerySet[Order]:
        return Order.objects.of(self.request.user).shown()

    @extend_schema(request=StartOrderSerializer, responses={201: OrderSerializer})
    def post(self, request: Request) -> Response:
        asked = StartOrderSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        in_cart = carts.named(request.user, {}, wanted["courses"])
        if "total" not in wanted:
            unnamed = [course for course in wanted["courses"] if course.pk not in wanted["named"]]
            carts.must_stand(request.user, {}, unnamed)
        order = checkout.start(
            buyer=request.user, courses=wanted["courses"], bundles=wanted.get("bundles", []),
            named=in_cart | wanted["named"],
            expected=wanted.get("total"), coupon_code=wanted["coupon_code"], referral=Followed(wanted["referral"]),
            billing=wanted.get("billing"), address=address_of(request), way=wanted["way"],
        )  # fmt: skip
        shown = Order.objects.shown().get(pk=order.pk)
        return Response(OrderSerializer(shown).data, status=status.HTTP_201_CREATED)


class OrderDetail(RetrieveAPIView):
    """One of your orders; people of finance see everybody's."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = OrderSerializer
    queryset = Order.objects.none()
    lookup_field = "number"

    def get_queryset(self) -> QuerySet[Order]:
        return Order.objects.visible_to(self.request.user).shown()


urlpatterns = [
    path("cart/", Cart.as_view(), name="api-cart"),
    path("orders/", Orders.as_view(), name="api-orders"),
    path("orders/<slug:number>/", OrderDetail.as_view(), name="api-order"),
]
