"""Pages of finance behind the trial balance: the accounts that make a row, and the lines that make an account."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from accounts.doors import role_required
from marketplace.lib import asked
from payments import account_lines
from payments.models import LedgerAccount


@role_required("finance")
@require_GET
def ledger_accounts(request: HttpRequest, book: str, kind: str, currency: str) -> HttpResponse:
    """`?after=`: accounts of owners behind this one."""
    known = account_lines.kind_of(book, kind)
    if known is None:
        raise Http404
    page = account_lines.accounts(book, known, currency, asked.number(request.GET.get("after")) or 0)
    if not known.is_owned and page.rows:
        return redirect("payments:ledger_account", pk=page.rows[0]["account"].pk)
    return render(
        request, "payments/ledger_accounts.html", {"page": page, "kind": known, "book": book, "currency": currency}
    )


@role_required("finance")
@require_GET
def ledger_account(request: HttpRequest, pk: int) -> HttpResponse:
    """`?before=`: lines older than this one."""
    account = get_object_or_404(LedgerAccount.objects.standing(), pk=pk)
    page = account_lines.lines(account, asked.number(request.GET.get("before")))
    return render(request, "payments/ledger_account.html", {"page": page, **account_lines.named(account)})
