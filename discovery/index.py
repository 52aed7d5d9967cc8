"""Keeps the index of words as the live versions and their captions are. It pulls: who publishes knows nothing of it.

Only what the public sees is written: the live version, names of creators and categories, and of captions the bare
words. Drafts, articles, prices and people's addresses have no way in. A course that was taken out of the lists stays
for its moderators to find, and the vocabulary forgets it.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Prefetch

from courses.models import Course, Lesson
from discovery import names, set_aside, stale
from discovery.models import Entry, Spoken, Word
from discovery.models.entry import Text
from marketplace.lib import window, words
from videos import cues
from videos.models import Caption

BATCH = 200
_LOCK = 7_412_001
# A vector of the database holds a mebibyte, and both the words in letters and the signs of a film go into one: of each
# kind there is room for some forty thousand, which nobody says in one film. Beside its letters a word takes so much.
_MOST_BYTES, _OF_A_WORD = 500_000, 5


def refresh(*, everything: bool = False) -> int:
    """Index what has changed since the last time; `everything` asks each course. How many courses were written."""
    done, asks_all = 0, everything
    Entry.objects.follow(stale.moved())
    while True:
        # Read before the courses are, and written after: a name that changes meanwhile is found by the next time.
        called = names.changed()
        written = _write_stale(asks_all, names.creators(called))
        if written is None:
            break  # another worker writes, and tells of names; what is below is done beside it
        names.write(called)
        done, asks_all = done + written, False
        if len(called) < names.BATCH:
            break
    if everything:
        Entry.objects.rank()
        _forget()
    return done


def _write_stale(everything: bool, renamed: list[int]) -> int | None:
    """How many courses were written; None where another worker is at it."""
    done = 0
    while batch := _next(everything, renamed):
        found, written = batch
        done += written
        # What was set aside is not found again; without the cache it would be.
        if found < BATCH or not written:
            return done
    return None


@transaction.atomic
def _next(everything: bool, renamed: list[int]) -> tuple[int, int] | None:
    """How many courses one batch has, and how many were written. Two workers at once would count the same words twice,
    so one of them is told None.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
    batch = stale.batch(BATCH, everything=everything, renamed=renamed, but=set_aside.now())
    return len(batch), _write(batch)


def _write(batch: list[int]) -> int:
    """How many were written: where the database refuses the words of one, the others are written without it. Where it
    refuses all of many, that rises.
    """
    if not batch or not (error := _refusal(batch)):
        return len(batch)
    alone = {course_id: _refusal([course_id]) for course_id in batch} if len(batch) > 1 else {batch[0]: error}
    refused = {course_id: error for course_id, error in alone.items() if error}
    if len(refused) == len(batch) >= set_aside.TOO_MANY:
        raise error
    for course_id, error in refused.items():
        set_aside.put(course_id, error)
    return len(batch) - len(refused)


def _refusal(course_ids: list[int]) -> Exception | None:
    """Writes them, or none; what the database has against their words, if anything."""
    try:
        with transaction.atomic():
            write(course_ids)
    except set_aside.Refused as error:
        if not set_aside.is_of_the_text(error):
            raise
        return error
    return None


def write(course_ids: list[int]) -> None:
    """Index these courses anew. The vocabulary speaks for those in lists alone: who reads a word that only a course has
    which was taken away would be told of it.
    """
    live = Course.objects.filter(pk__in=course_ids, live_version__isnull=False)
    courses = list(live.select_related("creator", "live_version", "category").order_by("pk"))
    lessons: dict[int, list[str]] = defaultdict(list)
    of_versions = Lesson.objects.filter(version__in=[course.live_version_id for course in courses])
    for version, title in of_versions.order_by("section__position", "position").values_list("version_id", "title"):
        lessons[version].append(title)
    listed = set(Course.objects.listed().filter(pk__in=course_ids).values_list("pk", flat=True))
    texts = [_text(course, lessons[course.live_version.pk], course.pk in listed) for course in courses]
    # In which languages a course has captions is one of its facets.
    speak([course.pk for course in courses])
    before = dict(Entry.objects.filter(pk__in=course_ids).values_list("pk", "terms"))
    Entry.objects.write(texts)
    Word.objects.tally(_changes(texts, before))
    if any(text.terms is None and before.get(text.course_id) for text in texts):
        # Suggestions may have been drawn between the measure and now.
        window.change()


