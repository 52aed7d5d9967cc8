"""What pages of lower apps show of the review: the words of a rule."""

from django import template

from moderation import rulebook

register = template.Library()


@register.simple_tag
def rule_title(code: str, number: int | None = None) -> str:
    """The rule's title in the words of that wording; without a number, in those of the newest."""
    return rulebook.rule_title(code, number)
