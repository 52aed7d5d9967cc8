"""What people say to each other, as targets: ratings, questions, answers, comments, works and reviews of them."""

from functools import partial

from django.urls import reverse

from community import asking, circle
from community.models import Post, Rating
from learners.models import Assessment, HandIn

from .targets import Target, is_number, register


@register("rating")
def _rating(key: str) -> Target | None:
    """What a learner says of a course. Whoever wrote it may be anybody; its course's creator is no owner of it."""
    rows = Rating.objects.select_related("learner", "course__creator__user", "course__live_version")
    row = rows.filter(pk=int(key)).first() if is_number(key) else None
    if row is None:
        return None
    course = row.course
    url = f"{reverse('community:ratings', args=[course.slug])}#rating-{row.pk}"
    shown = {
        "stars": row.stars, "text": row.text, "revision": row.revision, "learned": row.learned,
        "said": f"{row.said_at:%Y-%m-%d}",
    }  # fmt: skip
    return Target(
        "rating", str(row.pk), f"{course.title}: {row.stars}/5", url, row.learner, course.learners_count, shown,
        course, None, course.is_on_sale and not row.is_hidden,
        readers=frozenset({course.creator.user_id}),
    )  # fmt: skip


@register("mark")
def _mark(key: str) -> Target | None:
    """What a peer wrote about a work, for who handed it in, once she sees it, and for the course's creator."""
    rows = Assessment.objects.by_peers().select_related("by", "hand_in__lesson__version__course__creator__user")
    row = rows.select_related("hand_in__handling").filter(pk=int(key)).first() if is_number(key) else None
    if row is None:
        return None
    work, course = row.hand_in, row.hand_in.lesson.version.course
    readers = {course.creator.user_id, *([work.learner_id] if work.is_shown else [])}
    url = reverse("learners:lesson", args=[course.slug, work.lesson_key])
    shown = {"assignment": work.lesson.title, "text": row.text}
    return Target(
        "mark", str(row.pk), work.lesson.title, url, row.by, len(readers), shown, course, None, is_public=False,
        readers=frozenset(readers),
    )  # fmt: skip


@register("work")
def _work(key: str) -> Target | None:
    """A handed-in work, for those who have it before them: its reviewers and the course's creator."""
    rows = HandIn.objects.select_related("learner", "lesson__version__course__creator__user")
    work = rows.filter(pk=int(key)).first() if is_number(key) else None
    if work is None:
        return None
    course = work.lesson.version.course
    url = reverse("learners:lesson", args=[course.slug, work.lesson_key])
    reviewers = set(work.turns.values_list("reviewer_id", flat=True))
    shown = {
        "assignment": work.lesson.title, "number": work.number, "text": work.text,
        "files": "\n".join(work.files.order_by("id").values_list("name", flat=True)),
    }  # fmt: skip
    return Target(
        "work", str(work.pk), work.lesson.title, url, work.learner,
        len(reviewers), shown, course, None, is_public=False, readers=frozenset({course.creator.user_id, *reviewers}),
    )  # fmt: skip


def _post(kind: str, key: str) -> Target | None:
    """A question, an answer or a comment: seen by whoever reads it under its lesson."""
    rows = Post.objects.with_writers().select_related("course__live_version", "question").filter(kind=kind)
    row = rows.filter(pk=int(key)).first() if is_number(key) else None
    if row is None:
        return None
    course, question = row.course, row.question or row
    shown = {"question": question.title, "text": row.text, "revision": row.revision, "said": f"{row.said_at:%Y-%m-%d}"}
    return Target(
        kind, str(row.pk), f"{course.title}: {question.title}", asking.address(row), row.author, course.learners_count,
        shown, course, None, is_public=False,
        is_read_by=lambda reader: circle.is_read_by(row, reader, circle.of(reader, course)),
    )  # fmt: skip


for _kind in Post.Kind.values:
    register(_kind)(partial(_post, _kind))
