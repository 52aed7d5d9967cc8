"""Certificates: asking for one, having them, checking one, and the lists of what was revoked."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import role_required
from courses.models import Course
from learners import completion
from learners.certificate_forms import AskForm, RevokeForm
from learners.certificates import credential, issuing, keys, paper, qr, sharing
from learners.models import Certificate, Enrollment
from marketplace.lib import links


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def ask_certificate(request: HttpRequest, slug: str) -> HttpResponse:
    """What a certificate says and what it costs (the way back), then: issue it."""
    course = get_object_or_404(
        Course.objects.filter(live_version__isnull=False).select_related("live_version"), slug=slug
    )
    get_object_or_404(Enrollment.objects.active().of(request.user), course=course)
    if found := issuing.present(request.user, course):
        return redirect(found)
    form = AskForm(request.POST or None, initial={"name": request.user.name})
    if form.is_valid() and (certificate := _issued(request.user, course, form)):
        messages.success(request, _("Your certificate is issued."))
        return redirect(certificate)
    left = completion.what_is_left(request.user, course).count()
    context = {"course": course, "form": form, "left": left, "is_hidden": not completion.has_lessons(course)}
    return render(request, "learners/ask_certificate.html", context, status=422 if form.errors else 200)


def _issued(learner: Any, course: Course, form: AskForm) -> Certificate | None:
    """None for a name that nobody may publish: the form says so beside it."""
    try:
        return issuing.issue(learner, course, form.cleaned_data["name"])
    except ValidationError as error:
        form.add_error(None, error)
        return None


@login_required
@require_GET
def certificates(request: HttpRequest) -> HttpResponse:
    """The reader's own."""
    return render(request, "learners/certificates.html", {"certificates": Certificate.objects.of(request.user).shown()})


@require_GET
def check_certificate(request: HttpRequest) -> HttpResponse:
    """A code that was written down leads to its page."""
    written = request.GET.get("code", "")
    found = Certificate.objects.coded(written).first() if written else None
    if found:
        return redirect(found)
    context = {"written": written[:60], "has_key": keys.has_key()}
    return render(request, "learners/check_certificate.html", context, status=404 if written else 200)


@never_cache
@require_GET
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """For everybody: whether it holds, and what it says. Its holder finds paper and credential here."""
    found = get_object_or_404(Certificate.objects.coded(code))
    if code != found.code:
        return redirect(found)
    address = links.absolute(found.get_absolute_url())
    side, drawn = qr.path(address)
    context = {
        "certificate": found, "is_mine": found.belongs_to(request.user), "has_key": keys.has_key(), "address": address,
        "qr_side": side, "qr_path": drawn, "linkedin": sharing.linkedin(found, address), "revoke_form": RevokeForm(),
    }  # fmt: skip
    return render(request, "learners/certificate.html", context)


@login_required
@require_GET
def certificate_pdf(request: HttpRequest, code: str) -> HttpResponse:
    found = _own(request, code)
    answer = HttpResponse(paper.pdf(found, request.GET.get("lang") or get_language() or "en"), "application/pdf")
    answer["Content-Disposition"] = f'inline; filename="kezhan-certificate-{found.code}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_GET
def certificate_credential(request: HttpRequest, code: str) -> HttpResponse:
    """The signed credential, an Open Badge 3.0. Raises NoCredentialKey, CertificateRevoked."""
    found = _own(request, code)
    answer = HttpResponse(credential.signed(found), "application/vc+jwt")
    answer["Content-Disposition"] = f'attachment; filename="kezhan-certificate-{found.code}.jwt"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_POST
def show_name(request: HttpRequest, code: str) -> HttpResponse:
    """The holder shows her name to everybody, or hides it."""
    found = _own(request, code)
    sharing.show_name(found, "show" in request.POST)
    return redirect(found)


@role_required("moderator")
@require_POST
def revoke_certificate(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Certificate.objects.coded(code))
    form = RevokeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why: it stays on record."))
        return redirect(found)
    issuing.revoke(found, by=request.user, **form.cleaned_data)
    messages.success(request, _("The certificate is revoked."))
    return redirect(found)


def _own(request: HttpRequest, code: str) -> Certificate:
    found: Certificate = get_object_or_404(Certificate.objects.coded(code))
    if not found.belongs_to(request.user):
        raise PermissionDenied
    return found
