"""One thing of each kind that can be reported, made as people make it."""

from django.utils import timezone

from community.models import Post
from learners.models import HandIn
from moderation import rulebook
from moderation.models import Case
from tests import cast
from tests.community.factories import answer, ask, comment, rate
from tests.courses.assignments import assignment_of, make_assignment_course
from tests.courses.clips import make_clip
from tests.courses.factories import make_course
from tests.learners import works
from tests.moderation.decisions import report, target

PUBLIC = ("course", "clip", "creator", "rating")
# Kinds, and a person wherever she was met.
PRIVATE = (
    "lesson", "account", "work", "mark", "question", "answer", "comment", "person-rating", "person-work", "person-mark",
    "person-answer",
)  # fmt: skip


def slightly_reported(kind: str) -> Case:
    """By a stranger, under the slightest rule that such things have."""
    kind, dash, met = kind.partition("-")
    found = target(kind, f"{met}-{key_of(met)}" if dash else key_of(kind))
    rule = min(rulebook.book().for_target(found.ruled_as), key=lambda each: each.severity)
    return report(kind, found.key, "203.0.113.9", rule=rule.code)


def key_of(kind: str) -> str:
    """Of a new thing of that kind."""
    if kind in ("work", "mark"):
        work = _reviewed_work()
        return str(work.pk if kind == "work" else work.assessments.get().pk)
    if kind == "account":
        return str(cast.lin().pk)
    course = make_course(title="Glazes")
    match kind:
        case "course":
            return course.slug
        case "creator":
            return course.creator.slug
        case "lesson":
            return str(course.live_lessons().last().key)
        case "clip":
            return str(make_clip(course).key)
        case "rating":
            return str(rate(cast.lin(), course, 1, text="The creator is a fool.").pk)
    asked = ask(cast.lin(), course)
    posts: dict[str, Post] = {"question": asked}
    if kind != "question":
        posts = {"answer": answer(cast.cole(), asked), "comment": comment(cast.cole(), asked)}
    return str(posts[kind].pk)


def _reviewed_work() -> HandIn:
    lesson = assignment_of(make_assignment_course("Peers", reviewing="peers", own_reviews=1, fallback_days=7))
    work, mia = works.hand_in(cast.lin(), lesson, "You are all fools."), works.people(1)[0]
    works.hand_in(mia, lesson)
    works.review(mia, lesson, text="Only a fool would hand that in.")
    type(work.handling).objects.filter(pk=work.pk).update(settled_at=timezone.now(), shown_at=timezone.now())
    return work
