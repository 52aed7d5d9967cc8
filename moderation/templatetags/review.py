"""What pages of lower apps show of the review: the words of a rule."""

from django import template

from moderation import rubric

register = template.Library()


@register.simple_tag
def rule_title(code: str, version: str = rubric.CURRENT.version) -> str:
    """The rule's title in the words of that rubric."""
    return rubric.rule_title(version, code)
