"""What pages of any app may show of courses, and the head's links for search engines."""

import json
from typing import Any

from django import template
from django.db.models import QuerySet
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses import cards, sharing
from courses import change_words as words_of
from courses.changes import Changes, LessonChange, SectionChange
from courses.filters import address_of
from courses.lesson_text import LessonText
from courses.models import Course, Lesson, Listing, Taught, Version
from marketplace.lib import links
from marketplace.lib import markdown as written

register = template.Library()

MOST_OF_A_CREATOR = 60
_LOCALES = {"en": "en_US", "zh-hans": "zh_CN"}
_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.inclusion_tag("courses/_courses_of.html")
def courses_of(creator: Any) -> dict[str, Any]:
    """A creator's courses in lists, newest first."""
    return _newest(Course.objects.listed().filter(creator=creator), creator.name, {"creator": creator.slug})


@register.inclusion_tag("creators/_institutions_of.html")
def institutions_of(creator: Any) -> dict[str, Any]:
    """With the proof of each badge."""
    return {"rows": [(one, one.proof) for one in creator.institutions()]}


@register.inclusion_tag("courses/_courses_of.html")
def courses_under(institution: Any) -> dict[str, Any]:
    """An institution's courses in lists, newest first. Without its badge the catalogue has none of them together."""
    rows = Course.objects.listed().filter(institution=institution)
    return _newest(rows, institution.name, {"institution": institution.slug} if institution.is_verified else {})


def _newest(rows: QuerySet[Course], name: str, asked: dict[str, str]) -> dict[str, Any]:
    found = list(cards.stamped(rows.order_by("-published_at", "-id"))[: MOST_OF_A_CREATOR + 1])
    (drawn,) = cards.by_row([found[:MOST_OF_A_CREATOR]], "h3", is_seldom=True)
    has_more = len(found) > MOST_OF_A_CREATOR and asked
    return {"name": name, "cards": drawn, "more": reverse("courses:catalogue") + address_of(asked) if has_more else ""}


@register.inclusion_tag("institutions/_listings.html", takes_context=True)
def listings_of(context: Context, institution: Any, may_list: bool) -> dict[str, Any]:
    """Its listings at the members' desk, and which of her own courses the reader could list."""
    user = context["request"].user
    rows = Listing.objects.filter(institution=institution, ended_at=None).select_related("course__creator")
    free = Course.objects.editable_by(user).filter(institution=None, live_version__isnull=False) if may_list else []
    ends_any = institution.may(user, "unlist_any")
    return {"institution": institution, "rows": rows, "free": free, "user": user, "ends_any": ends_any,
            "csrf_token": context.get("csrf_token")}  # fmt: skip


@register.inclusion_tag("institutions/_listings_left.html", takes_context=True)
def listings_left(context: Context) -> dict[str, Any]:
    """The reader's own courses that still stand under the name of an institution which she has left."""
    rows = Listing.objects.left_by(context["request"].user)
    return {"rows": rows, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def skills_of(version: Version) -> list[Taught]:
    """What a version teaches, and to which level."""
    return version.skills.taught()


@register.simple_tag
def markdown(text: str) -> SafeString:
    """What a creator wrote, as safe HTML."""
    return written.render(text)


@register.inclusion_tag("courses/_lesson_shown.html")
def lesson_shown(lesson: Lesson) -> dict[str, Any]:
    """What a lesson without a film holds, a quiz with its right answers: for who writes, reviews or previews it."""
    words = LessonText(lesson.key)
    quiz = lesson.questions if lesson.kind == Lesson.Kind.QUIZ else None
    assignment = lesson.assigned if lesson.kind == Lesson.Kind.ASSIGNMENT else None
    questions = quiz.questions if quiz else ()
    return {
        "lesson": lesson,
        "text": words.html(quiz.intro if quiz else assignment.task if assignment else lesson.article),
        "files": lesson.files.all() if lesson.kind == Lesson.Kind.FILE else [],
        "quiz": quiz,
        "assignment": assignment,
        "questions": [(each, words.html(each.text), words.html(each.explanation)) for each in questions],
    }


@register.simple_tag
def change_words(change: LessonChange) -> str:
    """What happened to one lesson."""
    return " · ".join(words_of.of_lesson(change))


@register.simple_tag
def section_words(change: SectionChange) -> str:
    return words_of.of_section(change)


@register.simple_tag
def field_words(changes: Changes) -> str:
    """The parts of the course page that differ."""
    return " · ".join(str(name) for name in words_of.of_fields(changes))


@register.simple_tag
def short_words(changes: Changes) -> str:
    """A version's changes in one line."""
    return " · ".join(words_of.in_short(changes)) or _("Small changes")


@register.simple_tag(takes_context=True)
def canonical(context: Context, path: str, languages: list[str] | None = None) -> SafeString:
    """The one address of this page, whatever its parameters, and the same page in each language of the site; in those
    of `languages` alone where they are named.
    """
    plain, asked = links.absolute(path), links.asked_language(context["request"])
    address = links.in_language(plain, asked) if asked and (languages is None or asked in languages) else plain
    spoken = links.in_all_languages(plain, languages)
    others = format_html_join("", '<link rel="alternate" hreflang="{}" href="{}">', spoken)
    return format_html(
        '<link rel="canonical" href="{}"><meta property="og:url" content="{}">{}', address, address, others
    )


@register.inclusion_tag("courses/_passed_on.html")
def passed_on(title: str, words: str = "", kind: str = "website", about: Any = None) -> dict[str, Any]:
    """How a page looks where its address is passed on: the card of what it is `about` (a course, a clip, a creator, an
    institution), else the card of the house.
    """
    return {
        "title": title,
        "words": words,
        "kind": kind,
        "picture": links.absolute(sharing.address(about) if about else reverse("shared")),
        "spoken": _LOCALES.get(get_language() or "", ""),
    }


@register.simple_tag
def feed_link(title: str, name: str, *args: str) -> SafeString:
    """Tells feed readers of the RSS of this page."""
    return format_html(
        '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">', title, reverse(name, args=args)
    )


@register.simple_tag(takes_context=True)
def json_ld(context: Context, data: dict[str, Any]) -> SafeString:
    """Structured data. The signs that could end the element are written as escapes."""
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPED)
    return format_html(
        '<script type="application/ld+json" nonce="{}">{}</script>', context.get("CSP_NONCE", ""), mark_safe(text)
    )
