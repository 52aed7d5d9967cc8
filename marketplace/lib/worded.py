"""The sentences of mails, which may be said in other words than ours (`worded_by`).

A mail's template keeps its structure: what is said when, links, lists. Its sentences, each with named places for what
differs from mail to mail, are looked up first in the words that whoever runs the site wrote. Those are plain text with
{places}: nothing in them is run.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.template import Node
from django.template.base import FilterExpression, render_value_in_context
from django.template.context import Context
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation
from django.utils.safestring import SafeString

OWN = "own_words"
PLACE = re.compile(r"\{([A-Za-z_]+)\}")
_PERCENT_PLACE = re.compile(r"%\(([A-Za-z_]+)\)s|%%")
# What stands in such a place is asked for later: money, days, and by what one finds the thing.
_FILTERS = {"money": "money", "signed": "money", "price": "money", "date": "day"}
NEEDED_NAMES = frozenset({"amount", "total", "number", "reference", "ours", "tail", "code", "day", "came"})

_own: list[Callable[[str, str], Mapping[str, str]]] = []


class Sentence(NamedTuple):
    """`key`: the words as the template has them, which name the sentence; `places`: what may stand in it, by name, each
    "money", "day" or "text".
    """

    key: str
    context: str
    places: dict[str, str]
    # Of a sentence that counts something: its words for one, and for many.
    forms: tuple[str, str] | None = None

    @property
    def original(self) -> str:
        """Ours, in the language that is active, with its places in braces."""
        if self.forms:
            found = _counted(self.context, self.forms, 1 if self.is_for_one else 2)
        else:
            found = translation.pgettext(self.context, self.key) if self.context else translation.gettext(self.key)
        return _PERCENT_PLACE.sub(lambda place: f"{{{place[1]}}}" if place[1] else "%", found)

    @property
    def is_for_one(self) -> bool:
        return self.forms is not None and self.key == self.forms[0]

    @property
    def is_said(self) -> bool:
        """Whether the language that is active ever says it: Chinese has one form for all numbers."""
        return not self.is_for_one or _has_two_forms()

    @property
    def needed(self) -> list[str]:
        """Places that must not be left out: a reader could not act without them."""
        said = set(PLACE.findall(self.original))
        return [name for name, kind in self.places.items() if name in said and (kind != "text" or name in NEEDED_NAMES)]


def worded_by(own: Callable[[str, str], Mapping[str, str]]) -> None:
    """`own(template, language)` answers the words that take the place of ours, by the sentence's key."""
    _own[:] = [own]


def own_words(template: str) -> Mapping[str, str]:
    """For the mail of this template, in the language that is active."""
    return _own[0](template, translation.get_language() or "en") if _own else {}


def filled(text: str, values: Mapping[str, Any]) -> str:
    """The text with its places filled; a place that has no value is empty."""
    return PLACE.sub(lambda place: str(values.get(place[1], "")), text)


class WordedTranslate(TranslateNode):
    """{% translate %} of a mail."""

    @property
    def sentences(self) -> list[Sentence]:
        literal = getattr(self.filter_expression.var, "literal", None)
        if not isinstance(literal, str):
            return []
        context = self.message_context.resolve(Context()) if self.message_context else ""
        return [Sentence(str(literal), context, {})]

    def render(self, context: Context) -> str:
        own = next((context[OWN].get(each.key) for each in self.sentences if OWN in context), None)
        if own is None:
            return super().render(context)
        return _said(own, self.asvar, context)


class WordedBlock(BlockTranslateNode):
    """{% blocktranslate %} of a mail."""

    @property
    def sentences(self) -> list[Sentence]:
        context = self.message_context.resolve(Context()) if self.message_context else ""
        tokens = [each for each in (self.singular, self.plural) if each]
        made = [self.render_token_list(each) for each in tokens]
        forms = (made[0][0], made[1][0]) if len(made) == 2 else None
        return [Sentence(key, context, {name: self._kind(name) for name in names}, forms) for key, names in made]

    def render(self, context: Context, nested: bool = False) -> str:
        words = context.get(OWN) or {}
        if nested or not words:
            return super().render(context, nested)
        with context.update({name: value.resolve(context) for name, value in self.extra_context.items()}):
            counted = self.counter.resolve(context) if self.counter else None
            if self.countervar:
                context[self.countervar] = counted
            sentence = self._sentence(counted)
            own = words.get(sentence.key)
            values = {name: render_value_in_context(context.get(name, ""), context) for name in sentence.places}
        return super().render(context) if own is None else _said(filled(own, values), self.asvar, context)

    def _sentence(self, counted: Any) -> Sentence:
        """The one of two that fits the number: Chinese has one for all of them."""
        known = self.sentences
        is_one = counted == 1 and _has_two_forms()
        return known[0] if len(known) == 1 or is_one else known[1]

    def _kind(self, name: str) -> str:
        value = self.extra_context.get(name)
        filters = value.filters if isinstance(value, FilterExpression) else []
        names = [getattr(each[0], "_filter_name", each[0].__name__) for each in filters]
        return next((_FILTERS[each] for each in reversed(names) if each in _FILTERS), "text")


def _counted(context: str, forms: tuple[str, str], number: int) -> str:
    if context:
        return translation.npgettext(context, *forms, number)
    return translation.ngettext(*forms, number)


def _has_two_forms() -> bool:
    return (translation.get_language() or "en").startswith("en")


def _said(text: str, name: str | None, context: Context) -> str:
    if name:
        context[name] = SafeString(text)
        return ""
    return text


Worded = WordedTranslate | WordedBlock


def is_worded(node: Node) -> bool:
    return isinstance(node, WordedTranslate | WordedBlock)
