"""What a word would have found in the latest public texts, asked before it is saved.

So many texts are read, not so many days: on a quiet site ninety days would hold next to nothing, on a busy one more
than a page can wait for.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from community.models import Post, Rating
from courses.models import Clip, Lesson, PathEdition, Version
from creators.models import Creator, Institution
from learners.models import HandIn
from moderation.models import ListedWord

from . import lists, reading

LAST_TEXTS = 1000
# A preview answers at once, however long the latest texts are.
MOST_SIGNS = 300_000
MOST_SHOWN = 40


@dataclass(frozen=True)
class Preview:
    """`looked_at` texts were read, of `most` at most; `texts` of them have the word, `found` shows where."""

    looked_at: int
    texts: int
    found: list[reading.Found]
    most: int = LAST_TEXTS


def of(row: ListedWord) -> Preview:
    """`row` need not be saved. It is looked for as if it were refused, whatever its severity is."""
    finder, found, looked_at, texts, signs = lists.trial(row), [], 0, 0, 0
    for place, text in _latest(LAST_TEXTS):
        if signs + len(text) > MOST_SIGNS:
            break
        looked_at, signs = looked_at + 1, signs + len(text)
        hits = finder.hits(text)
        texts += bool(hits)
        found += [reading.found_at(hit, text, place) for hit in hits[:3]]
    return Preview(looked_at, texts, found[:MOST_SHOWN])


def _latest(most: int) -> Iterator[tuple[str, str]]:
    """(place, text), the newest of each kind, kinds in turns so that none crowds out the others."""
    kinds = [_pages(), _lessons(), _creators(), _works(), _posts(), _ratings(), _clips(), _paths(), _institutions()]
    given = 0
    while kinds and given < most:
        for kind in list(kinds):
            one = next(kind, None)
            if one is None:
                kinds.remove(kind)
            elif one[1].strip() and given < most:
                given += 1
                yield one


def _pages() -> Iterator[tuple[str, str]]:
    rows = Version.objects.filter(state__in=["live", "submitted"]).order_by("-id")
    for title, subtitle, about in rows.values_list("title", "subtitle", "description").iterator(chunk_size=100):
        yield title, f"{title}\n{subtitle}\n{about}"


def _lessons() -> Iterator[tuple[str, str]]:
    rows = Lesson.objects.filter(version__state__in=["live", "submitted"]).order_by("-id")
    for course, title, text in rows.values_list("version__title", "title", "article").iterator(chunk_size=100):
        yield f"{course}: {title}", f"{title}\n{text}"


def _creators() -> Iterator[tuple[str, str]]:
    rows = Creator.objects.order_by("-id")
    for name, headline, bio in rows.values_list("name", "headline", "bio").iterator(chunk_size=100):
        yield name, f"{name}\n{headline}\n{bio}"


def _works() -> Iterator[tuple[str, str]]:
    rows = HandIn.objects.select_related("lesson").order_by("-id")
    yield from rows.values_list("lesson__title", "text").iterator(chunk_size=100)


def _posts() -> Iterator[tuple[str, str]]:
    rows = Post.objects.shown().order_by("-id")
    for course, title, text in rows.values_list("course__slug", "title", "text").iterator(chunk_size=100):
        yield f"{course}: {title}".rstrip(": "), f"{title}\n{text}".strip()


def _ratings() -> Iterator[tuple[str, str]]:
    yield from Rating.objects.shown().order_by("-id").values_list("course__slug", "text").iterator(chunk_size=100)


def _clips() -> Iterator[tuple[str, str]]:
    rows = Clip.objects.shown().order_by("-id")
    for title, line in rows.values_list("title", "line").iterator(chunk_size=100):
        yield title, f"{title}\n{line}"


def _paths() -> Iterator[tuple[str, str]]:
    rows = PathEdition.objects.filter(state__in=["live", "submitted"]).order_by("-id")
    for title, promise, about in rows.values_list("title", "promise", "about").iterator(chunk_size=100):
        yield title, f"{title}\n{promise}\n{about}"


def _institutions() -> Iterator[tuple[str, str]]:
    rows = Institution.objects.order_by("-id")
    for name, about in rows.values_list("name", "about").iterator(chunk_size=100):
        yield name, f"{name}\n{about}"
