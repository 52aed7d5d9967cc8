"""What the beginning of a question may become: words that courses have, the courses that have them, and skills,
creators and institutions called so. The same for everybody: it stands in the shop window, so that a course that leaves
it is offered no longer from that moment on.
"""

from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.urls import reverse

from courses.filters import address_of
from courses.models import Course, Skill
from discovery import finding, names, pace, sounds, stale
from discovery.questions import MOST_TERMS, plain
from marketplace.lib import links, window, words

LONGEST = 40
MOST_WORDS, MOST_COURSES, MOST_SKILLS, MOST_NAMES = 5, 3, 2, 2
_PAGES = {"creator": "creators:detail", "institution": "institutions:institution"}
_BEGINNINGS = """
SELECT text, max(courses) AS courses FROM (
    (SELECT text, courses FROM discovery_word WHERE text LIKE %s AND courses > 0 AND text <> %s
        ORDER BY courses DESC LIMIT 8)
    UNION ALL
    (SELECT text, courses FROM discovery_word WHERE pinyin <> '' AND pinyin LIKE %s AND courses > 0
        AND length(text) > 1
        ORDER BY courses DESC LIMIT 8)
    UNION ALL
    (SELECT text, courses FROM discovery_word WHERE initials <> '' AND initials = %s AND courses > 0
        AND length(text) > 1
        ORDER BY courses DESC LIMIT 4)
) found GROUP BY text ORDER BY courses DESC, text LIMIT %s
"""


def asked(request: HttpRequest) -> list[dict[str, Any]]:
    """Those that `request` asks for. Raises SearchesTooOften."""
    pace.suggest(request)
    return of(request.GET.get("q", ""))


def of(text: str) -> list[dict[str, Any]]:
    """Suggestions as text, kind (words, course, skill, creator, institution) and url."""
    line = words.normal(text[:LONGEST])
    if not plain(line).terms:
        return []
    return window.drawn(f"suggest {line}", lambda: _made(line))


def _made(line: str) -> list[dict[str, Any]]:
    before, last = _split(line)
    completed = [f"{before}{word}" for word in _beginning_with(last)] if len(plain(line).terms) < MOST_TERMS else []
    found = [
        {"text": told, "kind": "words", "url": reverse("discovery:search") + address_of({"q": told})}
        for told in completed
    ]
    for course in _courses(completed[0] if completed else line, line):
        found.append({"text": course.title, "kind": "course", "url": course.get_absolute_url()})
    found += [{"text": told, "kind": "skill", "url": skill.get_absolute_url()} for told, skill in _skills(line)]
    if len(line) >= 2 or not line.isascii():
        for kind, name, slug in names.beginning(line)[:MOST_NAMES]:
            found.append({"text": name, "kind": kind, "url": links.of_slug(_PAGES[kind], slug)})
    return found


def _skills(line: str) -> list[tuple[str, Skill]]:
    """Skills with a word that begins so, under the name that does: what is suggested knows no language."""
    if len(line) < 2:
        return []
    called = window.near_name("skills by name", _called)
    found = {skill.pk: (name, skill) for plain, name, skill in called if f" {line}" in plain}
    return list(found.values())[:MOST_SKILLS]


def _called() -> list[tuple[str, str, Skill]]:
    """Each name of each skill, as a normal line that begins every word after a space, and as it is written."""
    offered = [skill for skill in Skill.objects.known() if not skill.retired_at]
    return [(_begun(name), name, skill) for skill in offered for name in reversed(skill.names)]


def _begun(name: str) -> str:
    """Signs have no spaces between their words."""
    line = words.normal(name)
    return "".join(f" {piece}" for piece in ([line] if line.isascii() else [line[at:] for at in range(len(line))]))


def _split(line: str) -> tuple[str, str]:
    """What stands, and the word that is being typed: the last one in letters, or the last run of signs."""
    letters, runs = words.latin(line), words.runs(line)
    last = max([*letters[-1:], *runs[-1:]], key=line.rfind)
    at = line.rfind(last)
    return line[:at], line[at:]


def _beginning_with(last: str) -> list[str]:
    if not last or (last.isascii() and len(last) < 2):
        return []
    beginning = last.replace("%", "").replace("_", "").replace("\\", "") + "%"
    heard = sounds.typed(beginning) if len(last) > 1 else beginning
    with connection.cursor() as cursor:
        cursor.execute(_BEGINNINGS, [beginning, last, heard, last, MOST_WORDS])
        found, leaving = cursor.fetchall(), stale.leaving()
    return [text for text, courses in found if courses > leaving[text]]


def _courses(completed: str, line: str) -> list[Course]:
    rows = Course.objects.listed().only("title", "slug")
    return list(finding.plainly(rows, line, completed)[:MOST_COURSES])
