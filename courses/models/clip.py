"""Clips: short pieces of reviewed lessons that everybody may see while the lesson stands as it was reviewed."""

import uuid
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib import fit_words, window
from marketplace.lib.errors import DomainError, NotAllowed
from videos import shelves
from videos.models import Excerpt

from .clip_source import LessonNotReviewed, film_of, must_fit
from .course import Course, Language
from .lesson import Lesson
from .restriction import Restriction

# Clips that stand at once, published or not: a course is shown by its best minutes, not by all of them.
MOST_A_COURSE = 12
TITLE_LENGTH, LINE_LENGTH = 80, 140
WORDS = ("title", "language", "line")


class TooManyClips(DomainError):
    code = "too_many_clips"
    message = _("This course has as many clips as it may. Remove one first.")


class ClipNotReady(DomainError):
    code = "clip_not_ready"
    message = _("This clip is not cut yet.")


class ClipPublished(DomainError):
    code = "clip_published"
    message = _("This clip is published already.")


class ClipNotPublished(DomainError):
    code = "clip_not_published"
    message = _("This clip is not published.")


class ClipRemoved(DomainError):
    code = "clip_removed"
    message = _("This clip was removed.")


class ClipQuerySet(models.QuerySet["Clip"]):
    def standing(self) -> Self:
        """Not removed by their creator."""
        return self.filter(removed_at=None)

    def editable_by(self, user: Any) -> Self:
        return self.standing().filter(course__creator__user_id=user.pk)

    def following(self) -> Self:
        """Their lesson stands on sale, is not hidden, and shows the film that they were cut from."""
        shown = Lesson.objects.filter(
            version_id=OuterRef("course__live_version_id"), key=OuterRef("lesson_key"),
            video_id=OuterRef("excerpt__video_id"),
        )  # fmt: skip
        hidden = Restriction.objects.hiding().values("lesson_key")
        return self.filter(Exists(shown), course__in=Course.objects.on_sale()).exclude(lesson_key__in=hidden)

    def shown(self) -> Self:
        """What everybody may see at its own address."""
        hidden = Restriction.objects.hiding_clips().values("clip_key")
        public = self.standing().filter(published_at__isnull=False, excerpt__state=Excerpt.State.READY)
        return public.following().exclude(key__in=hidden)

    def open_to(self, viewer: Any) -> Self:
        """What this viewer may open: a moderator also what is hidden, withdrawn, or gone with its lesson."""
        if viewer.is_authenticated and viewer.has_role("moderator"):
            return self.standing().filter(excerpt__state=Excerpt.State.READY)
        return self.shown()

    def listed(self) -> Self:
        """Shown, and shown in lists: not those of a course that a moderator has limited."""
        return self.shown().filter(course__is_limited=False)

    def cards(self) -> Self:
        """With what a card of the feed shows, and with the lesson's captions."""
        rows = self.select_related("excerpt__video", "course__creator", "course__category")
        return rows.defer("course__search", "course__search_text", "excerpt__video__plan").prefetch_related(
            "excerpt__video__captions"
        )

    def posters(self) -> Self:
        """With what a poster shows, and no more."""
        return self.select_related("excerpt").defer("line")

    def with_standing(self) -> Self:
        """With `is_following` and `is_hidden`: for their creator, why a clip is not seen."""
        hidden = Restriction.objects.hiding_clips().filter(clip_key=OuterRef("key"))
        follows = Clip.objects.following().filter(pk=OuterRef("pk"))
        return self.annotate(is_hidden=Exists(hidden), is_following=Exists(follows))

    @transaction.atomic
    def cut(
        self, lesson: Lesson, *, film: Any, by: User, start_ms: int, end_ms: int, **told: Any
    ) -> "tuple[Clip, bool]":
        """The clip of this stretch, and whether it is new: the same cut twice is one clip.

        `film` is the asset of the film that she saw. `told`: shape, fit, center, title, language, line. Raises
        NotAllowed, LessonNotReviewed, FilmReplaced, TooManyClips, NothingToCut, ValidationError.
        """
        course = lesson.version.course.hold()
        video = film_of(lesson, course, film, by)
        must_fit(video, start_ms, end_ms)
        framing = {name: told.pop(name) for name in ("shape", "fit", "center")}
        same_as = ":".join(map(str, (lesson.key, start_ms, end_ms, *framing.values())))
        if same := self.standing().filter(course=course, excerpt__video=video, excerpt__key=same_as).first():
            return same, False
        if self.standing().filter(course=course).count() >= MOST_A_COURSE:
            raise TooManyClips(most=MOST_A_COURSE)
        clip = Clip(course=course, lesson_key=lesson.key, made_by=by, **told)
        clip.clean_words()
        page = f"{reverse('studio:clips', args=[course.slug])}#clip-{clip.key}"
        clip.excerpt, _is_new = Excerpt.objects.ask(
            video=video, key=same_as, by=by, name=clip.title, page=page, start_ms=start_ms, end_ms=end_ms, **framing
        )
        clip.save(force_insert=True)
        return clip, True


