"""The public shape of courses in the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from creators.models import Institution
from marketplace.lib import links, price_tax
from marketplace.lib.price_tax import PriceTax
from marketplace.lib.rest import MoneyField

from . import outline
from .changes import KINDS, Changes
from .models import Category, Collection, Course, Lesson, Skill, SkillLevel, taught_by
from .models.check import present_of
from .models.collection import in_order
from .models.price_change import history_of


class CategorySerializer(serializers.ModelSerializer):
    name = serializers.CharField(help_text="In the language of the request.")

    class Meta:
        model = Category
        fields = ["slug", "name"]


class SkillSerializer(serializers.ModelSerializer):
    name = serializers.CharField(help_text="In the language of the request.")
    category = serializers.SlugField(source="category.slug")

    class Meta:
        model = Skill
        fields = ["slug", "name", "category"]


class TaughtSkillSerializer(serializers.Serializer):
    """Levels: 1 basic, 2 working, 3 advanced."""

    skill = serializers.SlugField(source="skill.slug")
    name = serializers.CharField(source="skill.name", read_only=True)
    level = serializers.ChoiceField(choices=SkillLevel.choices)


class CourseCreatorSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    name = serializers.CharField()


class CourseInstitutionSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    name = serializers.CharField()


class CourseScoreSerializer(serializers.Serializer):
    """In stars, with the interval that holds 95 of 100; how it comes about is published. null: fewer than three."""

    score = serializers.SerializerMethodField()
    low = serializers.SerializerMethodField()
    high = serializers.SerializerMethodField()
    count = serializers.IntegerField(source="rating_count", help_text="ratings that count")
    spread = serializers.ListField(
        source="rating_spread", child=serializers.IntegerField(), help_text="how many gave 1 to 5 stars"
    )

    def _stars(self, course: Course, milli: int) -> float | None:
        return milli / 1000 if course.shown_score else None

    def get_score(self, course: Course) -> float | None:
        return self._stars(course, course.rating_score)

    def get_low(self, course: Course) -> float | None:
        return self._stars(course, course.rating_low)

    def get_high(self, course: Course) -> float | None:
        return self._stars(course, course.rating_high)


class CourseSerializer(serializers.ModelSerializer):
    """A course as lists show it."""

    category = serializers.SlugField(source="category.slug", default=None)
    creator = CourseCreatorSerializer()
    institution = serializers.SerializerMethodField()
    captions = serializers.ListField(
        child=serializers.CharField(), help_text="Languages in which every film has captions: en, zh …"
    )
    price = MoneyField(help_text="Zero minor units: free. Where buyers name the price, the least of it.")
    suggested_price = MoneyField(
        source="suggested", allow_null=True, help_text="Buyers name the price, and its creator suggests this; or null."
    )
    price_tax = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    rating = CourseScoreSerializer(source="*")

    class Meta:
        model = Course
        fields = [
            "slug", "title", "subtitle", "creator", "institution", "category", "level", "language", "captions", "price",
            "suggested_price", "price_tax", "cover", "lessons_count", "duration_s", "learners_count", "rating",
            "published_at", "url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_url(self, course: Course) -> str:
        return links.absolute(course.get_absolute_url())

    @extend_schema_field(CourseInstitutionSerializer(allow_null=True))
    def get_institution(self, course: Course) -> dict[str, str] | None:
        """The verified one under whose name it stands. The verified are few, and known: no course asks for its own."""
        known = Institution.objects.known().get(course.institution_id) if course.institution_id else None
        return known and dict(zip(("slug", "name"), known, strict=True))

    @extend_schema_field(serializers.ChoiceField(choices=list(PriceTax), help_text="Of the price: where its tax is."))
    def get_price_tax(self, _course: Course) -> str:
        return price_tax.of_prices()


class PublicLessonSerializer(serializers.ModelSerializer):
    is_preview = serializers.BooleanField(source="is_shown_free", help_text="everybody may open it now")
    is_hidden = serializers.BooleanField(help_text="by a moderator: it cannot be opened")

    class Meta:
        model = Lesson
        fields = ["key", "title", "kind", "is_preview", "is_hidden", "duration_s"]
        read_only_fields = fields


class ChapterSerializer(serializers.Serializer):
    title = serializers.CharField(source="section.title")
    duration_s = serializers.IntegerField(help_text="of the lessons that can be opened")
    lessons = PublicLessonSerializer(many=True)


class PriceStepSerializer(serializers.Serializer):
    price = MoneyField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="null: the present price.")
    is_price_named = serializers.BooleanField(help_text="It was the least of a price that buyers name.")


class PriceHistorySerializer(serializers.Serializer):
    """What the course cost since it was first sold."""

    steps = PriceStepSerializer(many=True, help_text="Oldest first, each in the currency that was asked for.")
    lowest_of_30_days = MoneyField(source="lowest.price", help_text="Of what was asked for in the present currency.")
    lowest_of_other_currencies = PriceStepSerializer(
        source="lowest_of_others",
        many=True,
        help_text="The lowest in each other currency of the same days: nothing is converted.",
    )


class LessonChangeSerializer(serializers.Serializer):
    key = serializers.UUIDField(source="lesson.key")
    title = serializers.CharField(source="lesson.title")
    kinds = serializers.ListField(child=serializers.CharField(), help_text=f"any of {', '.join(KINDS)}")
    title_before = serializers.CharField(source="before.title", default=None, allow_null=True)
    length_s = serializers.IntegerField(source="lesson.length_s")
    length_before_s = serializers.IntegerField(source="before.length_s", default=None, allow_null=True)


class SectionChangeSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="added, removed, renamed or moved")
    title = serializers.CharField()
    before = serializers.CharField(help_text="its former title, of one that was renamed")


class VersionChangesSerializer(serializers.Serializer):
    """What differs, lesson by lesson; never the words of a lesson, nor a quiz's answers."""

    lessons = LessonChangeSerializer(many=True)
    sections = SectionChangeSerializer(many=True)
    fields_changed = serializers.SerializerMethodField(help_text="parts of the course page")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_fields_changed(self, changes: Changes) -> list[str]:
        return [change.name for change in changes.fields]


