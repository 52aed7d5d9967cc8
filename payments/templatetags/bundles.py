"""What pages of other apps show of bundles: those that a course is in, those of a creator."""

from typing import Any

from django import template

from creators.models import Creator

from ..bundles.offers import offers
from ..models import Bundle

register = template.Library()

MOST = 3  # beside a course
MOST_OF_A_CREATOR = 12


@register.inclusion_tag("payments/_bundles_with.html", takes_context=True)
def bundles_with(context: Any, keys: list[int]) -> dict[str, Any]:
    """Of the bundles with these keys those on sale, newest first, as the reader may buy them.

    The page asks for the keys with all else that it says of a course: most courses are in no bundle.
    """
    rows = list(Bundle.objects.shown().filter(pk__in=keys).order_by("-pk")) if keys else []
    found = [offer for offer in offers(context["request"].user, rows) if len(offer.lacking) > 1]
    return {"offers": found[:MOST]}


@register.inclusion_tag("payments/_bundles_of.html")
def bundles_of(creator: Creator) -> dict[str, Any]:
    """A creator's bundles on sale, newest first."""
    sold = [bundle for bundle in Bundle.objects.shown().offered().of(creator) if bundle.is_on_sale]
    return {"bundles": [bundle for bundle in sold if bundle.is_listed][:MOST_OF_A_CREATOR]}


@register.inclusion_tag("payments/_bundle_state.html")
def bundle_state(bundle: Bundle) -> dict[str, Any]:
    return {"standing": bundle.standing}
