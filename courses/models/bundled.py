"""In which bundles a course is sold, for the page's own query. The bundles are of the app above (payments)."""

from typing import Any

from django.apps import apps


def bundles_with(course: str) -> Any:
    """Keys of the offered bundles that have the course which the field `course` names, as the tag reads them.

    Whose rows they are, the reverse relation knows.
    """
    rows: Any = apps.get_model("courses", "Course")._meta.get_field("in_bundles").related_model
    return rows.objects.keys_of(course)
