"""What pages show of moderation in words: rules by their titles, and what a reported thing showed."""

from typing import Any

from django import template

from moderation import evidence, rulebook

register = template.Library()


@register.simple_tag
def rule_title(code: str, number: int | None = None) -> str:
    """The rule's title in the words of that wording; without a number, in those of the newest."""
    return rulebook.rule_title(code, number)


@register.simple_tag
def shown_facts(kept: Any, is_blind: bool = False, films: Any = None) -> list[evidence.Fact]:
    """Of an Evidence, or of a claim, which keeps the same. `films`: those of the page, where it has looked them up."""
    return evidence.facts(kept.shown, is_blind=bool(is_blind), among=None if films in (None, "") else films)


@register.filter
def at_second(film: evidence.Film | None, second: int) -> str:
    """The address that plays the film from there on; empty where nothing does."""
    return film.at(second) if film else ""
