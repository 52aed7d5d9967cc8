"""What the person was told on the site: all of it, opened one by one or read at once."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from .models import Notice

ROWS_A_PAGE = 30


@login_required
@never_cache
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    rows = Notice.objects.of(request.user).select_related("person")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/notices.html", {"page": page})


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """All of them."""
    Notice.objects.of(request.user).read()
    return redirect("notices:notices")


@login_required
@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """It is read now, and the reader stands where it leads."""
    notice = get_object_or_404(Notice.objects.of(request.user), pk=pk)
    Notice.objects.of(request.user).filter(pk=notice.pk).read()
    return redirect(notice.link or "notices:notices")
