"""What pages of other apps show of bundles: those that a course is in, those of a creator."""

from typing import Any

from django import template

from courses.models import Course
from creators.models import Creator

from ..bundles.offers import offers
from ..models import Bundle, BundleCourse

register = template.Library()

MOST = 3  # beside a course
MOST_OF_A_CREATOR = 12


@register.inclusion_tag("payments/_bundles_with.html", takes_context=True)
def bundles_with(context: Any, course: Course) -> dict[str, Any]:
    """Bundles on sale that have this course, newest first, as the reader may buy them."""
    # Most courses are in none: that is one short question.
    keys = list(BundleCourse.objects.filter(course=course, bundle__is_offered=True).values_list("bundle_id", flat=True))
    rows = list(Bundle.objects.shown().filter(pk__in=keys).order_by("-pk")) if keys else []
    found = [offer for offer in offers(context["request"].user, rows) if len(offer.lacking) > 1]
    return {"offers": found[:MOST]}


@register.inclusion_tag("payments/_bundles_of.html")
def bundles_of(creator: Creator) -> dict[str, Any]:
    """A creator's bundles on sale, newest first."""
    sold = [bundle for bundle in Bundle.objects.shown().offered().of(creator) if bundle.is_on_sale]
    return {"bundles": [bundle for bundle in sold if _is_listed(bundle)][:MOST_OF_A_CREATOR]}


@register.inclusion_tag("payments/_bundle_state.html")
def bundle_state(bundle: Bundle) -> dict[str, Any]:
    return {"standing": bundle.standing}


def _is_listed(bundle: Bundle) -> bool:
    """What a moderator keeps out of lists takes its bundles along."""
    return not any(course.is_limited for course in bundle.courses)
