"""What a person lets matching use, what she wants to learn, whom she follows, and what she does not want to see."""

from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from courses.models import Category, Course
from creators.models import Creator


class TasteQuerySet(models.QuerySet["Taste"]):
    def of(self, learner: User) -> "Taste":
        """Hers; before she chose anything, one that is not stored and has everything on."""
        return self.filter(learner=learner).first() or Taste(learner=learner)

    def answer(self, learner: User, goals: list[Category]) -> None:
        """What she says when she is asked once what she wants to learn. Nothing is an answer too, and erases nothing
        that she has chosen since the question was shown.
        """
        if goals:
            self.of(learner).choose({}, goals)
        else:
            self.get_or_create(learner=learner)


class Taste(models.Model):
    """One person's switches, one for each signal, and goals. Who never said what she wants to learn has no row."""

    learner = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="+")
    uses_goals = models.BooleanField(default=True)
    uses_history = models.BooleanField(default=True)
    uses_skills = models.BooleanField(default=True, db_default=True)
    uses_follows = models.BooleanField(default=True)
    uses_language = models.BooleanField(default=True, db_default=True)
    uses_popularity = models.BooleanField(default=True)
    goals = models.ManyToManyField(Category, blank=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = TasteQuerySet.as_manager()

    def __str__(self) -> str:
        return f"taste of {self.learner_id}"

    @transaction.atomic
    def choose(self, switches: dict[str, bool], goals: list[Category]) -> None:
        """Of two at once, also of two first ones, the second waits; what it does not name stays as the first chose."""
        Taste.objects.get_or_create(learner=self.learner)
        self.refresh_from_db(from_queryset=Taste.objects.select_for_update(no_key=True))
        for name, is_on in switches.items():
            setattr(self, name, is_on)
        self.changed_at = timezone.now()
        self.save()
        self.goals.set(goals)

    @property
    def is_new(self) -> bool:
        """She has chosen nothing yet, nor skipped it."""
        return self._state.adding

    def goal_ids(self) -> set[int]:
        return set() if self.is_new else set(self.goals.values_list("pk", flat=True))


class FollowQuerySet(models.QuerySet["Follow"]):
    def of(self, learner: Any) -> "FollowQuerySet":
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def listed_for(self, learner: User) -> "FollowQuerySet":
        """Hers with their creators' names, the latest first."""
        return self.of(learner).select_related("creator").defer("creator__bio").order_by("-pk")

    def follow(self, learner: User, creator: Creator) -> None:
        """Asked twice, once is kept."""
        self.get_or_create(learner=learner, creator=creator)

    def unfollow(self, learner: User, creator: Creator) -> None:
        self.of(learner).filter(creator=creator).delete()


class Follow(models.Model):
    """A learner follows a creator since then."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="+")
    followed_at = models.DateTimeField(default=timezone.now)

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "creator"], name="one_follow_a_creator")]

    def __str__(self) -> str:
        return f"{self.learner_id} follows {self.creator_id}"

    @property
    def name(self) -> str:
        """None of a creator who is suspended: it is shown to nobody. She may still stop to follow."""
        return "" if self.creator.suspended_at else self.creator.name


class DismissalQuerySet(models.QuerySet["Dismissal"]):
    def of(self, learner: User) -> "DismissalQuerySet":
        return self.filter(learner=learner)

    def listed_for(self, learner: User) -> "DismissalQuerySet":
        """Hers with their courses' titles, the latest first."""
        unread = ("course__search", "course__search_text", "course__creator__bio")
        return self.of(learner).select_related("course__creator").defer(*unread).order_by("-pk")

    def dismiss(self, learner: User, course: Course) -> None:
        self.get_or_create(learner=learner, course=course)

    def bring_back(self, learner: User, slug: str) -> None:
        """By the course's slug alone: who asks learns nothing of a course that is not on sale."""
        self.of(learner).filter(course__slug=slug).delete()


class Dismissal(models.Model):
    """She is not interested in this course: matching does not show it to her again. Search and lists still have it."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    dismissed_at = models.DateTimeField(default=timezone.now)

    objects = DismissalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "course"], name="one_dismissal_a_course")]

    def __str__(self) -> str:
        return f"{self.learner_id} not interested in {self.course_id}"

    @property
    def title(self) -> str:
        """None of a course that is not on sale now. She may still bring it back."""
        return self.course.title if self.course.is_on_sale else ""
