"""Covers and portraits by their address."""

import posixpath

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve

from courses.models import PutAway


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """In production nginx shows what everybody may see, and asks here for what it does not find. What is put away is
    still shown to its creator and moderators, a cover to who has its course.
    """
    path = posixpath.normpath(f"/{path}").lstrip("/")
    if path.startswith("shared/"):
        raise Http404  # cards for sharing lay there once, of what was taken down since, too
    row = PutAway.objects.select_related("creator", "course").filter(name=path).first()
    if row is None:
        return serve(request, path, document_root=settings.MEDIA_ROOT)
    if not row.is_open_to(request.user):
        raise Http404
    try:
        answer = FileResponse(row.open(), content_type="image/webp")
    except FileNotFoundError:
        raise Http404 from None
    patch_cache_control(answer, private=True, no_store=True)
    return answer