class Clip(models.Model):
    """A piece of one lesson's film, with its own words. It follows its lesson: see `ClipQuerySet.shown`."""

    # What stands in its addresses.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="clips")
    lesson_key = models.UUIDField()
    # None once the film is removed, or the clip is.
    excerpt = models.OneToOneField(Excerpt, null=True, on_delete=models.SET_NULL, related_name="clip")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    language = models.CharField(_("language"), max_length=12, choices=Language.choices)
    line = models.CharField(_("line"), max_length=LINE_LENGTH, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    # Follows the open ClipShowing row.
    published_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    # Only on rows of with_standing().
    is_hidden: bool
    is_following: bool

    objects = ClipQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        indexes = [
            models.Index(
                F("published_at").desc(), F("id").desc(), name="clip_newest", condition=Q(published_at__isnull=False)
            ),
            models.Index(fields=["course", "-made_at"], name="clip_of_course"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False, published_at=None),
                name="a_removed_clip_is_not_published",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("discovery:clip", args=[self.key])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def clean_words(self) -> None:
        """Raises ValidationError, also for a word that nobody may publish."""
        self.clean_fields(exclude=[field.name for field in self._meta.fields if field.name not in WORDS])
        fit_words.must_be_fit(title=self.title, line=self.line)

    def hold(self) -> "Clip":
        """Locked for the rest of the transaction, after its course. Raises ClipRemoved."""
        self.course.hold()
        rows = Clip.objects.select_for_update(no_key=True, of=("self",))
        held = rows.select_related("course__creator", "excerpt").get(pk=self.pk)
        if held.removed_at:
            raise ClipRemoved
        return held

    @transaction.atomic
    def edit(self, by: User, **words: str) -> None:
        """`words`: title, language, line. Raises NotAllowed, ClipRemoved, ValidationError."""
        held = self._held_by(by)
        for name in WORDS:
            setattr(held, name, words.get(name, getattr(held, name)).strip())
        held.clean_words()
        held.save(update_fields=WORDS)
        window.change()
        self.refresh_from_db()

    @transaction.atomic
    def publish(self, by: User) -> "ClipShowing":
        """Everybody may see it from now on. Raises NotAllowed, ClipRemoved, ClipNotReady, ClipPublished,
        LessonNotReviewed.
        """
        held = self._held_by(by)
        if held.excerpt is None or not held.excerpt.is_ready:
            raise ClipNotReady
        if held.is_published:
            raise ClipPublished
        if not Clip.objects.following().filter(pk=held.pk).exists():
            raise LessonNotReviewed
        showing = ClipShowing.objects.create(clip=held, published_by=by)
        held._follow(showing.published_at)
        self.refresh_from_db()
        return showing

    @transaction.atomic
    def withdraw(self, by: User) -> None:
        """Nobody but she sees it. Raises NotAllowed, ClipRemoved, ClipNotPublished."""
        held = self._held_by(by)
        if not held.is_published:
            raise ClipNotPublished
        held._end_showing(by)
        self.refresh_from_db()

    def stop(self, by: User) -> None:
        """No more cutting, until she asks anew. Raises NotAllowed, ClipRemoved, NotBeingCut."""
        self._excerpt_held_by(by).cancel(by)

    def retry(self, by: User) -> None:
        """Cut it once more. Raises NotAllowed, ClipRemoved, CannotRetryCut."""
        self._excerpt_held_by(by).retry(by)

    @transaction.atomic
    def remove(self, by: User) -> None:
        """For good: its files go, its row says who and when. Raises NotAllowed, ClipRemoved."""
        held = self._held_by(by)
        if held.is_published:
            held._end_showing(by)
        held.removed_by, held.removed_at = by, timezone.now()
        held.save(update_fields=["removed_by", "removed_at"])
        if excerpt := held.excerpt:
            asset = excerpt.asset
            excerpt.delete()
            transaction.on_commit(lambda: shelves.forget_excerpt(asset), robust=True)
        self.refresh_from_db()

    def _held_by(self, by: User) -> "Clip":
        if not self.course.belongs_to(by):
            raise NotAllowed
        return self.hold()

    def _excerpt_held_by(self, by: User) -> Excerpt:
        with transaction.atomic():
            held = self._held_by(by)
        if held.excerpt is None:
            raise ClipRemoved
        return held.excerpt

    def _end_showing(self, by: User) -> None:
        self.showings.filter(withdrawn_at=None).update(withdrawn_by=by, withdrawn_at=timezone.now())
        self._follow(None)

    def _follow(self, published_at: Any) -> None:
        self.published_at = published_at
        self.save(update_fields=["published_at"])
        window.change()


class ClipShowing(models.Model):
    """A clip was public from `published_at` until `withdrawn_at`."""

    clip = models.ForeignKey(Clip, on_delete=models.PROTECT, related_name="showings")
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clip"], condition=Q(withdrawn_at=None), name="one_open_showing_a_clip"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="a_withdrawal_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clip_id} since {self.published_at:%Y-%m-%d}"
