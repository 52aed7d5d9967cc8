"""Two versions of a course laid side by side, as plain trees for `changes`.

Moderators see the words themselves. Everybody else sees which lessons differ and how: the trees for them hold marks of
texts and quizzes, so no answer and no word of a bought lesson has a way out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, TextField, Value, prefetch_related_objects
from django.db.models.functions import MD5, Cast, Coalesce, Concat

from courses.assignments import plain as of_assignment
from courses.quizzes import plain

from . import changes
from .changes import LessonFacts
from .models import Attachment, Lesson, Version

FIELDS = ("title", "subtitle", "description", "outcomes", "requirements", "audience", "level", "language")


def with_live(version: Version) -> changes.Changes | None:
    """What `version` changes for learners, word by word; None for a course that was never live, where all is new."""
    live = version.course.live_version
    if live is None or live.pk == version.pk:
        return None
    prefetch_related_objects([live, version], "skills__skill")
    return changes.between(_fields(live), _fields(version), _lessons(live), _lessons(version))


def between(before: Version, after: Version) -> changes.Changes:
    """What `after` changes against `before`, without their words. One query, one for skills, and one a category."""
    prefetch_related_objects([before, after], "skills__skill")
    trees = trees_of([before.pk, after.pk])
    return changes.between(_fields(before), _fields(after), trees[before.pk], trees[after.pk])


def in_turn(versions: Collection[Version]) -> list[tuple[Version, changes.Changes | None]]:
    """Each version with what it changes against the next one of the list, which is the one before it; the last with
    None. One query for all trees.
    """
    ordered = list(versions)
    prefetch_related_objects(ordered, "skills__skill")
    trees = trees_of([version.pk for version in ordered])
    found: list[tuple[Version, changes.Changes | None]] = [
        (after, changes.between(_fields(before), _fields(after), trees[before.pk], trees[after.pk]))
        for after, before in zip(ordered, ordered[1:], strict=False)
    ]
    return [*found, *((version, None) for version in ordered[-1:])]


def trees_of(version_ids: Collection[int]) -> dict[int, list[LessonFacts]]:
    """Lessons in their order by version, with marks in place of words. One query, however many versions."""
    found: dict[int, list[LessonFacts]] = defaultdict(list)
    numbers: dict[int, int] = defaultdict(int)
    for row in _marked(Lesson.objects.filter(version_id__in=version_ids)):
        numbers[row["section_id"]] += 1
        found[row["version_id"]].append(_facts(row, numbers[row["section_id"]]))
    return found


def _marked(lessons: QuerySet[Lesson]) -> Iterable[Any]:
    said = Concat("name", Value(" "), Cast("size", CharField()), Value(" "), "sha256", output_field=TextField())
    files = Attachment.objects.filter(lesson=OuterRef("pk")).order_by().values("lesson")
    all_files = MD5(StringAgg(said, "\n", order_by="pk", output_field=TextField()))
    return (
        lessons.order_by("section__position", "position")
        .annotate(
            text_mark=MD5("article", output_field=TextField()),
            quiz_mark=Coalesce(MD5(Cast("quiz", TextField())), Value(""), output_field=TextField()),
            assignment_mark=Coalesce(MD5(Cast("assignment", TextField())), Value(""), output_field=TextField()),
            files_mark=Coalesce(
                Subquery(files.annotate(all=all_files).values("all")), Value(""), output_field=TextField()
            ),
        )
        .values(
            "version_id", "section_id", "key", "title", "kind", "is_preview", "video__asset", "duration_s", "text_mark",
            "quiz_mark", "assignment_mark", "files_mark", section_key=F("section__key"),
            section_title=F("section__title"), section_position=F("section__position"),
        )
    )  # fmt: skip


def _facts(row: dict[str, Any], number: int) -> LessonFacts:
    return LessonFacts(
        key=row["key"],
        title=row["title"],
        kind=row["kind"],
        position=(row["section_position"] + 1, number),
        section=row["section_title"],
        is_preview=row["is_preview"],
        film=str(row["video__asset"] or ""),
        article=row["text_mark"],
        files=row["files_mark"],
        quiz=row["quiz_mark"],
        assignment=row["assignment_mark"],
        length_s=row["duration_s"],
        section_key=row["section_key"],
    )


def _fields(version: Version) -> dict[str, Any]:
    facts = {name: getattr(version, name) for name in FIELDS}
    facts["category"] = str(version.category or "")
    facts["cover"] = version.cover.name
    facts["skills"] = [str(taught) for taught in version.skills.all()]
    return facts


def _lessons(version: Version) -> Iterable[LessonFacts]:
    numbers: dict[int, int] = {}
    for lesson in Lesson.objects.filter(version=version).in_order().select_related("section").prefetch_related("files"):
        section = lesson.section
        numbers[section.pk] = numbers.get(section.pk, 0) + 1
        yield LessonFacts(
            key=lesson.key,
            title=lesson.title,
            kind=lesson.kind,
            position=(section.position + 1, numbers[section.pk]),
            section=section.title,
            is_preview=lesson.is_preview,
            film=str(lesson.video_id or ""),
            article=lesson.article,
            files="\n".join(f"{file.name} ({file.size}, {file.sha256[:12]})" for file in lesson.files.all()),
            quiz=plain.as_text(lesson.questions) if lesson.kind == Lesson.Kind.QUIZ else "",
            assignment=of_assignment.as_text(lesson.assigned) if lesson.kind == Lesson.Kind.ASSIGNMENT else "",
            length_s=lesson.duration_s,
            section_key=section.key,
        )
