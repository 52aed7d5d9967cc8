"""What the partials of this app draw with: limits, steps and tones of films."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from marketplace.lib.spoken import reads_chinese
from marketplace.lib.templatetags.ui import clock
from videos import caption_editing, cues, failures, first_look, playback, speech, steps
from videos.forms import CaptionForm
from videos.models import Caption, ColdOriginal, Replacement, TwinPrint, Video
from videos.precheck import points

register = template.Library()

_TONES = {
    Video.State.READY: "ok",
    Video.State.FAILED: "bad",
    Video.State.PAUSED: "idle",
    Video.State.CANCELLED: "idle",
}
_STEP_STATES = {"waiting": "todo", "active": "now", "done": "done", "failed": "bad"}


@register.simple_tag
def film_lures(video: Video) -> list[points.Point]:
    """What its captions and chapters say that leads learners away to buy or to be reached."""
    return list(points.lures_of(video))


@register.simple_tag
def most_bytes() -> int:
    """How large a film may be."""
    return settings.UPLOAD_MAX_BYTES


@register.simple_tag
def film_suffixes() -> str:
    return failures.SUFFIXES


@register.simple_tag
def film_accept() -> str:
    """For a file field: the kinds that its dialog offers."""
    return ",".join(["video/*", *(f".{suffix}" for suffix in failures.SUFFIXES.split())])


@register.simple_tag
def film_steps(video: Video) -> list[steps.Step]:
    return steps.of(video)


@register.simple_tag
def film_rungs(video: Video) -> str:
    """The sizes that a ready film has: "240p, 360p, sound"."""
    rungs = list(video.renditions.all())
    words = [rung.label for rung in rungs if rung.kind == "video"]
    return ", ".join([*words, gettext("sound")] if video.has_audio else words)


@register.simple_tag
def film_poster(video: Video, user: Any) -> str | None:
    """The poster's address for this reader; None until the film is ready."""
    return playback.poster_url(video, playback.viewer_of(user))


@register.simple_tag
def film_posters(video: Video, user: Any) -> list[str]:
    """The frames to choose a poster from."""
    return playback.posters(video, playback.viewer_of(user))


@register.simple_tag
def film_original(video: Video) -> str:
    """Where the file lies that was sent; empty while it is at hand."""
    moved_at = ColdOriginal.objects.filter(upload__video=video).values_list("moved_at", flat=True).first()
    if moved_at is None:
        return ""
    return gettext("Your original is in cold storage since %(day)s. It comes back by itself when it is needed.") % {
        "day": date_format(localtime(moved_at), "DATE_FORMAT")
    }


@register.simple_tag
def film_comparison(video: Video) -> str:
    """How far the search for the same film in other hands is; empty before anybody asked for it."""
    asked = TwinPrint.objects.filter(video=video).only("finished_at", "dead_at", "compared_s").first()
    if asked is None:
        return ""
    if asked.dead_at:
        return gettext("It could not be compared with other creators' films. We have been told.")
    if not asked.finished_at:
        return gettext("It is still being compared with other creators' films.")
    if asked.compared_s is None:
        return ""
    return gettext("Compared with other creators' films, up to %(until)s.") % {"until": clock(asked.compared_s)}


@register.simple_tag
def film_captions_share(video: Video) -> str:
    """How much of a film with sound its captions cover, by language; without pauses no film is covered whole."""
    published = [caption for caption in video.captions.all() if not caption.is_draft]
    if not (video.has_audio and video.duration_ms):
        return ""
    if not published:
        return gettext("No captions yet. Many people watch without sound.")
    shares = [
        (one.label, cues.covered_ms(cues.read(one.webvtt), video.duration_ms) * 100 // video.duration_ms)
        for one in published
    ]
    return gettext("Captions cover: %(languages)s.") % {
        "languages": ", ".join(f"{label} {share}\u00a0%" for label, share in shares)
    }


@register.simple_tag
def film_replacements(video: Video) -> list[Replacement]:
    """Where this film took another's place, or another took this one's; the newest first."""
    return list(Replacement.objects.carried_out().of(video).select_related("begun_by").order_by("-carried_out_at"))


@register.simple_tag
def caption_form() -> CaptionForm:
    return CaptionForm(auto_id="captions_%s", initial={"language": get_language_tag()})


@register.simple_tag
def can_transcribe(video: Video) -> bool:
    """Whether a machine could write captions of it."""
    return speech.is_offered() and video.is_ready and video.has_audio


@register.simple_tag
def hard_cues(caption: Caption) -> int:
    """How many cues are hard to read."""
    return caption_editing.hard_to_read(caption)


def get_language_tag() -> str:
    return "zh-Hans" if reads_chinese() else "en"


@register.simple_tag
def look_seconds(video: Video) -> float:
    """How much can be looked at of a film that is still being converted."""
    return first_look.length_s(video)


@register.filter
def film_tone(video: Video) -> str:
    return _TONES.get(Video.State(video.state), "wait")


@register.filter
def step_state(step: steps.Step) -> str:
    return _STEP_STATES[step.state]
