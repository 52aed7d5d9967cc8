"""The words that mails have here instead of ours; and a look at a mail, with samples in its places."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.template.base import TextNode, VariableNode
from django.template.defaulttags import ForNode, IfNode
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from marketplace.lib import emails, links, worded
from marketplace.lib.money import Money

from . import mail_kinds
from .held import held
from .models import MailWords

NAME = "operating mail words"


def own(kind: str, language: str) -> Mapping[str, str]:
    """By sentence; only those that the mail still has a place for."""
    found: dict[str, str] = held(NAME, _read).get(f"{language} {kind}", {})
    return mail_kinds.fitting(kind, found) if found else found


def _read() -> dict[str, dict[str, str]]:
    return {f"{row.language} {row.kind}": row.words for row in MailWords.objects.newest() if row.words}


def changed() -> dict[tuple[str, str], MailWords]:
    """By kind and language, those that have words of their own now."""
    return {(row.kind, row.language): row for row in MailWords.objects.newest().select_related("by") if row.words}


def preview(kind: str, language: str, words: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text as somebody might get them: each condition is met, each list has one line."""
    nodes: Iterable[Any] = mail_kinds.nodes_of(kind)
    with translation.override(language):
        drawn = "".join(_drawn(nodes, words))
    subject, _gap, text = drawn.strip().partition("\n")
    return subject.strip(), text.strip()


def send_to(person: User, kind: str, language: str, words: Mapping[str, str]) -> None:
    """The preview, as a mail to whoever tries the words out."""
    subject, text = preview(kind, language, words)
    with translation.override(language):
        html = emails.html_of(text, subject, language)
    key = f"mail-words-tried:{person.pk}:{timezone.now().isoformat()}"
    emails.post_rendered(key, person.email, subject, text + "\n", html, language)
    audit.record(person, "mail_words.try_out", f"mail:{kind}", language=language)


def sample(name: str, kind: str) -> str:
    """What might stand in a place, in the language that is active."""
    if kind == "money":
        return Money(4900, "USD").format()
    if kind == "day":
        return date_format(timezone.now() + timedelta(days=14), "DATE_FORMAT")
    if name.endswith("url"):
        return links.absolute("/…")
    known: dict[str, Any] = {
        "reader": "Lin", "name": "Lin", "who": "Lin", "title": _("Throwing a bowl"), "course": _("Throwing a bowl"),
        "n": 2, "count": 2, "number": 12, "reason": _("The reason that was given."),
    }  # fmt: skip
    return str(known.get(name, f"‹{name}›"))


def _drawn(nodes: Iterable[Any], words: Mapping[str, str]) -> Iterable[str]:
    for node in nodes:
        if isinstance(node, TextNode):
            yield node.s
        elif worded.is_worded(node):
            yield _said(node, words)
        elif isinstance(node, VariableNode):
            name = str(node.filter_expression.var).rpartition(".")[2]
            filters = [each[0].__name__ for each in node.filter_expression.filters]
            yield sample(name, "money" if "money" in filters else "day" if "date" in filters else "text")
        elif isinstance(node, IfNode):
            yield from _drawn(node.conditions_nodelists[0][1], words)
        elif isinstance(node, ForNode):
            yield from _drawn(node.nodelist_loop, words)
        elif getattr(node, "nodelist", None):
            yield from _drawn(node.nodelist, words)


def _said(node: Any, words: Mapping[str, str]) -> str:
    """The last of two is the one for many."""
    if node.asvar or not node.sentences:
        return ""
    sentence = node.sentences[-1]
    samples = {name: sample(name, kind) for name, kind in sentence.places.items()}
    return worded.filled(words.get(sentence.key) or sentence.original, samples)
