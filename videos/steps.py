"""The steps of a film as its creator sees them: upload, check, each rung, ready. Pure: reads a video, asks nothing."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from .models import Rendition, Video

State = Video.State
_ORDER = {State.UPLOADING: 0, State.UPLOADED: 1, State.PROBING: 1, State.TRANSCODING: 2, State.READY: 3}


@dataclass(frozen=True)
class Step:
    """`state` is one of waiting, active, done, failed; `percent` 0–100."""

    code: str
    label: str
    state: str
    percent: int

    @property
    def is_rung(self) -> bool:
        return self.code not in ("upload", "check", "ready")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def of(video: Video) -> list[Step]:
    """All steps in order. `video.renditions` should be prefetched where many videos are shown."""
    rungs = list(video.renditions.all())
    reached = _reached(video, has_rungs=bool(rungs))
    # What an active step is when the film does not go on.
    here = {State.FAILED: "failed", State.PAUSED: "waiting", State.CANCELLED: "waiting"}.get(
        State(video.state), "active"
    )
    return [
        _step("upload", _("Upload"), 0, reached, here),
        _step("check", _("Check"), 1, reached, here),
        *(_rung(rung, here) for rung in rungs),
        _step("ready", _("Ready"), 3, reached, here),
    ]


def _reached(video: Video, *, has_rungs: bool) -> int:
    if State(video.state) in _ORDER:
        return _ORDER[State(video.state)]
    if has_rungs:
        return 2
    return 1 if video.uploaded_at else 0


def _step(code: str, label: str, at: int, reached: int, here: str) -> Step:
    if at < reached or reached == 3:
        return Step(code, label, "done", 100)
    return Step(code, label, here if at == reached else "waiting", 0)


def _rung(rung: Rendition, here: str) -> Step:
    label = rung.label if rung.kind == Rendition.Kind.VIDEO else _("Sound, %(rate)s") % {"rate": rung.label}
    state = {"waiting": "waiting", "encoding": "active", "ready": "done"}[rung.state]
    if state != "done" and here != "active":
        state = here
    return Step(rung.name, label, state, rung.percent)
