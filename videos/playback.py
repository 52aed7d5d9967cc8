"""Who may fetch which file of a film: short-lived tokens in the path, and a right that is asked for again and again.

An address is /hls/{token}/{exp}/{viewer}/{asset}/{file}. Playlists hold relative names, so every segment inherits the
token, on every player, without cookies. The token binds viewer and asset until `exp`; whether that viewer may watch
*now* is asked of the pages above (`watch_right`) and remembered for 10 s at most, so a refund stops a film within 10 s:
here, in Valkey, and by nginx for what is left of the same ten seconds (`Film.holds_s`), never one after the other.
Source: the design's page on video, 4.2.
"""

import re
import time
import uuid
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.rows import written_once

from . import poster, seats, shelves
from .models import Caption, Excerpt, Video

EXTRA_S = 2 * 3600
LONGEST_S = 6 * 3600
# A film that many watch is read once for all who ask in so many seconds. Their rights end as if each had read it then.
FILM_KNOWN_S = 2
# What an output folder may hold; anything else, `..` above all, is no file of a film.
FILE = re.compile(
    r"(master|audio)\.m3u8|poster(-[2-4])?\.jpg|storyboard/(\d{3}\.jpg|index\.vtt)"
    r"|v\d{2,4}\.mp4|[va]\d{2,4}/(index\.m3u8|init\.mp4|s\d{4,6}\.m4s)"
)
CAPTION = re.compile(r"captions/([A-Za-z0-9-]{2,12})\.vtt")
ANON = "anon"


class MayNotWatch(NotAllowed):
    code = "may_not_watch"
    message = _("You may not watch this film.")


class VideoNotReady(DomainError):
    code = "video_not_ready"
    message = _("This film is not ready yet. It plays as soon as it is converted.")


@dataclass(frozen=True)
class Film:
    """What playback needs of a video: where its files lie, and the Unix time at which the right is asked for anew."""

    video_id: str
    output: str
    asked_again_at: float
    # Of an excerpt: the stretch of the film that it is. Of a whole film nothing.
    start_ms: int = 0
    end_ms: int = 0
    # Made anew: what addresses show that are good until then (Unix time) at most.
    former_output: str = ""
    former_until: float = 0

    def at(self, expires: int) -> "Film":
        """As an address sees it that is good until then."""
        return replace(self, output=self.former_output) if self.former_output and expires <= self.former_until else self

    @property
    def read_at(self) -> float:
        """Of a film that is anybody's still: when its rows were read (Unix time)."""
        return self.asked_again_at - settings.KEZHAN_RIGHT_REMEMBERED_S

    @property
    def holds_s(self) -> int:
        """For how many whole seconds somebody else may remember this; one is kept back, because nginx counts in whole
        seconds and serves until the last one is over.
        """
        return max(0, int(self.asked_again_at - time.time()) - 1)


class WatchRight:
    """The question "may this viewer watch this asset now?", answered by whoever registered. Any yes is a yes."""

    def __init__(self) -> None:
        self._answers: list[Callable[[uuid.UUID, str], bool]] = []

    def register(self, answer: Callable[[uuid.UUID, str], bool]) -> Callable[[uuid.UUID, str], bool]:
        """`answer(asset, viewer)`; viewer is str(user.pk) or "anon". Usable as a decorator."""
        self._answers.append(answer)
        return answer

    def holds(self, asset: uuid.UUID, viewer: str) -> bool:
        return any(answer(asset, viewer) for answer in self._answers)


# Of whole films, and of what was cut from them: a film asks nobody about clips.
watch_right, clip_right = WatchRight(), WatchRight()


def viewer_of(user: Any) -> str:
    return str(user.pk) if user is not None and user.is_authenticated else ANON


def on_device(viewer: str, device: str) -> str:
    """The name of a viewer who is counted (`seats`). Owners, previews and moderators are not."""
    return f"{viewer}.{device}"


def play_url(video: Video, viewer: str) -> str:
    """The path of the master playlist for `viewer` (str(user.pk) or "anon"). Raises VideoNotReady.

    It grants nothing by itself: the right is asked for at every file.
    """
    return file_url(video, viewer, "master.m3u8")


def master_text(video: Video, address: str) -> str:
    """The list of a ready film's renditions as that `play_url` shows them, whose names are relative to it.

    It opens nothing: every name in it is asked for with its own right. "" on a host without the files.
    """
    _of_token, expires, *_rest = address.rpartition("/hls/")[2].split("/")
    output = video.output_for(int(expires))
    try:
        return (shelves.film_folder(video.asset, output) / "master.m3u8").read_text()
    except OSError:
        return ""


def poster_url(video: Video, viewer: str) -> str | None:
    """Of the chosen frame; None before the film is ready, or when it has no picture."""
    has_poster = video.is_ready and video.has_poster
    return file_url(video, viewer, poster.file_of(video.poster_number)) if has_poster else None


def posters(video: Video, viewer: str) -> list[str]:
    """The addresses of all frames to choose from, in their order."""
    numbers = range(1, video.posters_count + 1) if video.is_ready else ()
    return [file_url(video, viewer, poster.file_of(number)) for number in numbers]


def storyboard_url(video: Video, viewer: str) -> str | None:
    return file_url(video, viewer, "storyboard/index.vtt") if video.is_ready and video.has_storyboard else None


def caption_tracks(video: Video, viewer: str) -> list[dict[str, str]]:
    """[{language, label, url}] of a ready video, without drafts. `video.captions` should be prefetched."""
    return [
        {"language": caption.language, "label": caption.label, "url": file_url(video, viewer, caption_file(caption))}
        for caption in video.captions.all()
        if not caption.is_draft
    ]


