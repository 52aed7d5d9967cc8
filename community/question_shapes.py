"""The shapes of questions, answers and comments over the API."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from learners.models.placed import LAST_SECOND

from . import asking
from .desk import Speed
from .models import Post
from .models.post import LONGEST_TEXT, LONGEST_TITLE

UNNAMED = "false: nobody reads your name beside it; left out: as it stands, true for a new one"
SEEN: dict[str, Any] = {"required": False, "min_value": 0, "max_value": 1000}


class PostSerializer(serializers.Serializer):
    """What somebody wrote. `author` is empty where no name is shown."""

    id = serializers.IntegerField()
    author = serializers.CharField(source="by")
    is_by_creator = serializers.BooleanField(help_text="by who made the course, as such")
    text = serializers.CharField(help_text="Markdown")
    written_at = serializers.DateTimeField()
    said_at = serializers.DateTimeField()
    revision = serializers.IntegerField()
    is_hidden = serializers.BooleanField(help_text="by a moderator: its writer and moderators alone read it")
    url = serializers.SerializerMethodField()

    def get_url(self, post: Post) -> str:
        return self.context["request"].build_absolute_uri(asking.address(post))


class AnswerSerializer(PostSerializer):
    """An answer, or a comment, with what is said about it."""

    kind = serializers.ChoiceField(choices=Post.Kind.choices)
    votes_count = serializers.IntegerField()
    is_voted = serializers.BooleanField(help_text="whether you did")
    comments = PostSerializer(source="remarks", many=True)


class LessonQuestionSerializer(PostSerializer):
    course = serializers.SlugField(source="course.slug")
    lesson = serializers.UUIDField(source="lesson_key")
    title = serializers.CharField()
    at_s = serializers.IntegerField(source="place_s", allow_null=True, help_text="second of the film")
    is_old_film = serializers.BooleanField(
        help_text="its second is of a film before the present one: `at_s` is the nearest place"
    )
    votes_count = serializers.IntegerField()
    answers_count = serializers.IntegerField()
    accepted = serializers.IntegerField(
        source="accepted_id", allow_null=True, help_text="the chosen answer, while it is shown"
    )


class WholeQuestionSerializer(AnswerSerializer, LessonQuestionSerializer):
    """A question with what is said about it."""


EDITED = PolymorphicProxySerializer("Edited", [AnswerSerializer, WholeQuestionSerializer], None)


class ThreadSerializer(serializers.Serializer):
    question = LessonQuestionSerializer()
    comments = PostSerializer(source="question.remarks", many=True)
    is_voted = serializers.BooleanField(source="question.is_voted")
    is_followed = serializers.BooleanField()
    may_write = serializers.BooleanField(source="place.writes")
    may_accept = serializers.BooleanField()
    accepted = AnswerSerializer(allow_null=True)
    number = serializers.IntegerField(source="choice", help_text="of the choice that stands, 0 for none")


class WritePostSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=LONGEST_TEXT)
    is_named = serializers.BooleanField(required=False, help_text=UNNAMED)


class AskSerializer(serializers.Serializer):
    lesson = serializers.UUIDField()
    title = serializers.CharField(max_length=LONGEST_TITLE)
    text = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, required=False, default="")
    at_s = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=LAST_SECOND,
        help_text="second of the film",
    )
    is_named = serializers.BooleanField(required=False, help_text=UNNAMED)


class EditPostSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=LONGEST_TITLE, required=False, help_text="of a question")
    text = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, required=False)
    is_named = serializers.BooleanField(required=False, help_text=UNNAMED)
    revision = serializers.IntegerField(**SEEN, help_text="the one that you saw; left out: overwrite")


class UpSerializer(serializers.Serializer):
    up = serializers.BooleanField(default=True)


class FollowSerializer(serializers.Serializer):
    follows = serializers.BooleanField(default=True)


class SpeedSerializer(serializers.Serializer):
    asked = serializers.IntegerField()
    answered = serializers.IntegerField(help_text="by you, or a co-author")
    median_s = serializers.SerializerMethodField(help_text="half of them were answered within so many seconds")

    def get_median_s(self, speed: Speed) -> int | None:
        return None if speed.median is None else round(speed.median.total_seconds())


class WantsSerializer(serializers.Serializer):
    wants = serializers.BooleanField()


class AcceptanceSerializer(serializers.Serializer):
    answer = serializers.IntegerField(allow_null=True, min_value=1, max_value=2**63 - 1)
    number = serializers.IntegerField(**SEEN, help_text="of the choice that you saw; left out: choose in any case")
