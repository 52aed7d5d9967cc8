"""What a course teaches, over the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Skill, SkillLevel, TaughtSkill
from courses.serializers import TaughtSkillSerializer

from .courses import StudioView


class TeachSerializer(serializers.Serializer):
    skill = serializers.SlugRelatedField(slug_field="slug", queryset=Skill.objects.all())
    level = serializers.ChoiceField(choices=SkillLevel.choices)


class SkillsSerializer(serializers.Serializer):
    """All that the draft shall teach, at most 6 skills; what is not named is taken away."""

    skills = TeachSerializer(many=True, max_length=6)

    def validate_skills(self, told: list) -> dict[Skill, int]:
        taught = {one["skill"]: one["level"] for one in told}
        if len(taught) != len(told):
            raise serializers.ValidationError("A skill stands here twice.")
        return taught


class Skills(StudioView):
    @extend_schema(responses=TaughtSkillSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        rows = self.version().skills.select_related("skill")
        return Response(TaughtSkillSerializer(rows, many=True).data)

    @extend_schema(request=SkillsSerializer, responses=TaughtSkillSerializer(many=True))
    def put(self, request: Request, slug: str) -> Response:
        """Say what the draft teaches; learners see it when the version is approved."""
        TaughtSkill.objects.put(self.version(), self.sent(SkillsSerializer)["skills"], by=request.user)
        return self.get(request, slug)
