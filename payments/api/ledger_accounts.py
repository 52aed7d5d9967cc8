"""The ledger's accounts and their lines over the API, for people of finance: what makes a row of the trial balance."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import HasRole
from marketplace.lib.money import KNOWN
from payments import account_lines
from payments.ledger_serializers import AccountLineSerializer, LedgerAccountSerializer
from payments.models import AccountKind, Book, LedgerAccount, LedgerPosting

FINANCE = [HasRole.of("finance")]
KNOWN_WORDS: dict[str, Any] = {"book": Book.values, "kind": AccountKind.values, "currency": KNOWN}


class LedgerAccounts(ListAPIView):
    """Accounts of the ledger with their balances, the newest first."""

    permission_classes = FINANCE
    serializer_class = LedgerAccountSerializer
    queryset = LedgerAccount.objects.none()

    @extend_schema(parameters=[
        OpenApiParameter("book", str, enum=Book.values), OpenApiParameter("kind", str, enum=AccountKind.values),
        OpenApiParameter("currency", str),
    ])  # fmt: skip
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[LedgerAccount]:
        asked = self.request.query_params
        found = LedgerAccount.objects.standing()
        for name, known in KNOWN_WORDS.items():
            if word := asked.get(name):
                found = found.filter(**{name: word}) if word in known else found.none()
        return found


class AccountLines(ListAPIView):
    """The lines of one account, the newest first; their debits less their credits are its sum."""

    permission_classes = FINANCE
    serializer_class = AccountLineSerializer
    queryset = LedgerPosting.objects.none()

    def get_queryset(self) -> QuerySet[LedgerPosting]:
        account = get_object_or_404(LedgerAccount, pk=self.kwargs["pk"])
        return account_lines.shown(LedgerPosting.objects.filter(account=account))


urlpatterns = [
    path("ledger/accounts/", LedgerAccounts.as_view(), name="api-ledger-accounts"),
    path("ledger/accounts/<int:pk>/lines/", AccountLines.as_view(), name="api-ledger-account-lines"),
]
