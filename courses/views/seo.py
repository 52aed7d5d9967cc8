"""What search engines and other sites ask for: what they may visit, and the pictures of what is passed on."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from courses import sharing
from courses.models import Clip, Course
from creators.models import Creator, Institution
from marketplace.lib import links

PRIVATE = [
    "/account/", "/accounts/", "/admin/", "/api/", "/cart/", "/checkout/", "/finance/", "/hls/", "/learn/", "/library/",
    "/moderation/", "/orders/", "/reports/", "/sandbox/", "/staff/", "/studio/", "/uploads/", "/*?*after=",
    "/*?*before=", "/*?*sort=",
]  # fmt: skip


@cache_control(max_age=86_400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), ""]
    lines.append(f"Sitemap: {links.absolute(reverse('sitemap'))}\n")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def shared_picture(request: HttpRequest, slug: str, stamp: str) -> HttpResponse:
    """The card of a course as it is shown where somebody passes its address on. An old stamp leads to the new one."""
    rows = Course.objects.on_sale().select_related("creator", "category")
    return _card(get_object_or_404(rows, slug=slug), stamp)


@require_safe
def shared_clip(request: HttpRequest, key: uuid.UUID, stamp: str) -> HttpResponse:
    return _card(get_object_or_404(Clip.objects.shown().cards(), key=key), stamp)


@require_safe
def shared_creator(request: HttpRequest, slug: str, stamp: str) -> HttpResponse:
    return _card(get_object_or_404(Creator.objects.visible(), slug=slug), stamp)


@require_safe
def shared_institution(request: HttpRequest, slug: str, stamp: str) -> HttpResponse:
    return _card(get_object_or_404(Institution.objects.public(), slug=slug), stamp)


@require_safe
@cache_control(max_age=86_400, public=True)
def house_picture(request: HttpRequest) -> HttpResponse:
    """The card of the house itself, for pages that have no picture of their own."""
    return HttpResponse(sharing.house_picture().jpeg, content_type="image/jpeg")


def _card(thing: Any, stamp: str) -> HttpResponse:
    """The picture is right for ever, but shows a cover: no cache keeps it longer than covers (nginx.conf), since it may
    be taken down. That an old one leads to it is not right for ever: with a title that is what it was before, two of
    them that browsers kept would lead to each other.
    """
    if stamp != sharing.stamp(thing):
        answer: HttpResponse = redirect(sharing.address(thing))
        patch_cache_control(answer, no_store=True)
        return answer
    drawn = sharing.picture(thing)
    answer = HttpResponse(drawn.jpeg, content_type="image/jpeg")
    patch_cache_control(answer, **({"max_age": 43_200, "public": True} if drawn.is_whole else {"no_store": True}))
    return answer
