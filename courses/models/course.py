"""What is sold: one course with its price and address. Its content lives in versions; the live one shows here."""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from creators.models import Creator, Institution
from marketplace.lib import images, links, window
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import CURRENCIES
from marketplace.lib.slugs import free_slug

from .category import Category
from .priced import Priced
from .rated import Rated

if TYPE_CHECKING:
    from .lesson import LessonQuerySet
    from .takedown import Takedown
    from .version import Version

RESERVED_SLUGS = frozenset({"studio", "create", "search"})
# What a list or a page of a course shows is copied here from the live version: 24 cards are one query.
MIRRORED = (
    "title", "subtitle", "level", "language", "category_id", "cover", "cover_small", "lessons_count", "duration_s",
)  # fmt: skip
_LIVE = Q(live_version__isnull=False)
_KEPT_FROM_LISTS = _LIVE & (Q(is_taken_down=True) | Q(is_limited=True))
_LANGUAGES = ArrayField(models.CharField(max_length=12))
_IDS = ArrayField(models.BigIntegerField())


class Level(models.TextChoices):
    BEGINNER = "beginner", _("Beginner")
    INTERMEDIATE = "intermediate", _("Intermediate")
    ADVANCED = "advanced", _("Advanced")
    ALL = "all", _("All levels")


class Language(models.TextChoices):
    """The language that a course is taught in."""

    ENGLISH = "en", _("English")
    CHINESE = "zh-hans", _("Chinese")
    JAPANESE = "ja", _("Japanese")
    KOREAN = "ko", _("Korean")
    SPANISH = "es", _("Spanish")
    FRENCH = "fr", _("French")
    GERMAN = "de", _("German")
    SIGN = "sgn", _("Sign language")


class UnderReview(DomainError):
    code = "under_review"
    message = _("The course is under review. You can edit it again when the moderator has decided.")


class CourseQuerySet(models.QuerySet["Course"]):
    def on_sale(self) -> "CourseQuerySet":
        """What the public may see: live, not taken down, of a creator who is not suspended."""
        # The suspended are few: named as a set, they leave the planner the courses' own indexes.
        suspended = Creator.objects.suspended().values("pk")
        return self.filter(live_version__isnull=False, is_taken_down=False).exclude(creator_id__in=suspended)

    def listed(self) -> "CourseQuerySet":
        """On sale, and shown in lists: what a moderator has limited is found by its address alone."""
        return self.on_sale().filter(is_limited=False)

    def kept_from_lists(self) -> "CourseQuerySet":
        """Live, and taken down or limited: with those of suspended creators all that `listed` leaves out of the live.
        They are few, and have an index of their own.
        """
        return self.filter(_KEPT_FROM_LISTS)

    def editable_by(self, user: Any) -> "CourseQuerySet":
        return self.filter(creator__user_id=user.pk) if user.pk else self.none()

    def cards(self) -> "CourseQuerySet":
        """With what a card shows, and no more."""
        return self.select_related("creator", "category").defer("search", "search_text", "creator__bio")

    def count_learners(self, course_ids: list[int], more: int = 1) -> None:
        """One learner more (-1: fewer) for each, in their order: two sales of the same do not wait in a circle."""
        if course_ids:
            held = self.filter(pk__in=course_ids).order_by("pk").select_for_update(no_key=True).values("pk")
            self.filter(pk__in=held).update(learners_count=F("learners_count") + more)

    def note_captions(self, languages: dict[int, list[str]]) -> int:
        """By course, the languages in which every film of its live version has captions; how many were news."""
        return sum(self.filter(pk=pk).exclude(captions=told).update(captions=told) for pk, told in languages.items())

    @transaction.atomic
    def start(self, *, creator: Creator, title: str) -> "Course":
        """A new course with an empty first draft. Raises ValidationError for an empty title."""
        title = title.strip()
        if not title or len(title) > 120:
            raise ValidationError({"title": _("Give the course a title of at most 120 characters.")})
        course = self.create(
            creator=creator,
            title=title,
            slug=free_slug(self.model.objects.all(), title, "course", RESERVED_SLUGS),
            currency=creator.user.currency,
        )
        course.versions.create(number=1, title=title)
        return course


