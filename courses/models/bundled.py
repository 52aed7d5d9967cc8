"""In which bundles a course is sold, and what its creator offers by the month, for the page's own query. Both are of
the app above (payments); whose rows they are, the reverse relation knows.
"""

from typing import Any

from django.apps import apps


def bundles_with(course: str) -> Any:
    """Keys of the offered bundles that have the course which the field `course` names, as the tag reads them."""
    rows: Any = apps.get_model("courses", "Course")._meta.get_field("in_bundles").related_model
    return rows.objects.keys_of(course)


def memberships_with(creator: str) -> Any:
    """Keys of the memberships that are offered of the creator whom the field `creator` names, and of the pass."""
    rows: Any = apps.get_model("creators", "Creator")._meta.get_field("membership_offers").related_model
    return rows.objects.keys_of(creator)
