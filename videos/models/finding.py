"""What the machine noticed of a film, with its time: hints for its creator and for who reviews it, never a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.lib.templatetags.ui import clock

from .twin import TwinMatch
from .video import Video


@dataclass(frozen=True)
class Noticed:
    """One finding before it is kept; times in seconds, both None where it is about the whole film."""

    code: str
    start_s: float | None = None
    end_s: float | None = None
    value: float | None = None


class VideoFindingQuerySet(models.QuerySet["VideoFinding"]):
    def put(self, video: Video, noticed: Iterable[Noticed], *, but_twins: bool = False) -> None:
        """Instead of those of an earlier conversion. Call inside the transaction that adopts the film.

        `but_twins`: what was said of other creators' films stands until it is compared anew.
        """
        former = self.filter(video=video)
        (former.exclude(code=VideoFinding.Code.TWIN) if but_twins else former).delete()
        VideoFinding.objects.bulk_create(
            VideoFinding(video=video, code=one.code, start_ms=_ms(one.start_s), end_ms=_ms(one.end_s), value=one.value)
            for one in noticed
        )

    def tell_twin(self, video: Video, match: TwinMatch) -> None:
        """This film runs beside an earlier one of another creator."""
        start, end = match.film_start_ms, match.film_end_ms
        self.create(
            video=video, code=VideoFinding.Code.TWIN, start_ms=start, end_ms=end, value=match.twin_start_s, match=match
        )  # fmt: skip

    def forget_twin(self, film: Any, twin: Any) -> None:
        """What was said of this pair of films before one of them was converted anew."""
        self.filter(video=film, match__twin=twin).delete()

    def twins(self) -> Self:
        return self.filter(code=VideoFinding.Code.TWIN)


class VideoFinding(models.Model):
    """`value` is what was measured, in the unit that the code's sentence names."""

    class Code(models.TextChoices):
        SMALL = "small", _("Small picture")
        SHORT = "short", _("Short film")
        NO_SOUND = "no_sound", _("No sound")
        QUIET = "quiet", _("Very soft")
        CLIPPED = "clipped", _("Too loud")
        SILENCE = "silence", _("Silence")
        BLACK = "black", _("Black picture")
        STILL = "still", _("Still picture")
        TWIN = "twin", _("In another creator's film")

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(max_length=12, choices=Code.choices)
    start_ms = models.PositiveBigIntegerField(null=True)
    end_ms = models.PositiveBigIntegerField(null=True)
    value = models.FloatField(null=True)
    # The evidence of a twin, which stays when the finding goes.
    match = models.ForeignKey(TwinMatch, on_delete=models.PROTECT, null=True, related_name="findings")

    objects = VideoFindingQuerySet.as_manager()

    class Meta:
        ordering = [models.F("start_ms").asc(nulls_first=True), "id"]

    def __str__(self) -> str:
        return f"{self.video_id}: {self.code}"

    @property
    def start_s(self) -> float | None:
        return None if self.start_ms is None else self.start_ms / 1000

    @property
    def text(self) -> str:
        """What was noticed, and what to do about it."""
        value = self.value or 0
        if self.code == self.Code.TWIN:
            return _SENTENCES[self.code] % {"until": clock((self.end_ms or 0) / 1000), "there": clock(value)}
        return _SENTENCES[self.code] % {"value": round(value, 1) if self.code in _WITH_TENTHS else round(value)}


_WITH_TENTHS = (VideoFinding.Code.QUIET, VideoFinding.Code.CLIPPED)
_SENTENCES: dict[str, Any] = {
    "small": _("The picture has %(value)s lines. 720 and more look good on a large screen: export it larger."),
    "short": _("The film is shorter than half a minute. Is it whole?"),
    "no_sound": _("The film has no sound. If that is not meant, export it with its sound track."),
    "quiet": _("Recorded very softly (%(value)s LUFS). We made it louder, and its noise: go nearer to the microphone."),
    "clipped": _("The sound is cut off at its peaks (%(value)s dB above full scale): lower the recording's level."),
    "silence": _("%(value)s seconds of silence. Cut them, or say that they are meant."),
    "black": _("%(value)s seconds of black picture. Cut them."),
    "twin": _(
        "From here to %(until)s the film is the same as one that another creator uploaded earlier, there from "
        "%(there)s on. If you may use it, tell the reviewers why in your note; if not, cut it out."
    ),
    "still": _("The picture stands still for %(value)s seconds. Fine for a slide that is spoken to; else cut it."),
}


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else max(0, round(seconds * 1000))
