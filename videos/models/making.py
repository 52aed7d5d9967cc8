"""How a film's conversion goes on: in one piece or in chunks, sooner or later, halted or not. A part of Video."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from marketplace.lib import work
from marketplace.lib.errors import DomainError
from marketplace.lib.work import LeaseLost

from .losses import MayBeLost

if TYPE_CHECKING:
    from .chunk import VideoChunkQuerySet
    from .halt import VideoHalt, VideoHaltQuerySet

# The last chunk wakes its film; should its worker die just then, the film looks by itself after this.
LOOKS_AFTER = timedelta(minutes=2)


class NotInConversion(DomainError):
    code = "not_in_conversion"
    message = _("This film is not being converted just now. Reload the page to see how it stands.")


class Priority(models.IntegerChoices):
    """Whose film is made first; among equals creators take turns (`turns.py`)."""

    SOON = 0
    USUAL = 1
    LATER = 2


class Making(MayBeLost):
    """`plan` is what the probe found and the ladder decided (plans.py), once the film is made in chunks."""

    TASK_FOR_ALL = "videos.tasks.make_films"

    plan = models.JSONField(null=True, editable=False)
    priority = models.PositiveSmallIntegerField(
        choices=Priority.choices, default=Priority.USUAL, db_default=Priority.USUAL
    )

    look_s = models.FloatField(
        default=0, db_default=0, editable=False, help_text="seconds that can be looked at while the rest is encoded"
    )

    IN_CONVERSION = ("uploaded", "probing", "transcoding")
    # Of these something may lie on disk that somebody goes on with.
    IN_WORK = (*IN_CONVERSION, "paused")

    chunks: "VideoChunkQuerySet"
    halts: "VideoHaltQuerySet"

    class Meta:
        abstract = True

    @classmethod
    def ring_for_due(cls, _most: int) -> int:
        """One bell for all films and chunks: who hears it takes what comes first."""
        if not cls.due_work().exists():
            return 0
        work.ring_for_all(cls.TASK_FOR_ALL)
        return 1

    @classmethod
    def awaited_work(cls) -> models.QuerySet["Making"]:
        return cls.due_work().exclude(priority=Priority.LATER)

    def ring(self) -> None:
        transaction.on_commit(lambda: work.ring_for_all(self.TASK_FOR_ALL), robust=True)

    @property
    def is_in_chunks(self) -> bool:
        """Decided by the probe; a film in one piece has at most one chunk, its first look."""
        return bool(self.plan and self.plan["chunk_s"])

    @property
    def can_pause(self) -> bool:
        return self.state in self.IN_CONVERSION  # type: ignore[attr-defined]

    @property
    def can_resume(self) -> bool:
        return self.state == "paused"  # type: ignore[attr-defined]

    @property
    def can_cancel(self) -> bool:
        return self.can_pause or self.can_resume

    @property
    def halt(self) -> "VideoHalt | None":
        """What stops the film now. `halts` should be prefetched where many are shown."""
        return next((halt for halt in self.halts.all() if halt.ended_at is None), None)

    def pause(self, by: Any) -> None:
        """Workers stop within seconds; chunks that are finished are kept. Raises NotInConversion."""
        with transaction.atomic():
            self._take_from_workers(lambda film: film.can_pause)
            self._write(state="paused")
            self.halts.create(kind="pause", by=by)
        self.refresh_from_db()

    def resume(self, by: Any) -> None:
        """Go on with what is left. Raises NotInConversion."""
        with transaction.atomic():
            self._take_from_workers(lambda film: film.can_resume)
            self.halts.end(by)
            self._write(state="transcoding" if self.plan else "uploaded", due_at=Now())
        self.refresh_from_db()
        self.ring()

    def cancel(self, by: Any) -> None:
        """No worker makes it any more, unless somebody asks anew (`retry`). Raises NotInConversion."""
        with transaction.atomic():
            self._take_from_workers(lambda film: film.can_cancel)
            self.halts.end(by)
            self._write(state="cancelled", finished_at=Now())
            self.chunks.all().delete()
            self.halts.create(kind="cancel", by=by)
        self.refresh_from_db()

    def _take_from_workers(self, may: Callable[["Making"], bool]) -> None:
        """A new round: whoever works on the film or its chunks has lost it. Locks it; raises NotInConversion."""
        # The film first, then its chunks: the order of the worker who adopts it. One that is gone is not made either.
        anew = {**self.UNTRIED, "rounds": models.F("rounds") + 1, "lease_until": None}
        locked = type(self)._default_manager.select_for_update(no_key=True).filter(pk=self.pk).first()
        if locked is None or not may(locked):
            raise NotInConversion
        self.chunks.filter(finished_at=None).update(**anew)
        self._write(**anew)
        self.refresh_from_db()

    def hasten(self, priority: int) -> None:
        """Make it sooner or later than others."""
        self._write(priority=priority)

    def let_the_look_come_first(self) -> None:
        """Give the film back at once: a worker who is free takes its first look before it, another one it itself."""
        self.wait_for_others(timedelta(0))
        self.ring()

    def wait_for_chunks(self) -> None:
        """Give the film back until its chunks are done. Whoever ends the last one in this moment is not missed."""
        self.wait_for_others(LOOKS_AFTER)
        self.wake()

    def wake(self) -> None:
        """Let a worker look at the film when no chunk is left to be made, or one of them cannot be made."""
        rest = self.chunks.filter(finished_at=None, dead_at=None)
        if self.chunks.hopeless().exists() or not rest.exists():
            type(self)._default_manager.filter(pk=self.pk, lease_until=None, state="transcoding").update(due_at=Now())
            self.ring()

    def begin_probing(self) -> None:
        self._settle(state="probing", percent=0)
        self.refresh_from_db()

    def note_progress(self, percent: int, rungs: dict[str, int]) -> None:
        """Keep the lease and show how far each rung is ({name: percent}). Raises LeaseLost when another took over."""
        with transaction.atomic():
            self._settle(percent=min(percent, 99), lease_until=Now() + self.LEASE)
            for rendition in self.renditions.filter(name__in=rungs):  # type: ignore[attr-defined]
                rendition.show(rungs[rendition.name])

    def show_progress(self) -> None:
        """Percents of the film and its rungs, from those of its chunks. Raises LeaseLost when it waits no more.

        Of a film in one piece its own worker knows better.
        """
        waiting = type(self)._default_manager.filter(pk=self.pk, state="transcoding")
        if not self.is_in_chunks:
            if not waiting.exists():
                raise LeaseLost(f"video {self.pk} waits for no chunk")
            return
        whole, by_rung = self.chunks.progress()
        if not waiting.update(percent=min(99, whole)):
            raise LeaseLost(f"video {self.pk} waits for no chunk")
        for rendition in self.renditions.all():  # type: ignore[attr-defined]
            rendition.show(by_rung.get(rendition.name, 0))

    def note_look(self, seconds: float) -> None:
        """So much can be looked at by its creator; never less than before, whoever says so last."""
        type(self)._default_manager.filter(pk=self.pk, look_s__lt=seconds).update(look_s=seconds)

    def make_whole(self, plan: dict[str, Any]) -> None:
        """The chunks do not fit together: forget them, and make the film in one piece."""
        with self.fenced():
            self._settle(plan=plan, percent=0, look_s=0)
            self.chunks.all().delete()
        self.refresh_from_db()
