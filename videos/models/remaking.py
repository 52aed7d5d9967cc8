"""Films that an operator has converted anew: which, why, how far, and what came of each."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.work import Work

from .. import failures
from .halt import VideoHaltQuerySet
from .making import NotInConversion
from .video import Video


class RemakingEnded(DomainError):
    code = "remaking_ended"
    message = _("This conversion of many films has ended. Reload the page to see how it stands.")


class RemakingQuerySet(models.QuerySet["Remaking"]):
    @transaction.atomic
    def ask(self, *, by: User, films: str, reason: str, listed: list[str] | None = None) -> "Remaking":
        """Have films made anew, after all that creators wait for. Raises NotAllowed."""
        if not by.has_role("admin"):
            raise NotAllowed
        row = self.create(asked_by=by, films=films, reason=reason, listed=listed or [])
        audit.record(by, "films.remake", row, films=films, listed=len(row.listed), reason=reason)
        row.ring()
        return row

    def open(self) -> Self:
        return self.filter(finished_at=None, dead_at=None)


class Remaking(Work):
    """One wish of staff. While it is open, a worker looks after it now and then: puts films on its list (until
    `listed_at`), lets some of them be made at a time, and writes down what came of them.
    """

    class Films(models.TextChoices):
        RULES = "rules", _("Made by the rules of before")
        MISSING = "missing", _("A size or a sound is missing")
        LIST = "list", _("Those on a list")

    TASK = "videos.tasks.remake_films"
    LEASE = timedelta(minutes=2)

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    films = models.CharField(max_length=8, choices=Films.choices)
    reason = models.TextField(max_length=2000)
    listed = models.JSONField(default=list, blank=True, help_text="ids of films, where it is a list")
    listed_at = models.DateTimeField(null=True, editable=False)

    objects = RemakingQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="remaking_due")]
        constraints = [
            models.CheckConstraint(condition=Q(films__in=["rules", "missing", "list"]), name="remaking_films_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="remaking_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_films_display()}, {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.finished_at is None and self.dead_at is None

    @property
    def is_paused(self) -> bool:
        return self.halts.standing().exists()

    @property
    def counts(self) -> dict[str, int]:
        """How many films are on the list, wait, have ended, and how."""
        found = dict(self.items.values_list("outcome").annotate(Count("pk")).order_by())
        listed, waiting = sum(found.values()), found.get("", 0)
        ends = {end: found.get(end, 0) for end in RemadeFilm.Outcome.values}
        return {"all": listed, "waiting": waiting, "ended": listed - waiting, **ends}

    def look_again(self) -> None:
        self._write(due_at=Now())
        self.ring()

    def note_listed(self) -> None:
        self._settle(listed_at=Now())
        self.refresh_from_db()

    def pause(self, by: User) -> None:
        """No film is begun, and those in work stop; finished chunks stay. Raises RemakingEnded, NotAllowed."""
        with self._held(by, "films.pause_remaking"):
            if not self.is_paused:
                self.halts.create(by=by)
            for copy in self._held_copies().filter(state__in=Video.IN_CONVERSION):
                with suppress(NotInConversion):  # it came to its end this moment
                    copy.pause(by)

    def resume(self, by: User) -> None:
        """Go on with what is left. Raises RemakingEnded, NotAllowed."""
        with self._held(by, "films.resume_remaking"):
            self.halts.standing().update(ended_at=timezone.now(), ended_by=by)
            for copy in self._held_copies().filter(state=Video.State.PAUSED):
                copy.resume(by)
            self.look_again()

    def end(self, by: User) -> None:
        """What is not made yet stays as it is. Raises RemakingEnded, NotAllowed."""
        with self._held(by, "films.end_remaking"):
            self._let_films_go(by)
            self.halts.end(by)
            self.look_again()

    def on_dead(self) -> None:
        """Its films are free for another one. Nobody did this: where a person must be named, it is who asked for it."""
        self._let_films_go(self.asked_by)
        self.halts.end(None)

    def _let_films_go(self, by: User) -> None:
        for copy in self._held_copies().filter(state__in=Video.IN_WORK):
            with suppress(NotInConversion):
                copy.cancel(by)
        self.items.open().end(RemadeFilm.Outcome.SKIPPED, "ended")

    def copies(self) -> models.QuerySet[Video]:
        """The conversions that are under way."""
        return Video.objects.filter(made_for__in=self.items.begun().values("film"))

    def _held_copies(self) -> models.QuerySet[Video]:
        """The same, their films held first: as by the worker who adopts one, and by who removes a film.

        A row that is written twice has its foreign keys looked at again by the database, at the commit.
        """
        films = Video.objects.select_for_update(no_key=True, of=("self",))
        list(films.filter(being_remade__in=self.copies()).order_by("pk").values_list("pk"))
        return self.copies()

    @contextmanager
    def _held(self, by: User, verb: str) -> Iterator[None]:
        """While `by` changes how it goes on, no worker begins a film of it."""
        if not by.has_role("admin"):
            raise NotAllowed
        with transaction.atomic():
            held = type(self).objects.select_for_update(no_key=True).get(pk=self.pk)
            if not held.is_open:
                raise RemakingEnded
            yield
            audit.record(by, verb, held)


class RemakingHalt(models.Model):
    """Who stopped it for a while; `ended_at`: when somebody let it go on."""

    remaking = models.ForeignKey(Remaking, on_delete=models.CASCADE, related_name="halts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = VideoHaltQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["remaking"], condition=Q(ended_at=None), name="one_standing_halt_a_remaking"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.remaking_id}: {self.at}"


class RemadeFilmQuerySet(models.QuerySet["RemadeFilm"]):
    def open(self) -> Self:
        return self.filter(outcome="")

    def begun(self) -> Self:
        return self.open().filter(begun_at__isnull=False)

    def put(self, remaking: Remaking, films: Iterable[Video]) -> None:
        """On its list; not twice, and not while another one has the film on its own."""
        rows = [RemadeFilm(remaking=remaking, film=film, film_name=film.name) for film in films]
        RemadeFilm.objects.bulk_create(rows, ignore_conflicts=True)

    def wake(self) -> None:
        """A conversion of theirs comes to its end in this transaction: after it the next may begin."""
        # Read now, as their films may leave the list in this same transaction.
        remakings = list(self.begun().values_list("remaking", flat=True))

        def look() -> None:
            for remaking in Remaking.objects.open().filter(pk__in=remakings):
                remaking.look_again()

        transaction.on_commit(look, robust=True)

    def note_begun(self) -> None:
        self.update(begun_at=Now())

    def end(self, outcome: str, code: str = "", detail: str = "") -> None:
        self.open().update(outcome=outcome, code=code, detail=detail[:2000], ended_at=Now())


class RemadeFilm(models.Model):
    """One film on the list. `code` says why it was not made anew; the name stays when the film goes."""

    class Outcome(models.TextChoices):
        MADE = "made", _("Made anew")
        FAILED = "failed", _("Failed")
        SKIPPED = "skipped", _("Left out")

    remaking = models.ForeignKey(Remaking, on_delete=models.CASCADE, related_name="items")
    film = models.ForeignKey(Video, null=True, on_delete=models.SET_NULL, related_name="remakings")
    film_name = models.CharField(max_length=200)
    outcome = models.CharField(max_length=7, choices=Outcome.choices, blank=True)
    code = models.CharField(max_length=24, blank=True)
    detail = models.TextField(blank=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = RemadeFilmQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["film"], condition=Q(outcome=""), name="one_open_remaking_a_film"),
            models.UniqueConstraint(fields=["remaking", "film"], name="film_once_a_remaking"),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None) | ~Q(outcome="") & Q(ended_at__isnull=False),
                name="remade_film_ends_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.film_name

    @property
    def why(self) -> Any:
        return _WHY.get(self.code) or failures.text_of(self.code)


_WHY = {
    "removed": _("Its creator removed it."),
    "not_ready": _("It is no film that plays."),
    "ended": _("The conversion of many films was ended before its turn."),
}
