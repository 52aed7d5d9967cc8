"""One film in the place of another: who asked for it, and what came over when she said so."""

import uuid
from collections.abc import Collection
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError, NotAllowed

from .video import Video

# A film that took the place of one that took the place of one …: so far back is looked for what was watched.
MOST_STEPS = 8

Pair = tuple[uuid.UUID, uuid.UUID]


class SameFilm(DomainError):
    code = "same_film"
    message = _("A film cannot take its own place.")


class ReplacementClosed(DomainError):
    code = "replacement_closed"
    message = _("This replacement was carried out or given up already.")


class ReplacementQuerySet(models.QuerySet["Replacement"]):
    def open(self) -> Self:
        return self.filter(carried_out_at=None, given_up_at=None)

    def carried_out(self) -> Self:
        return self.filter(carried_out_at__isnull=False)

    def of(self, film: Video) -> Self:
        """Where it was replaced, or replaced another."""
        return self.filter(Q(old=film) | Q(new=film))

    def hold(self) -> None:
        """Locked for the rest of the transaction, before their films: as by who carries one out."""
        list(self.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))

    @transaction.atomic
    def begin(self, *, old: Video, new: Video, by: Any) -> "Replacement":
        """`new` shall take the place of `old`, once it is ready and she says so; an open one of `old` is given up.

        Raises SameFilm, NotAllowed for somebody else's film.
        """
        if not old.owner_id == new.owner_id == by.pk:
            raise NotAllowed(_("This film belongs to somebody else."))
        if old.pk == new.pk:
            raise SameFilm
        formers = self.open().filter(Q(old=old) | Q(new=new))
        formers.hold()
        Video.objects.select_for_update(no_key=True).get(pk=old.pk)
        for former in formers.all():
            former.give_up()
        return self.create(
            old=old,
            new=new,
            old_asset=old.asset,
            new_asset=new.asset,
            old_name=old.name,
            new_name=new.name,
            begun_by=by,
        )

    def way(self, before: uuid.UUID, now: uuid.UUID) -> "list[Replacement]":
        """The replacements that lead from the film `before` to the film `now` (assets), in their order; else none."""
        return self.ways([(before, now)])[before, now]

    def ways(self, pairs: Collection[Pair]) -> "dict[Pair, list[Replacement]]":
        """`way` for each of these pairs, in as many queries as the longest of them has steps."""
        into: dict[uuid.UUID, dict[uuid.UUID, Replacement]] = {now: {} for _before, now in pairs}
        ends = {now: {now} for now in into}
        for _step in range(MOST_STEPS):
            ends = {now: found for now, found in ends.items() if found}
            if not ends:
                break
            rows = list(self.carried_out().filter(new_asset__in=set().union(*ends.values())).order_by("carried_out_at"))
            for now, known in into.items():
                here = [row for row in rows if row.new_asset in ends.get(now, ())]
                fresh = {row.old_asset: row for row in here if row.old_asset not in known and row.old_asset != now}
                known |= fresh
                is_found = all(before in known for before, end in pairs if end == now)
                ends[now] = set() if is_found else set(fresh)
        return {(before, now): _steps(before, into[now]) for before, now in pairs}


class Replacement(models.Model):
    """`new` shall take the place of `old`, or did. The database refuses changes once it is carried out.

    The names stay when a film's row goes; the assets too: what was watched of the old film is found by them.
    """

    old = models.ForeignKey(Video, null=True, on_delete=models.SET_NULL, related_name="replacements")
    new = models.ForeignKey(Video, null=True, on_delete=models.SET_NULL, related_name="replaces")
    old_asset = models.UUIDField()
    new_asset = models.UUIDField()
    old_name = models.CharField(max_length=200)
    new_name = models.CharField(max_length=200)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    given_up_at = models.DateTimeField(null=True)
    carried_out_at = models.DateTimeField(null=True)
    # What was decided when it was carried out.
    shift_ms = models.BigIntegerField(default=0, help_text="by how much everything begins later than in the old film")
    old_length_ms = models.PositiveBigIntegerField(default=0)
    new_length_ms = models.PositiveBigIntegerField(default=0)
    keeps_watched = models.BooleanField(default=False, help_text="what learners watched of the old film still counts")
    dropped = models.PositiveIntegerField(default=0, help_text="cues and chapters that had no place in the new film")

    objects = ReplacementQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at"]
        indexes = [
            models.Index(fields=["new_asset"], condition=Q(carried_out_at__isnull=False), name="replacement_into")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["old"], condition=Q(carried_out_at=None, given_up_at=None), name="one_open_replacement_a_film"
            ),
            models.CheckConstraint(
                condition=Q(carried_out_at=None) | Q(given_up_at=None), name="replacement_ends_in_one_way"
            ),
            models.CheckConstraint(condition=~Q(old_asset=models.F("new_asset")), name="replacement_of_another_film"),
        ]

    def __str__(self) -> str:
        return f"{self.old_name}: {self.new_name}"

    @property
    def is_open(self) -> bool:
        return self.carried_out_at is None and self.given_up_at is None

    @property
    def shift_s(self) -> float:
        return self.shift_ms / 1000

    def hold_open(self) -> "Replacement":
        """Locked for the rest of the transaction. Raises ReplacementClosed."""
        held = Replacement.objects.select_for_update(no_key=True, of=("self",)).get(pk=self.pk)
        if not held.is_open or held.old is None or held.new is None:
            raise ReplacementClosed
        return held

    @transaction.atomic
    def give_up(self) -> None:
        """The old film stays; the new one is a film like any other. Raises ReplacementClosed."""
        if not Replacement.objects.open().filter(pk=self.pk).update(given_up_at=timezone.now()):
            raise ReplacementClosed

    def carry_out(self, **decided: Any) -> None:
        """Called by replacing.carry_out alone, which holds the row. `decided`: the fields named so above."""
        decided["carried_out_at"] = timezone.now()
        for name, value in decided.items():
            setattr(self, name, value)
        self.save(update_fields=list(decided))


def _steps(before: uuid.UUID, into: dict[uuid.UUID, Replacement]) -> list[Replacement]:
    steps = []
    while before in into:
        steps.append(into[before])
        before = into[before].new_asset
    return steps
