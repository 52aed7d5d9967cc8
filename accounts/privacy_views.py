"""A person's own data: having all of it, and deleting the account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .models import RecordExport
from .privacy import deleting, exporting
from .privacy_forms import DeleteForm


@login_required
@never_cache
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    records = RecordExport.objects.of(request.user)[:5]
    return render(request, "accounts/privacy.html", {"records": records})


@login_required
@require_POST
def ask_record(request: HttpRequest) -> HttpResponse:
    """A worker makes the file; a mail says when it is there. Raises RecordUnderWay."""
    exporting.ask(request.user)
    messages.success(request, _("Your record is being made. You get a mail when it is ready."))
    return redirect("accounts:privacy")


@login_required
@require_GET
def record_file(request: HttpRequest, name: str) -> FileResponse:
    found = get_object_or_404(RecordExport.objects.of(request.user), name=name)
    if not found.is_ready:
        raise Http404
    return as_file(found)


def as_file(record: RecordExport) -> FileResponse:
    return FileResponse(
        record.file.open("rb"), as_attachment=True, filename=f"kezhan-record-{record.asked_at:%Y-%m-%d}.zip",
        content_type="application/zip", headers={"Cache-Control": "private, no-store"},
    )  # fmt: skip


@login_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """What goes and what stays, then: the account is deleted at once. Raises StillBound."""
    form = DeleteForm(request.POST or None, person=request.user)
    if form.is_valid():
        deleting.delete(request.user)
        logout(request)
        messages.success(request, _("Your account is deleted."))
        return redirect("home")
    context = {"form": form, "holds": deleting.holds(request.user)}
    return render(request, "accounts/delete_account.html", context, status=422 if form.errors else 200)