class PublishedVersionSerializer(serializers.Serializer):
    number = serializers.IntegerField(source="version.number")
    live_at = serializers.DateTimeField(source="version.live_at")
    change_note = serializers.CharField(source="version.change_note")
    lessons_count = serializers.IntegerField(source="version.lessons_count")
    duration_s = serializers.IntegerField(source="version.duration_s")
    changes = VersionChangesSerializer(allow_null=True, help_text="against the version before; null: the first one")


class CompareSerializer(serializers.Serializer):
    """Two versions by their numbers; the older one is taken as the one before."""

    before = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    after = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class SubjectCheckSerializer(serializers.Serializer):
    """Its creator checked the course with this, on that day."""

    subject = serializers.CharField()
    version = serializers.CharField()
    checked_on = serializers.DateField()


class CourseDetailSerializer(CourseSerializer):
    """A course with what its page says."""

    description = serializers.CharField(source="live_version.description", help_text="Markdown.")
    outcomes = serializers.ListField(source="live_version.outcomes", child=serializers.CharField())
    requirements = serializers.ListField(source="live_version.requirements", child=serializers.CharField())
    audience = serializers.ListField(source="live_version.audience", child=serializers.CharField())
    version = serializers.IntegerField(source="live_version.number")
    skills = serializers.SerializerMethodField()
    hidden_lessons_count = serializers.SerializerMethodField(
        help_text="of lessons_count and duration_s: hidden by a moderator, so that they cannot be opened now"
    )
    sections = ChapterSerializer(many=True, source="chapters")
    price_history = serializers.SerializerMethodField()
    checks = serializers.SerializerMethodField()

    class Meta(CourseSerializer.Meta):
        fields = [
            *CourseSerializer.Meta.fields, "description", "outcomes", "requirements", "audience", "skills", "version",
            "renewed_at", "price_history", "checks", "stale_at", "stale_reason",
            "hidden_lessons_count", "sections",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, course: Any) -> Any:
        course.chapters = outline.chapters(course.live_version)
        return super().to_representation(course)

    def get_hidden_lessons_count(self, course: Any) -> int:
        return sum(chapter.hidden_count for chapter in course.chapters)

    @extend_schema_field(TaughtSkillSerializer(many=True))
    def get_skills(self, course: Any) -> Any:
        return TaughtSkillSerializer(taught_by(course.taught), many=True).data

    @extend_schema_field(SubjectCheckSerializer(many=True))
    def get_checks(self, course: Any) -> Any:
        return SubjectCheckSerializer(present_of(course.said), many=True).data

    @extend_schema_field(PriceHistorySerializer(allow_null=True))
    def get_price_history(self, course: Any) -> Any:
        known = history_of(course, course.prices, timezone.now())
        return None if known is None else PriceHistorySerializer(known).data


class FilterChoiceSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField(help_text="In the language of the request.")
    count = serializers.IntegerField(help_text="courses that it would leave, 1,000 at most, as last counted")


class FilterSerializer(serializers.Serializer):
    """A parameter of the list of courses."""

    name = serializers.CharField()
    label = serializers.CharField()
    is_least = serializers.BooleanField(help_text="Counted over a part of the courses: its numbers say “at least”.")
    choices = FilterChoiceSerializer(many=True, help_text="those that leave something, and the chosen one")


class FiltersSerializer(serializers.Serializer):
    total = serializers.IntegerField(
        help_text="courses that all filters leave, 1,000 at most; of many as last counted, an hour ago at most"
    )
    has_more = serializers.BooleanField()
    filters = FilterSerializer(many=True)


class CollectionSerializer(serializers.Serializer):
    """A collection in the language of the request, with its courses that are on sale, in order."""

    slug = serializers.SlugField()
    title = serializers.CharField(source="present.title")
    words = serializers.CharField(source="present.words")
    starts_on = serializers.DateField(source="present.starts_on")
    ends_on = serializers.DateField(source="present.ends_on", allow_null=True)
    courses = serializers.SerializerMethodField()

    @extend_schema_field(CourseSerializer(many=True))
    def get_courses(self, collection: Collection) -> Any:
        """`held` in the context: the courses of all that are told, by edition."""
        edition = collection.present
        assert edition is not None  # public ones have one
        held = self.context.get("held") or in_order([edition])
        return CourseSerializer(held[edition.pk], many=True, context=self.context).data
