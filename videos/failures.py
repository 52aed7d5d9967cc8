"""Why a film could not be made ready, in words a creator can act on. A video stores the code, the reader gets words."""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

# Limits of what one film may be. Source: the design's page on video, 4.1.
LONGEST_S = 12 * 3600
SHORTEST_S = 0.2
WIDEST_SIDE = 4096
MOST_PIXELS = 8_900_000
MOST_FPS = 120
MOST_STREAMS = 4
# Endings of file names that are let in at the door; what a file really is, its bytes tell.
SUFFIXES = "mp4 m4v m4a mov qt 3gp 3g2 mkv webm avi flv ts mts m2ts mpegts"

TEXTS = {
    "not_a_film": _("This file is not a film that we can read. Send MP4, MOV, MKV, WebM, AVI, FLV or MPEG-TS."),
    "truncated": _(
        "The film ends before its stated length: the file was cut off. Export or copy it again, then send it anew."
    ),
    "empty": _("The file holds no pictures and no sound. Check it in a player, then send it anew."),
    "too_long": _("The film is longer than 12 hours. Cut it into several lessons."),
    "too_large": _("The file is larger than we accept. Export it at a lower bit rate, or cut it into several lessons."),
    "too_many_pixels": _("The picture is larger than 4096 pixels a side. Export it at 4K or less."),
    "too_many_frames": _("The film has more than 120 frames a second. Export it at 60 or less."),
    "too_many_streams": _("The file holds more than four tracks. Export it with one picture and one sound track."),
    "no_video_stream": _("The film's pictures cannot be read. Export it again as H.264 in MP4."),
    "encoder_failed": _(
        "The film could not be converted. Try once more; if it fails again, export it as H.264 in MP4."
    ),
    "timed_out": _(
        "Converting the film took too long and was stopped. Try once more, or export it at a lower resolution."
    ),
    "other_length": _("It came out longer or shorter than the film that plays, so that one stays."),
    "film_gone": _("The film that it is cut from is not whole here any more. Send the film anew, then cut it again."),
    "cut_failed": _("The clip could not be cut. Try once more; if it fails again, choose another stretch."),
    "original_expired": _(
        "The film could not be converted, and nobody asked for another try in time: the file was removed. Send it anew."
    ),
    "stopped_expired": _(
        "You stopped the conversion, and nobody asked for it anew in time: the file was removed. Send it anew."
    ),
    "upload_cancelled": _("The upload was cancelled."),
    "upload_expired": _("The upload was not completed in time. Send the file anew."),
}
CODES = tuple(TEXTS)
# Trying again can help only where the machine, not the film, may have been at fault.
RETRYABLE = frozenset({"encoder_failed", "timed_out"})
# The person caused these, or walked away: no mail.
SILENT = frozenset({"upload_cancelled", "upload_expired"})


class FilmRefused(Exception):
    """The film itself is at fault; a further try would end the same way. `code` is one of CODES."""

    def __init__(self, code: str, detail: str = "") -> None:
        if code not in TEXTS:
            raise ValueError(code)
        self.code, self.detail = code, detail
        super().__init__(f"{code}: {detail}" if detail else code)


def text_of(code: str) -> Any:
    """The sentence for `code`, or an empty string when nothing failed."""
    return TEXTS.get(code, "")


def _day(at: datetime) -> str:
    # On its reader's calendar, as all days on pages and in mails.
    return date_format(localtime(at))


def text_until(code: str, until: datetime) -> Any:
    """The same of a film that can be tried again until then."""
    day = lazy(_day, str)(until)
    return format_lazy(_("{reason} The file is kept for another try until {day}."), reason=text_of(code), day=day)
