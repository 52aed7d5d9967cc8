"""The sealed books: the public chain of days, the verifier, and a creator's statement to check with it."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from payments.models import LedgerSeal
from payments.proof import papers, statement

SEALS_A_PAGE = 31


@require_safe
def seals(request: HttpRequest) -> HttpResponse:
    """For everybody: what was sealed, day by day, and how to check with it."""
    pages = Paginator(LedgerSeal.objects.of(settings.PAYMENTS_BOOK).reverse(), SEALS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "elided": pages.get_elided_page_range(page.number),
        "newest": LedgerSeal.objects.newest(settings.PAYMENTS_BOOK),
        "months": statement.months(),
    }
    return render(request, "payments/seals.html", context)


@require_safe
def seals_file(request: HttpRequest) -> StreamingHttpResponse:
    """The whole chain and the rules of sharing, as the verifier reads them."""
    return _file(papers.seals(settings.PAYMENTS_BOOK), "kezhan-seals.json")


@require_safe
def verifier(request: HttpRequest) -> FileResponse:
    """The verifier, one file of Python; it stands in the project's repository as well."""
    path = settings.BASE_DIR / "docs" / "verify" / "kezhan_verify.py"
    return FileResponse(path.open("rb"), as_attachment=True, content_type="text/x-python")


@login_required
@require_safe
def statement_file(request: HttpRequest, year: int, month: int) -> HttpResponseBase:
    """A creator's statement of one month with its proofs. Raises NoSuchMonth."""
    creator = request.user.creator_or_none  # type: ignore[union-attr]
    if creator is None:
        return redirect("creators:become")
    return _file(statement.month(creator, year, month), f"kezhan-statement-{year}-{month:02d}.json")


def _file(lines: object, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