def tracks_of(cut: Excerpt, viewer: str) -> list[dict[str, str]]:
    """The same of an excerpt: its film's captions, cut to it. `cut.video.captions` should be prefetched."""
    return [
        {"language": caption.language, "label": caption.label, "url": file_url(cut, viewer, caption_file(caption))}
        for caption in cut.video.captions.all()
        if not caption.is_draft
    ]


def caption_file(caption: Caption) -> str:
    return f"captions/{caption.language}.vtt"


def file_url(video: Video | Excerpt, viewer: str, file: str) -> str:
    if not video.is_ready:
        raise VideoNotReady
    # Rounded to the minute, so that a page that is loaded twice finds its segments in the browser's cache.
    expires = (int(time.time()) + lives_s(video)) // 60 * 60
    token = _token(expires, viewer, video.asset)
    return reverse(
        "videos:hls",
        kwargs={"token": token, "expires": expires, "viewer": viewer, "asset": video.asset, "file": file},
    )


def lives_s(video: Video | Excerpt) -> int:
    """How long an address of it is good."""
    return min((video.duration_ms or 0) // 1000 + EXTRA_S, LONGEST_S)


def _token(expires: int, viewer: str, asset: Any) -> str:
    said = f"{expires}|{viewer}|{asset}|{settings.PAYMENTS_BOOK}"
    return salted_hmac("videos.playback", said, algorithm="sha256").hexdigest()[:40]


def admit(token: str, expires: int, viewer: str, asset: uuid.UUID, *, left_s: float = 0) -> Film:
    """The film that this address opens. Raises MayNotWatch: wrong or expired token, no right, or no such ready film;
    and TooManyDevices. A yes that is remembered counts when more than `left_s` is left of it.
    """
    if not constant_time_compare(token, _token(expires, viewer, asset)) or expires < time.time():
        raise MayNotWatch
    known, (film, owner) = _recall(viewer, asset)
    if known and known.asked_again_at > time.time() + left_s:
        return known.at(expires)
    # By the clock of another host it may have been read in the future: then nobody knows how old it is.
    if is_new := film is None or not 0 <= time.time() - film.read_at <= FILM_KNOWN_S:
        film, owner = _found(asset)
    person, _dot, device = viewer.partition(".")
    if film is None or not (person == owner or (clip_right if film.end_ms else watch_right).holds(asset, person)):
        raise MayNotWatch
    if device:
        seat(person, device)
    seen = replace(film, asked_again_at=min(film.asked_again_at, expires))
    _remember(viewer, asset, seen, (film, owner) if is_new else None)
    return seen.at(expires)


def _found(asset: uuid.UUID) -> tuple[Film | None, str]:
    """The ready film or excerpt of this name, and whose it is. What follows from it holds from now on."""
    until = time.time() + settings.KEZHAN_RIGHT_REMEMBERED_S
    video = next(iter(_ready(asset)), None)
    if video is not None:
        former = (video.former_output, video.former_until.timestamp()) if video.former_until else ("", 0)
        return Film(str(video.pk), video.output, until, 0, 0, *former), str(video.owner_id)
    cut = Excerpt.objects.ready().filter(asset=asset).select_related("video").first()
    if cut is None:
        return None, ""
    return Film(str(cut.video_id), cut.output, until, cut.start_ms, cut.end_ms), str(cut.video.owner_id)


@written_once
def _ready(asset: Any) -> QuerySet[Video]:
    """The film with this asset, of which there is one."""
    fields = ("id", "asset", "owner_id", "output", "former_output", "former_until")
    return Video.objects.ready().filter(asset=asset).only(*fields)


def seat(person: str, device: str) -> None:
    """Raises TooManyDevices."""
    _with_redis(lambda: seats.take(person, device))


# Only a yes is remembered: who has just paid must not wait. Redis is a convenience here: without it every file asks
# the database, and for some seconds after a failure we do not knock at all, so that a dead Redis costs no time-outs.
_redis_rests_until = 0.0


def _recall(viewer: str, asset: uuid.UUID) -> tuple[Film | None, tuple[Film | None, str]]:
    """The film as this viewer may watch it; and the film with its owner, as whoever asked last found it."""
    theirs, anybodys = _key(viewer, asset), _film_key(asset)
    found = _with_redis(lambda: cache.get_many([theirs, anybodys])) or {}
    film, owner = found.get(anybodys, (None, ""))
    return Film(*found[theirs]) if theirs in found else None, (Film(*film) if film else None, owner)


def _remember(viewer: str, asset: uuid.UUID, seen: Film, found: tuple[Film, str] | None) -> None:
    lasts = settings.KEZHAN_RIGHT_REMEMBERED_S
    if found is None:
        _with_redis(lambda: cache.set(_key(viewer, asset), astuple(seen), lasts))
        return
    news = {_key(viewer, asset): astuple(seen), _film_key(asset): (astuple(found[0]), found[1])}
    _with_redis(lambda: cache.set_many(news, lasts))


def _with_redis(act: Callable[[], Any]) -> Any:
    global _redis_rests_until
    if time.monotonic() < _redis_rests_until:
        return None
    try:
        return act()
    except (RedisError, OSError):
        _redis_rests_until = time.monotonic() + 5
        return None


def _key(viewer: str, asset: uuid.UUID) -> str:
    return f"hls:{asset}:{viewer}"


def _film_key(asset: uuid.UUID) -> str:
    return f"hls-film:{asset}"
