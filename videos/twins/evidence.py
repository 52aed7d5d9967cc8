"""Writing down that films run side by side: the evidence, which stays, and the finding, which the creator reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from ..models import TwinMatch, TwinPrint, Video, VideoFinding
from .judging import Run
from .pairing import Twin


@dataclass(frozen=True)
class _Side:
    """One of the two films of a match: in which conversion, and from where to where."""

    video: Video
    output: str
    start_s: float
    end_s: float

    @property
    def age(self) -> tuple[datetime, str]:
        return self.video.uploaded_at or self.video.created_at, str(self.video.pk)


def record(twin_print: TwinPrint, video: Video, twins: list[Twin], compared_s: float) -> None:
    """End the work of `twin_print` with all that was found. The finding goes to whichever film came later."""
    with transaction.atomic():
        prints = TwinPrint.objects.filter(pk__in={twin.print_id for twin in twins}).defer("pictures", "sound")
        others = {one.pk: one for one in prints.select_related("video")}
        lock_films({video.pk, *(one.video_id for one in others.values())})
        with twin_print.fenced() as held:
            pairs = [
                (_sides(_Side(video, twin_print.output, twin.start_s, twin.end_s), others[twin.print_id], twin), twin)
                for twin in twins
                if twin.print_id in others
            ]
            for film, former in {(later.video.pk, earlier.video.pk) for (later, earlier), _twin in pairs}:
                VideoFinding.objects.forget_twin(film, former)
            for (later, earlier), twin in pairs:
                _tell(later, earlier, twin)
            held.note_compared(compared_s)


def lock_films(pks: Iterable[Any]) -> None:
    """Two workers that find each other's film write one after the other, so that neither film is told twice.

    Films before prints, as whoever adopts a film locks them.
    """
    list(Video.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk"))


def _sides(mine: _Side, other: TwinPrint, twin: Twin) -> tuple[_Side, _Side]:
    """(the film that was uploaded later, the one that was here before)."""
    theirs = _Side(other.video, other.output, twin.other_start_s, twin.other_end_s)
    return (mine, theirs) if mine.age > theirs.age else (theirs, mine)


def _tell(later: _Side, earlier: _Side, twin: Twin) -> None:
    match = TwinMatch.objects.keep(
        **_facts("film", later),
        **_facts("twin", earlier),
        **_agreement("picture", twin.picture),
        **_agreement("sound", twin.sound),
        is_mirrored=twin.is_mirrored,
    )
    VideoFinding.objects.tell_twin(later.video, match)


def _facts(role: str, side: _Side) -> dict[str, Any]:
    video = side.video
    return {
        role: video.pk,
        f"{role}_output": side.output,
        f"{role}_name": video.name,
        f"{role}_owner_id": video.owner_id,
        f"{role}_uploaded_at": video.uploaded_at or video.created_at,
        f"{role}_start_ms": round(max(0.0, side.start_s) * 1000),
        f"{role}_end_ms": round(side.end_s * 1000),
    }


def _agreement(kind: str, run: Run | None) -> dict[str, float | None]:
    agreed, score = (round(run.agreed_s, 1), round(run.score, 3)) if run else (None, None)
    return {f"{kind}_s": agreed, f"{kind}_score": score}
