"""What can be reported and judged: a small registry of kinds. Each finds its thing by a key, says whose it is and how
many people it reaches, and copies what it shows at this moment, so that nobody can take the evidence away.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Clip, Course, Lesson
from creators.models import Creator
from learners.models import Enrollment

# Every kind that a rule may be about. What has no finder yet cannot be reported.
KINDS: dict[str, str | Promise] = {
    "course": _("Course"),
    "lesson": _("Lesson"),
    "clip": _("Clip"),
    "creator": _("Creator"),
    "account": _("Account"),
    "rating": _("Rating in words"),
    "question": pgettext_lazy("asked by learners", "Question"),
    "answer": _("Answer"),
    "comment": _("Comment"),
    "work": _("Work of an assignment"),
    "mark": _("Review of a work"),
    "person": _("Person"),
}

# A clip is a piece of a lesson: the rules about lessons hold for it, and those about questions for their answers. What
# is said in a work or in a review of one, and what a person says wherever she was met, is judged as a comment is.
RULED_AS = {"clip": "lesson", "answer": "question", "work": "comment", "mark": "comment", "person": "comment"}
# Where people meet a person who is no creator. She is named by that thing ("rating-12"), never by her number.
SPOKEN = ("rating", "question", "answer", "comment", "work", "mark")


@dataclass(frozen=True)
class Target:
    """`owner` made it; `reach` is how many people have it before them; `shown` is what it says, as plain data."""

    kind: str
    key: str
    title: str
    url: str
    owner: User
    reach: int
    shown: dict[str, Any]
    course: Course | None = None
    creator: Creator | None = None
    # What a reader must be to see it, beside the public.
    is_public: bool = field(default=True)
    # Of what only some have before them: who, beside its owner. None: whoever has the course.
    readers: frozenset[int] | None = None
    # Where another app says who reads it.
    is_read_by: Callable[[Any], bool] | None = None

    @property
    def kind_name(self) -> str | Promise:
        return KINDS[self.kind]

    @property
    def language(self) -> str:
        """Of the course that it belongs to, else of whom it is about."""
        version = self.course.live_version if self.course else None
        return version.language if version else self.owner.language

    @property
    def ruled_as(self) -> str:
        """The kind whose rules hold for it."""
        return RULED_AS.get(self.kind, self.kind)

    @property
    def is_spoken(self) -> bool:
        """Somebody's words: who said them can be reported and judged too."""
        return self.kind in SPOKEN

    @property
    def person_key(self) -> str:
        return f"{self.kind}-{self.key}"

    def is_seen_by(self, reader: Any) -> bool:
        """The public's, its owner's, or something that the reader has."""
        if self.is_public or reader.pk == self.owner.pk:
            return True
        if self.is_read_by is not None:
            return self.is_read_by(reader)
        if self.readers is not None:
            return reader.pk in self.readers
        return self.course is not None and Enrollment.objects.of(reader).filter(course=self.course).exists()


Finder = Callable[[str], Target | None]
_finders: dict[str, Finder] = {}


def register(kind: str) -> Callable[[Finder], Finder]:
    """`@register("rating")` makes that kind reportable. Apps below moderation do not call it; moderation knows them."""
    assert kind in KINDS, kind

    def decorate(finder: Finder) -> Finder:
        _finders[kind] = finder
        return finder

    return decorate


def choices() -> list[tuple[str, str | Promise]]:
    """Kinds that a rule may name."""
    return [(kind, name) for kind, name in KINDS.items() if kind not in RULED_AS]


def find(kind: str, key: str) -> Target | None:
    """The thing, or None where there is none of that kind and key."""
    finder = _finders.get(kind)
    return finder(key) if finder else None


