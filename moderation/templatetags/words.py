"""What the word lists find in a version, for its creator's page and for the moderator's."""

from django import template

from courses.models import Version
from moderation.words import reading

register = template.Library()


@register.simple_tag
def word_findings(version: Version) -> list[reading.Found]:
    """The gravest first."""
    return reading.in_version(version)
