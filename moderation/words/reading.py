"""Reading public texts by the lists: what a version says, what a person wants to publish. Nothing is ever changed.

What was found in a text is kept under the text's own hash and the edition of the lists: a course of a hundred lessons
is read once, and after an edit only the lesson that was edited.
"""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from courses import public_texts
from courses.models import Lesson, Version
from moderation import rulebook

from . import lists
from .finding import PERSON, REFUSE, Hit

KEPT_SECONDS = 86_400
AROUND = 40
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """A hit with its place and the words around it. `lesson` is None for what stands on a page of its own."""

    hit: Hit
    place: str
    before: str
    after: str
    url_name: str = ""
    lesson: Lesson | None = None

    @property
    def is_refused(self) -> bool:
        return self.hit.word.severity == REFUSE

    @property
    def is_for_person(self) -> bool:
        return self.hit.word.severity == PERSON

    @property
    def rule(self) -> str:
        return rulebook.rule_title(self.hit.word.rule)


def read(texts: Iterable[str]) -> list[list[Hit]]:
    """The hits of each text, in the same order."""
    asked = list(texts)
    present = lists.present()
    keys = [_key(present.edition, text) for text in asked]
    known = _known(keys)
    fresh: dict[str, list[Hit]] = {}
    for key, text in zip(keys, asked, strict=True):
        if key not in known and key not in fresh:
            fresh[key] = lists.finder(present).hits(text)
    _keep(fresh)
    found = known | fresh
    return [found[key] for key in keys]


def in_version(version: Version) -> list[Found]:
    """Everything that the lists find in a version, the gravest first, each with its place."""
    return in_versions([version])[version.pk]


def in_versions(versions: Iterable[Version]) -> dict[int, list[Found]]:
    """The same of several, by the version's primary key."""
    told = public_texts.of_all(versions)
    hits = iter(read(each.text for texts in told.values() for each in texts))
    found = {
        pk: [
            found_at(hit, each.text, each.label, each.url_name, each.lesson)
            for each in texts for hit in next(hits)
        ]
        for pk, texts in told.items()
    }  # fmt: skip
    return {pk: sorted(its, key=lambda one: (not one.is_refused, not one.is_for_person)) for pk, its in found.items()}


def found_at(hit: Hit, text: str, place: str, url_name: str = "", lesson: Lesson | None = None) -> Found:
    before, after = text[max(0, hit.start - AROUND) : hit.start], text[hit.end : hit.end + AROUND]
    return Found(hit, place, before, after, url_name, lesson)


def refused(texts: Mapping[str, str]) -> dict[str, str]:
    """What nobody may publish of these texts, each said in a sentence: the floor's `fit_words` asks."""
    said = {name: text for name, text in texts.items() if text and text.strip()}
    found: dict[str, str] = {}
    for name, hits in zip(said, read(said.values()), strict=True):
        worst = next((hit for hit in hits if hit.word.severity == REFUSE), None)
        if worst:
            found[name] = _("“%(word)s” is not published here. The rule: %(rule)s.") % {
                "word": worst.written.strip()[:60], "rule": rulebook.rule_title(worst.word.rule),
            }  # fmt: skip
    return found


def _key(edition: str, text: str) -> str:
    return f"words.{edition}.{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"


def _known(keys: list[str]) -> dict[str, list[Hit]]:
    try:
        return cache.get_many(keys) if keys else {}
    except RedisError as error:
        _log.warning("texts are read anew, without the cache: %s", error)
        return {}


def _keep(fresh: dict[str, list[Hit]]) -> None:
    if not fresh:
        return
    try:
        cache.set_many(fresh, KEPT_SECONDS)
    except RedisError as error:
        _log.warning("what was read is not kept: %s", error)
