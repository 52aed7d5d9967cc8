"""What search engines and other sites ask for: what they may visit, and the picture of a course that is passed on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from courses import sharing
from courses.models import Course
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
@cache_control(max_age=31_536_000, public=True, immutable=True)
def shared_picture(request: HttpRequest, slug: str, stamp: str) -> HttpResponse:
    """The card of a course as it is shown where somebody passes its address on. An old stamp leads to the new one."""
    course = get_object_or_404(Course.objects.on_sale().select_related("creator", "category"), slug=slug)
    if stamp != sharing.stamp(course):
        return redirect(sharing.address(course))
    return HttpResponse(sharing.picture(course), content_type="image/jpeg")


@require_safe
@cache_control(max_age=86_400, public=True)
def house_picture(request: HttpRequest) -> HttpResponse:
    """The card of the house itself, for pages that have no picture of their own."""
    return HttpResponse(sharing.house_picture(), content_type="image/jpeg")
