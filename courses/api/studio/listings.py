"""A creator's courses under the name of an institution of hers, over the API."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Course, Listing
from creators.models import Institution

from .courses import StudioView


class ListingSerializer(serializers.ModelSerializer):
    course = serializers.SlugField(source="course.slug")

    class Meta:
        model = Listing
        fields = ["id", "course", "listed_at"]
        read_only_fields = ["listed_at"]


class ListingView(StudioView):
    """For members of the institution; others do not find it."""

    permission_classes = [permissions.IsAuthenticated]

    def institution(self) -> Institution:
        return get_object_or_404(Institution.objects.of(self.request.user), slug=self.kwargs["slug"])


class Listings(ListingView):
    @extend_schema(responses=ListingSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The courses that stand under its name, the latest first."""
        rows = self.institution().listings.filter(ended_at=None).select_related("course").order_by("-id")
        return Response(ListingSerializer(rows, many=True).data)

    @extend_schema(request=ListingSerializer, responses={201: ListingSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Put a course of yours under its name. 403 for a viewer; 409 `already_listed`."""
        found, told = self.institution(), self.sent(ListingSerializer)
        mine = Course.objects.editable_by(request.user).select_related("creator")
        course = get_object_or_404(mine, slug=told["course"]["slug"])
        made = Listing.objects.list_course(course, found, by=request.user)  # type: ignore[arg-type]
        return Response(ListingSerializer(made).data, status=status.HTTP_201_CREATED)


class OneListing(StudioView):
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """End it: the course's creator may always, a member no more too, and an owner. 403 for other members."""
        found = get_object_or_404(Listing.objects.found_by(request.user), institution__slug=slug, pk=pk)
        found.end(by=request.user)  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)