def _text(course: Course, lessons: list[str], is_counted: bool) -> Text:
    version = course.live_version
    shelf = [course.category.name_en, course.category.name_zh] if course.category else []
    weighted = [
        version.title,
        " . ".join([version.subtitle, course.creator.name, *shelf]),
        " . ".join([*version.outcomes, *lessons]),
        " . ".join([version.description, *version.audience]),
    ]
    lines = [words.normal(part) for part in weighted]
    terms = words.terms(lines[:3]) | words.terms(lines[3:])
    indexed = [
        (" ".join(words.latin(line)), " ".join(words.indexed_signs(line, with_single=at < 2)))
        for at, line in enumerate(lines)
    ]
    return Text(course.pk, version.pk, course.creator.name, indexed, sorted(terms) if is_counted else None)


def _changes(texts: list[Text], before: dict[int, list[str]]) -> Iterable[tuple[str, int]]:
    for text in texts:
        old, new = set(before.get(text.course_id, [])), set(text.terms or ())
        yield from ((word, 1) for word in new - old)
        yield from ((word, -1) for word in old - new)


def speak(course_ids: list[int]) -> None:
    """The words of captions of these courses, and in which languages all their films have some. Drafts are their
    owners' alone.
    """
    Spoken.objects.filter(course__in=course_ids).exclude(lesson__version=F("course__live_version")).delete()
    Spoken.objects.filter(course__in=course_ids, caption__is_draft=True).delete()
    films = Lesson.objects.filter(version__course__in=course_ids, version=F("version__course__live_version"))
    films = films.exclude(video=None)
    known, counted = _known(course_ids), defaultdict[int, int](int)
    spoken: dict[int, dict[str, set[int]]] = {pk: defaultdict(set) for pk in course_ids}
    # Their texts are read and written one by one, and only what is new of them: one may have two megabytes.
    published = Prefetch("video__captions", Caption.objects.published().defer("webvtt"))
    for lesson in films.select_related("version").prefetch_related(published):
        course_id = lesson.version.course_id
        counted[course_id] += 1
        for caption in lesson.video.captions.all():
            spoken[course_id][caption.language.lower().split("-")[0]].add(lesson.pk)
            if known.get((lesson.pk, caption.pk)) != caption.revision:
                Spoken.objects.write(
                    [_row(lesson, course_id, read) for read in Caption.objects.published().filter(pk=caption.pk)]
                )
    whole = {
        pk: sorted(language for language, lessons in languages.items() if len(lessons) == counted[pk])
        for pk, languages in spoken.items()
    }
    if Course.objects.note_captions(whole):
        window.change()


def _known(course_ids: list[int]) -> dict[tuple[int, int], int]:
    rows = Spoken.objects.filter(course__in=course_ids).values_list("lesson_id", "caption_id", "caption_revision")
    return {(lesson, caption): revision for lesson, caption, revision in rows}


def _row(lesson: Lesson, course_id: int, caption: Caption) -> tuple[Any, ...]:
    lines = [words.normal(cue.text) for cue in cues.read(caption.webvtt)]
    letters = _fitting(word for line in lines for word in words.latin(line))
    signs = _fitting(sign for line in lines for sign in words.indexed_signs(line))
    told = (caption.pk, caption.revision, caption.changed_at, lesson.is_preview)
    return (lesson.pk, course_id, *told, letters, signs)


def _fitting(found: Iterable[str]) -> str:
    """Each word once, the first ones that have room."""
    kept: dict[str, None] = {}
    room = _MOST_BYTES
    for word in found:
        if word not in kept:
            room -= len(word.encode()) + _OF_A_WORD
            if room < 0:
                break
            kept[word] = None
    return " ".join(kept)


def _forget() -> None:
    """Courses that have captions no longer, since those were removed with nothing left to notice."""
    alone = Course.objects.exclude(captions=[]).filter(~Exists(Spoken.objects.filter(course=OuterRef("pk"))))
    if Course.objects.note_captions({pk: [] for pk in alone.values_list("pk", flat=True)}):
        window.change()
