"""What a creator checked her course with, over the API, and when she wants to be reminded."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import ReminderChoice, SubjectCheck
from courses.models.check import SUBJECT_LENGTH, VERSION_LENGTH
from courses.serializers import SubjectCheckSerializer

from .courses import StudioView


class SaidCheckSerializer(SubjectCheckSerializer):
    is_dropped = serializers.BooleanField(read_only=True)
    noted_at = serializers.DateTimeField(read_only=True)


class NewCheckSerializer(serializers.Serializer):
    subject = serializers.CharField(max_length=SUBJECT_LENGTH, help_text="Django, HTML, the exam of 2026")
    version = serializers.CharField(max_length=VERSION_LENGTH, required=False, allow_blank=True, default="")
    checked_on = serializers.DateField()


class DropCheckSerializer(serializers.Serializer):
    subject = serializers.CharField(max_length=SUBJECT_LENGTH)


class CourseReminderSerializer(serializers.Serializer):
    after_days = serializers.IntegerField(
        allow_null=True, min_value=0, max_value=1000, help_text="90, 180 or 365 days; null: never"
    )


class Checks(StudioView):
    @extend_schema(responses=SaidCheckSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """All that was ever said, the newest first; of one thing the newest counts."""
        return Response(SaidCheckSerializer(SubjectCheck.objects.of(self.course()), many=True).data)

    @extend_schema(request=NewCheckSerializer, responses={201: SaidCheckSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """You checked the course with this; everybody reads it at once."""
        row = SubjectCheck.objects.note(self.course(), by=request.user, **self.sent(NewCheckSerializer))
        return Response(SaidCheckSerializer(row).data, status=status.HTTP_201_CREATED)


class DropCheck(StudioView):
    @extend_schema(request=DropCheckSerializer, responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        """No longer said of this thing; what was said stays on record."""
        SubjectCheck.objects.drop(self.course(), by=request.user, **self.sent(DropCheckSerializer))
        return Response(status=status.HTTP_204_NO_CONTENT)


class CourseReminder(StudioView):
    @extend_schema(request=CourseReminderSerializer, responses=CourseReminderSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """After how long without a check or a new version you are reminded by mail."""
        row = ReminderChoice.choose(self.course(), self.sent(CourseReminderSerializer)["after_days"], by=request.user)
        return Response({"after_days": row.after_days})
