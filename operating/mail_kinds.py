"""Which mails there are, of which sentences each is made, and what other words for them must keep."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404
from django.template.base import Node, TextNode
from django.template.loader import get_template
from django.template.loader_tags import IncludeNode
from django.utils.translation import gettext as _

from marketplace.lib.worded import PLACE, Sentence, is_worded

FOLDER = Path(settings.BASE_DIR) / "templates" / "mail"
LONGEST = 2_000
LONGEST_SUBJECT = 200


class Told(NamedTuple):
    """A sentence where it stands. `is_conditional`: the mail has it in some cases only."""

    sentence: Sentence
    is_subject: bool
    is_conditional: bool


@cache
def kinds() -> tuple[str, ...]:
    """The names of all mails: "payments/receipt", "role_given"."""
    return tuple(sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.txt")))


def kind_or_404(kind: str) -> str:
    if kind not in kinds():
        raise Http404
    return kind


@cache
def nodes_of(kind: str) -> tuple[Node, ...]:
    return tuple(get_template(f"mail/{kind}.txt").template.nodelist)  # type: ignore[attr-defined]


@cache
def sentences(kind: str) -> tuple[Told, ...]:
    """In the order of the mail, each once."""
    found: dict[str, Told] = {}
    is_subject = True
    for node, depth in _walked(nodes_of(kind), 0):
        if isinstance(node, TextNode):
            is_subject = is_subject and not (found and "\n" in node.s)
        else:
            for sentence in node.sentences:  # type: ignore[attr-defined]
                found.setdefault(sentence.key, Told(sentence, is_subject, depth > 0 or len(node.sentences) > 1))  # type: ignore[attr-defined]
    return tuple(found.values())


def said(kind: str) -> list[Told]:
    """Those that a mail in the language that is active may say."""
    return [told for told in sentences(kind) if told.sentence.is_said]


def subject(kind: str) -> str:
    """The first sentence, in the language that is active: what a list calls the mail."""
    return said(kind)[0].sentence.original


def _walked(nodes: tuple[Node, ...], depth: int) -> Iterator[tuple[Node, int]]:
    """Texts and sentences, each with the number of conditions that it stands under."""
    for node in nodes:
        if isinstance(node, TextNode) or is_worded(node):
            yield node, depth
        elif not isinstance(node, IncludeNode):
            inner = [child for name in node.child_nodelists for child in getattr(node, name, None) or ()]
            yield from _walked(tuple(inner), depth + (type(node).__name__ in ("IfNode", "ForNode")))


def must_fit(kind: str, words: dict[str, str]) -> None:
    """`words` by sentences' keys, in the language that is active. Raises ValidationError by key."""
    known = {told.sentence.key: told for told in sentences(kind)}
    wrong = {key: problem for key, text in words.items() if (problem := _problem(known.get(key), text))}
    if wrong:
        raise ValidationError(wrong)


def fitting(kind: str, words: dict[str, str]) -> dict[str, str]:
    """Those that the mail as it is now still has a place for: a new release may have changed a sentence."""
    known = {told.sentence.key: told for told in sentences(kind)}
    return {key: text for key, text in words.items() if not _problem(known.get(key), text)}


def _problem(told: Told | None, text: str) -> str:
    """What is wrong with a sentence's other words; "" for nothing."""
    if told is None:
        return _("This mail has no such sentence.")
    most = LONGEST_SUBJECT if told.is_subject else LONGEST
    places, named = told.sentence.places, PLACE.findall(text)
    if not text.strip() or len(text) > most:
        return _("Write 1 to %(most)d signs.") % {"most": most}
    if any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in text):
        return _("This has a control character in it, which no mail may have.")
    if told.is_subject and len(text.splitlines()) > 1:
        return _("A subject is one line.")
    if "{" in PLACE.sub("", text) or "}" in PLACE.sub("", text):
        return _("Braces stand only around the name of a place: {amount}.")
    if unknown := sorted(set(named) - set(places)):
        return _("This sentence does not know %(places)s.") % {"places": _braced(unknown)}
    if missing := [name for name in told.sentence.needed if name not in named]:
        return _("Readers need this in it: %(places)s.") % {"places": _braced(missing)}
    return ""


def _braced(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