@register("course")
def _course(key: str) -> Target | None:
    rows = Course.objects.select_related("creator__user", "live_version", "category")
    course = rows.filter(slug=key, live_version__isnull=False).first()
    if course is None:
        return None
    lessons = course.live_lessons().values_list("key", "title", "kind", "video__asset")
    version = course.live_version
    shown = {
        "version": version.number, "title": version.title, "subtitle": version.subtitle,
        "description": version.description, "outcomes": version.outcomes, "requirements": version.requirements,
        "audience": version.audience, "cover": version.cover.name, "price": str(course.price),
        "lessons": [[str(key), title, kind, str(asset or "")] for key, title, kind, asset in lessons],
    }  # fmt: skip
    return Target(
        "course", course.slug, course.title, course.get_absolute_url(), course.creator.user, course.learners_count,
        shown, course, course.creator, course.is_on_sale,
    )  # fmt: skip


@register("lesson")
def _lesson(key: str) -> Target | None:
    try:
        rows = Lesson.objects.live().filter(key=UUID(key))
    except ValueError:
        return None
    lesson = rows.select_related("video", "version__course__creator__user").first()
    if lesson is None:
        return None
    course = lesson.version.course
    shown = {
        "version": lesson.version.number, "title": lesson.title, "kind": lesson.kind, "article": lesson.article,
        "film": str(lesson.video.asset) if lesson.video else "", "seconds": lesson.duration_s,
    }  # fmt: skip
    url = reverse("learners:lesson", args=[course.slug, lesson.key])
    return Target(
        "lesson", str(lesson.key), f"{course.title}: {lesson.title}", url, course.creator.user, course.learners_count,
        shown, course, course.creator, course.is_on_sale,
    )  # fmt: skip


@register("clip")
def _clip(key: str) -> Target | None:
    try:
        rows = Clip.objects.standing().filter(key=UUID(key), excerpt__isnull=False)
    except ValueError:
        return None
    clip = rows.select_related("excerpt__video", "course__creator__user").first()
    if clip is None or clip.excerpt is None:
        return None
    cut = clip.excerpt
    shown = {
        "title": clip.title, "line": clip.line, "lesson": str(clip.lesson_key), "film": str(cut.video.asset),
        "clip": str(cut.asset), "from_s": cut.start_ms / 1000, "to_s": cut.end_ms / 1000, "shape": cut.shape,
    }  # fmt: skip
    return Target(
        "clip", str(clip.key), f"{clip.course.title}: {clip.title}", clip.get_absolute_url(), clip.course.creator.user,
        clip.course.learners_count, shown, clip.course, clip.course.creator,
        Clip.objects.shown().filter(pk=clip.pk).exists(),
    )  # fmt: skip


@register("person")
def _person(key: str) -> Target | None:
    """Whoever said that, without a name: seen by those who see the thing through which she was met."""
    kind, _dash, of = key.partition("-")
    met = find(kind, of) if kind in SPOKEN else None
    return met and replace(met, kind="person", key=key, shown={"met": kind, **met.shown})


def same(kind: str, key: str, owner: User) -> dict[str, Any]:
    """What cases and decisions about one thing are found by: a person is one wherever she was met."""
    return {"kind": kind, "owner": owner} if kind == "person" else {"kind": kind, "key": key}


def is_number(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 19


@register("creator")
def _creator(key: str) -> Target | None:
    creator = Creator.objects.select_related("user").filter(slug=key).first()
    if creator is None:
        return None
    reach = creator.courses.aggregate(sum=Sum("learners_count", default=0))["sum"]
    names = ("name", "headline", "bio", "country")
    shown = {**{name: getattr(creator, name) for name in names}, "portrait": creator.portrait.name}
    return Target(
        "creator", creator.slug, creator.name, creator.get_absolute_url(), creator.user, reach, shown, None, creator,
        creator.suspended_at is None,
    )  # fmt: skip


@register("account")
def _account(key: str) -> Target | None:
    """A person who uses the site, by number and without a name: moderators alone see such a thing."""
    person = User.objects.filter(pk=int(key)).first() if is_number(key) else None
    if person is None:
        return None
    shown = {"joined": f"{person.joined_at:%Y-%m-%d}", "is_creator": person.creator_or_none is not None}
    url = f"{reverse('moderation:flags')}?account={person.pk}"
    return Target("account", str(person.pk), f"#{person.pk}", url, person, 0, shown, is_public=False)
