"""Collections that staff put together: named in both languages, from a day until another, each change on record."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from courses.stamp import STAMP
from marketplace.lib import window
from marketplace.lib.errors import NotAllowed
from marketplace.lib.slugs import free_slug
from marketplace.lib.spoken import reads_chinese

from .course import Course, CourseQuerySet
from .version import EditedElsewhere

MOST_COURSES = 24
WORDS = ("title_en", "title_zh", "words_en", "words_zh", "starts_on", "ends_on", "is_on_home")
RESERVED_SLUGS = frozenset({"create"})


class CollectionQuerySet(models.QuerySet["Collection"]):
    def public(self, day: date | None = None) -> Self:
        """Those that are shown on this day, today where none is named; the latest begun first."""
        day = day or timezone.localdate()
        ends = Q(present__ends_on=None) | Q(present__ends_on__gte=day)
        shown = self.filter(ends, present__starts_on__lte=day).select_related("present")
        return shown.order_by("-present__starts_on", "-id")

    @transaction.atomic
    def start(self, told: dict[str, Any], courses: list[Course], *, by: User, why: str) -> "Collection":
        """Raises NotAllowed, ValidationError."""
        slug = free_slug(self.model.objects.all(), told.get("title_en", ""), "collection", RESERVED_SLUGS)
        collection = self.create(slug=slug)
        collection.write(told, courses, by=by, why=why, seen=0)
        return collection


class Collection(models.Model):
    """One collection. What it says and holds is its present edition."""

    slug = models.SlugField(max_length=80, unique=True)
    present = models.ForeignKey(
        "courses.CollectionEdition", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CollectionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("courses:collection", args=[self.slug])

    @transaction.atomic
    def write(
        self, told: dict[str, Any], courses: list[Course], *, by: User, why: str, seen: int
    ) -> "CollectionEdition":  # fmt: skip
        """All of it anew, as one more edition. `told` by WORDS; `seen`: the number of the edition that the writer saw.
        Raises NotAllowed, EditedElsewhere, ValidationError.
        """
        if not by.has_role("moderator"):
            raise NotAllowed
        Collection.objects.select_for_update(no_key=True).get(pk=self.pk)
        last = self.editions.aggregate(last=models.Max("number"))["last"] or 0
        if seen != last:
            raise EditedElsewhere(revision=last)
        row = CollectionEdition(collection=self, number=last + 1, by=by, why=why.strip())
        for name in WORDS:
            setattr(row, name, told.get(name, getattr(row, name)))
        row.course_ids = [course.pk for course in courses]
        row.full_clean()
        row.save(force_insert=True)
        self.present = row
        self.save(update_fields=["present"])
        audit.record(by, "collection.write", self, edition=row.number, why=row.why)
        window.change()
        return row


class CollectionEdition(models.Model):
    """What a collection said and held from `at` on, who wrote it and why. The database refuses changes."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    title_en = models.CharField(_("title in English"), max_length=80)
    title_zh = models.CharField(_("title in Chinese"), max_length=80)
    words_en = models.CharField(_("words in English"), max_length=400, blank=True)
    words_zh = models.CharField(_("words in Chinese"), max_length=400, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    is_on_home = models.BooleanField(_("on the first page"), default=True)
    course_ids = ArrayField(models.BigIntegerField(), size=MOST_COURSES)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    why = models.CharField(_("why"), max_length=400)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "number"], name="collection_editions_are_numbered"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="a_collection_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def title(self) -> str:
        return self.title_zh if reads_chinese() else self.title_en

    @property
    def words(self) -> str:
        return self.words_zh if reads_chinese() else self.words_en

    def clean(self) -> None:
        if not self.course_ids or len(set(self.course_ids)) != len(self.course_ids):
            raise ValidationError(_("A collection holds one course or more, each once."))
        if self.ends_on and self.starts_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("It ends before it begins.")})

    def courses(self) -> list[Course]:
        """Those in lists now, in its order."""
        return in_order([self])[self.pk]

    def held(self) -> list[Course]:
        """All of it in its order, for those who curate; `is_listed`: whether it stands in lists now. What does not
        comes back by itself.
        """
        listed = Course.objects.listed().filter(pk=OuterRef("pk"))
        rows = Course.objects.annotate(is_listed=Exists(listed)).in_bulk(self.course_ids)
        return [rows[pk] for pk in self.course_ids if pk in rows]


def may_hold(present: CollectionEdition | None) -> CourseQuerySet:
    """What a next edition may hold: what is on sale, and what the present one holds already, so that nobody drops a
    course without meaning it because it was away on the day of an edit.
    """
    return Course.objects.on_sale() | Course.objects.filter(pk__in=present.course_ids if present else [])


def in_order(editions: list[CollectionEdition]) -> dict[int, list[Course]]:
    """By edition its courses that stand in lists now, in its order, with their stamps. One query for all of them."""
    wanted = {pk for edition in editions for pk in edition.course_ids}
    listed = Course.objects.listed().filter(pk__in=wanted).cards().annotate(stamp=STAMP).in_bulk() if wanted else {}
    return {one.pk: [listed[pk] for pk in one.course_ids if pk in listed] for one in editions}
