"""One edition of a path's content, from draft over review to live. Only a draft can be edited."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib import fit_words
from marketplace.lib.errors import NotAllowed

from .course import Course, Language
from .path import Path
from .version import EditedElsewhere, NothingToSubmit, NotReady, VersionClosed

if TYPE_CHECKING:
    from .path_review import PathDecision, PathSubmission

MOST_STAGES, MOST_COURSES, LEAST_COURSES = 8, 30, 2


@dataclass(frozen=True)
class Stage:
    """A part of the way: its name, what it is for, and its courses in order."""

    title: str
    words: str
    courses: tuple[Course, ...]


class PathEditionQuerySet(models.QuerySet["PathEdition"]):
    def working(self) -> Self:
        return self.exclude(state__in=[PathEdition.State.LIVE, PathEdition.State.SUPERSEDED])


class PathEdition(models.Model):
    """What a path says and which courses it leads through. `revision` counts edits."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Under review")
        RETURNED = "returned", _("Sent back")
        LIVE = "live", _("Live")
        SUPERSEDED = "superseded", _("Replaced")

    path = models.ForeignKey(Path, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField(default=timezone.now)
    title = models.CharField(max_length=120)
    promise = models.CharField(max_length=200, blank=True, help_text="what somebody can do at its end")
    about = models.TextField(max_length=8000, blank=True, help_text="Markdown")
    language = models.CharField(max_length=12, choices=Language.choices, default=Language.ENGLISH)
    stages = models.JSONField(default=list, blank=True, help_text="title and words of each stage")

    objects = PathEditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["path", "number"], name="path_editions_are_numbered"),
            models.UniqueConstraint(
                fields=["path"], condition=Q(state__in=["draft", "submitted", "returned"]), name="one_working_edition"
            ),
            models.UniqueConstraint(fields=["path"], condition=Q(state="live"), name="one_live_edition"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "returned", "live", "superseded"]),
                name="path_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def is_editable(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    @property
    def waiting(self) -> "PathSubmission | None":
        return self.submissions.waiting().first()

    @property
    def last_decision(self) -> "PathDecision | None":
        answered = self.submissions.exclude(decision=None).select_related("decision").order_by("-id").first()
        return answered.decision if answered else None

    def ordered(self) -> list[Stage]:
        """Its stages with their courses, sold or not. One query."""
        rows = self.steps.select_related("course__creator", "course__category").order_by("stage", "position")
        courses: dict[int, list[Course]] = {}
        for row in rows:
            courses.setdefault(row.stage, []).append(row.course)
        told = enumerate(self.stages)
        return [Stage(stage["title"], stage["words"], tuple(courses.get(at, ()))) for at, stage in told]

    def hold_open(self) -> None:
        """Raises VersionClosed unless it can be edited."""
        self.path = self.path.hold()
        self.refresh_from_db(fields=["state", "revision"])
        if not self.is_editable:
            raise VersionClosed

    @transaction.atomic
    def write(self, told: dict[str, Any], stages: list[Stage], *, by: User, revision: int) -> None:
        """All of it anew: `told` are title, promise, about, language.
        Raises EditedElsewhere, VersionClosed, NotAllowed, ValidationError.
        """
        if not self.path.belongs_to(by):
            raise NotAllowed
        self.hold_open()
        if revision != self.revision:
            raise EditedElsewhere(revision=self.revision)
        for name in ("title", "promise", "about", "language"):
            setattr(self, name, str(told.get(name, getattr(self, name))).strip())
        self.stages = [_written(stage) for stage in stages]
        self.revision, self.edited_at = self.revision + 1, timezone.now()
        self.clean_fields(exclude=["path"])
        self._lay(stages)
        self.save()

    def _lay(self, stages: list[Stage]) -> None:
        courses = [course for stage in stages for course in stage.courses]
        if len(stages) > MOST_STAGES or len(courses) > MOST_COURSES:
            raise ValidationError(_("A path has at most 8 stages and 30 courses."))
        if len({course.pk for course in courses}) != len(courses):
            raise ValidationError(_("A course stands in a path once."))
        self.steps.all().delete()
        PathStep.objects.bulk_create(
            PathStep(edition=self, stage=at, position=place, course=course)
            for at, stage in enumerate(stages)
            for place, course in enumerate(stage.courses)
        )

    def missing(self) -> list[dict[str, str]]:
        """What is still to do before review, as dicts of code and label."""
        stages = self.ordered()
        courses = [course for stage in stages for course in stage.courses]
        listed = set(Course.objects.listed().filter(pk__in=[c.pk for c in courses]).values_list("pk", flat=True))
        told = {
            "promise": (bool(self.promise), _("Say what somebody can do at its end.")),
            "stages": (
                all(stage.title and stage.courses for stage in stages),
                _("Each stage has a name and a course."),
            ),
            "courses": (len(courses) >= LEAST_COURSES, _("A path leads through two courses or more.")),
            "on_sale": (all(course.pk in listed for course in courses), _("Each of its courses is on sale.")),
        }
        missing = [{"code": code, "label": str(label)} for code, (is_done, label) in told.items() if not is_done]
        said = [self.title, self.promise, self.about, *(f"{stage.title}\n{stage.words}" for stage in stages)]
        refused = fit_words.refused({str(at): text for at, text in enumerate(said)})
        return missing + [{"code": "words", "label": sentence} for sentence in refused.values()]

    @transaction.atomic
    def submit(self, by: User, note: str = "") -> "PathSubmission":
        """Ask for review. Raises NotReady, NothingToSubmit, NotAllowed."""
        if not self.path.belongs_to(by):
            raise NotAllowed
        try:
            self.hold_open()
        except VersionClosed:
            raise NothingToSubmit from None
        if missing := self.missing():
            raise NotReady(missing=missing)
        self.turn(self.State.SUBMITTED)
        return self.submissions.create(submitted_by=by, note=note.strip()[:2000])

    def copied(self) -> "PathEdition":
        """A new draft with the same content; called by Path.open_draft alone."""
        last = self.path.editions.aggregate(last=models.Max("number"))["last"]
        kept = {name: getattr(self, name) for name in ("title", "promise", "about", "language", "stages")}
        draft = PathEdition.objects.create(path=self.path, number=last + 1, **kept)
        draft._lay(self.ordered())
        return draft

    def turn(self, state: str) -> None:
        """Called by the verbs of a submission alone."""
        self.state = state
        self.save(update_fields=["state"])


class PathStep(models.Model):
    """A course at its place in an edition. Closed with the edition."""

    edition = models.ForeignKey(PathEdition, on_delete=models.CASCADE, related_name="steps")
    stage = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["stage", "position"]
        constraints = [models.UniqueConstraint(fields=["edition", "course"], name="a_course_once_in_a_path")]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.course_id}"


def _written(stage: Stage) -> dict[str, str]:
    title, words = stage.title.strip(), stage.words.strip()
    if len(title) > 80 or len(words) > 400:
        raise ValidationError(_("A stage's name has at most 80 characters, its words at most 400."))
    return {"title": title, "words": words}
