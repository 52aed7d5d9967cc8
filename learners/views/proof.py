"""What whoever checks credentials needs of us: our keys, the list of what was revoked, the verifier."""

import time

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from learners.certificates import credential, keys, status_list
from learners.models import CertificateRevocation

PAGE_SIZE = 100


@require_safe
@cache_control(public=True, max_age=300)
def did_document(request: HttpRequest) -> JsonResponse:
    """did:web of this site. 404 where nothing is signed."""
    if not keys.has_key():
        raise Http404
    answer = JsonResponse(keys.did_document(), content_type="application/did+json")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
@cache_control(public=True, max_age=60)
def certificate_status(request: HttpRequest, number: int) -> HttpResponse:
    """One status list, signed."""
    if not keys.has_key() or not status_list.has_list(number):
        raise Http404
    answer = HttpResponse(credential.sign(status_list.payload(number, int(time.time()))), "application/vc+jwt")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def revoked_certificates(request: HttpRequest) -> HttpResponse:
    """For everybody, without names: how the code ends (the whole of it opens a page with a name), course, when, and for
    what kind of reason.
    """
    rows = CertificateRevocation.objects.select_related("certificate__version")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "learners/revoked_certificates.html", {"page": page})


@require_safe
def credential_verifier(request: HttpRequest) -> FileResponse:
    """The verifier, one file of Python; it stands in the project's repository as well."""
    path = settings.BASE_DIR / "docs" / "verify" / "kezhan_credential.py"
    return FileResponse(path.open("rb"), as_attachment=True, content_type="text/x-python")
