"""What the lists find in everything that one creator has published or is writing."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from courses.models import Course, Version

from . import reading

# The latest ones; each course's own page has the rest.
MOST_COURSES = 50


@dataclass(frozen=True)
class Texts:
    """One thing of hers with what was found in it. `version` is None for her own page."""

    title: str
    found: list[reading.Found]
    version: Version | None = None


def of(user: Any) -> list[Texts]:
    """Her own page first, then her courses, the newest first; those in which nothing is found are left out."""
    creator = user.creator_or_none
    if creator is None:
        return []
    told = [Texts(creator.name, _of_page(creator))]
    shown = _versions(creator)
    found = reading.in_versions(shown)
    told += [Texts(version.title, found[version.pk], version) for version in shown]
    return [texts for texts in told if texts.found]


def _versions(creator: Any) -> list[Version]:
    """Of each course what is being worked on, or what is live when nothing is."""
    newest = Course.objects.filter(creator=creator).order_by("-pk").values_list("pk", flat=True)[:MOST_COURSES]
    rows = Version.objects.filter(course__in=list(newest)).exclude(state=Version.State.SUPERSEDED)
    # A version that is worked on has a higher number than the live one.
    latest = {version.course_id: version for version in rows.select_related("course").order_by("number")}
    return sorted(latest.values(), key=lambda version: -version.course_id)


def _of_page(creator: Any) -> list[reading.Found]:
    places = {_("Name"): creator.name, _("Headline"): creator.headline, _("About you"): creator.bio}
    hits = reading.read(places.values())
    return [
        reading.found_at(hit, text, place)
        for (place, text), its in zip(places.items(), hits, strict=True) for hit in its
    ]  # fmt: skip