class Course(Priced, Rated):
    """One course of one creator. The fields named in MIRRORED follow the live version (before it, the draft)."""

    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="courses")
    slug = models.SlugField(max_length=80, unique=True)
    live_version = models.ForeignKey(
        "courses.Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    renewed_at = models.DateTimeField(null=True, blank=True)
    # Follows the open Takedown row.
    is_taken_down = models.BooleanField(default=False)
    # Follows the open Restriction of that kind: sold to who has its address, shown in no list.
    is_limited = models.BooleanField(default=False, db_default=False)
    learners_count = models.PositiveIntegerField(default=0)
    # Follows the last WatermarkChoice row.
    has_watermark = models.BooleanField(default=False, db_default=False)

    # Follows the last ReminderChoice row (None: never); since when it is out of date, and by what (courses.freshness).
    remind_after_days = models.PositiveSmallIntegerField(null=True, blank=True, default=365, db_default=365)
    stale_at = models.DateTimeField(null=True, blank=True)
    stale_reason = models.CharField(max_length=8, blank=True, db_default="")
    title = models.CharField(max_length=120)
    subtitle = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=16, choices=Level.choices, default=Level.ALL)
    language = models.CharField(max_length=12, choices=Language.choices, default=Language.ENGLISH)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="courses")
    cover = models.ImageField(upload_to=images.path_of_cover, blank=True)
    cover_small = models.ImageField(upload_to=images.path_of_cover, blank=True)
    lessons_count = models.PositiveIntegerField(default=0)
    duration_s = models.PositiveIntegerField(default=0)
    # Follows the open Listing row.
    institution = models.ForeignKey(
        Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="courses"
    )
    # What the version teaches, by the skills' ids.
    skill_ids = ArrayField(models.BigIntegerField(), default=list, db_default=Value([], _IDS), editable=False)
    # The languages in which every film of the live version has captions; written by `note_captions`.
    captions = ArrayField(
        models.CharField(max_length=12), default=list, db_default=Value([], _LANGUAGES), editable=False
    )

    # Read and written by the version before only, while both run: words stand in discovery's index now.
    search = SearchVectorField(null=True, editable=False)
    search_text = models.TextField(blank=True, db_default="", editable=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(live_version=None) | Q(price_minor__isnull=False, published_at__isnull=False),
                name="a_live_course_has_a_price_and_a_date",
            ),
            models.CheckConstraint(condition=Q(currency__in=list(CURRENCIES)), name="course_currency_is_known"),
            models.CheckConstraint(
                condition=Q(suggested_minor=None) | Q(price_minor__gt=0, suggested_minor__gte=F("price_minor")),
                name="course_suggests_no_less_than_it_asks",
            ),
        ]
        indexes = [
            GinIndex(fields=["skill_ids"], name="course_skills", condition=_LIVE),
            models.Index(F("published_at").desc(), F("id").desc(), name="course_newest", condition=_LIVE),
            models.Index(F("learners_count").desc(), F("id").desc(), name="course_popular", condition=_LIVE),
            models.Index(F("price_rank"), F("id"), name="course_cheapest", condition=_LIVE),
            models.Index(F("rating_low").desc(), F("id").desc(), name="course_best_rated", condition=_LIVE),
            models.Index("renewed_at", name="course_renewed", condition=_LIVE),
            models.Index("rating_moved_at", name="course_rating_moved", condition=Q(rating_moved_at__isnull=False)),
            models.Index("category", F("learners_count").desc(), F("id").desc(), name="course_shelf", condition=_LIVE),
            # Few cost nothing, and with a skill fewer: thousands of others would be read before a page is full.
            models.Index(
                F("learners_count").desc(), F("id").desc(), name="course_free", condition=_LIVE & Q(price_minor=0)
            ),
            models.Index("id", name="course_kept_from_lists", condition=_KEPT_FROM_LISTS),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return links.of_slug("courses:detail", self.slug)

    @property
    def is_on_sale(self) -> bool:
        return bool(self.live_version_id and not self.is_taken_down and self.creator.suspended_at is None)

    @property
    def working_version(self) -> "Version | None":
        """The version that is not yet decided on: a draft, a submitted or a returned one."""
        return self.versions.working().first()

    @property
    def draft(self) -> "Version | None":
        """The version that can be edited now."""
        return self.versions.editable().first()

    @property
    def open_takedown(self) -> "Takedown | None":
        return self.takedowns.filter(lifted_at=None).first()

    def live_lessons(self) -> "LessonQuerySet":
        """Lessons of the live version in the order of the curriculum."""
        from .lesson import Lesson

        return Lesson.objects.live_of(self)

    def belongs_to(self, user: Any) -> bool:
        return user.pk is not None and self.creator.user_id == user.pk

    def hold(self) -> "Course":
        """Lock the course for the rest of the transaction: every verb on a course or on what is in it starts here."""
        return Course.objects.select_for_update(no_key=True, of=("self",)).select_related("creator").get(pk=self.pk)

    @transaction.atomic
    def open_draft(self, by: User) -> "Version":
        """The version to edit: the open draft, or a copy of the live one. Raises UnderReview, NotAllowed."""
        if not self.belongs_to(by):
            raise NotAllowed
        self.hold()
        working = self.working_version
        if working is None:
            return self.live_version.copied()
        if not working.is_editable:
            raise UnderReview
        return working

    def take_down(self, *, by: User, rule_code: str, reason: str, rule_version: int = 1) -> "Takedown":
        """Off the sale at once; those who bought keep watching. Raises AlreadyTakenDown, NotAllowed."""
        from .takedown import Takedown

        return Takedown.objects.take_down(
            course=self, by=by, rule_code=rule_code, rule_version=rule_version, reason=reason
        )  # fmt: skip

    def follow(self, **flag: Any) -> None:
        """Set what follows rows of its own; called by Takedown, Restriction and Listing alone."""
        for name, value in flag.items():
            setattr(self, name, value)
        self.save(update_fields=list(flag))
        window.change()

    def show(self, version: "Version") -> None:
        """Copy what lists show from `version`; called by Version alone."""
        for field in MIRRORED:
            setattr(self, field, getattr(version, field))
        self.skill_ids = list(version.skills.values_list("skill_id", flat=True))
        self.save(update_fields=["skill_ids", *(name.removesuffix("_id") for name in MIRRORED)])
        if self.live_version_id:
            window.change()

    def publish(self, version: "Version") -> None:
        """Make `version` what the public sees; called by Version alone, which has the decision."""
        now = timezone.now()
        self.live_version, self.renewed_at = version, now
        self.published_at = self.published_at or now
        self.save(update_fields=["live_version", "renewed_at", "published_at"])
        self.grow_stale("")
        self.show(version)

    def grow_stale(self, reason: str) -> None:
        """Out of date from now on, by this half of the rule ("age", "reports"); "" ends it."""
        if reason != self.stale_reason:
            self.stale_at, self.stale_reason = (self.stale_at or timezone.now()) if reason else None, reason
            self.save(update_fields=["stale_at", "stale_reason"])
            window.change()

    def count_learners(self, more: int) -> None:
        """One more learner, or one fewer (-1)."""
        Course.objects.filter(pk=self.pk).update(learners_count=F("learners_count") + more)
