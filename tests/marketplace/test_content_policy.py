"""The header that is written once says what its base would have said."""

from typing import Any

import pytest
from csp.constants import HEADER
from csp.exceptions import CSPNonceError
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from marketplace.content_policy import ContentPolicy


def answered(
    middleware: type[CSPMiddleware], *, asks: bool, update: dict[str, Any] | None = None
) -> tuple[Any, set[str]]:
    """The request and the directives of its answer, with "N" for its nonce."""

    def view(request: HttpRequest) -> HttpResponse:
        response = HttpResponse(str(request.csp_nonce) if asks else "")  # type: ignore[attr-defined]
        if update:
            response._csp_update = update  # type: ignore[attr-defined]
        return response

    request: Any = RequestFactory().get("/")
    response = middleware(view)(request)
    said = response.headers[HEADER]
    return request, set((said.replace(response.content.decode(), "N") if asks else said).split("; "))


@pytest.mark.parametrize("asks", [True, False])
def test_it_says_what_its_base_says(asks: bool) -> None:
    assert answered(ContentPolicy, asks=asks)[1] == answered(CSPMiddleware, asks=asks)[1]
    assert ("script-src 'self' 'nonce-N'" in answered(ContentPolicy, asks=asks)[1]) == asks


def test_each_answer_has_its_own_nonce() -> None:
    nonces = [str(answered(ContentPolicy, asks=True)[0].csp_nonce) for _ in range(2)]
    assert len(set(nonces)) == 2


def test_an_answer_that_says_something_of_its_own_keeps_it() -> None:
    own = {"img-src": ["https://example.org"]}
    said = answered(ContentPolicy, asks=True, update=own)[1]
    assert any(part.startswith("img-src") and part.endswith(" https://example.org") for part in said)


def test_a_nonce_that_the_header_does_not_name_is_never_given() -> None:
    request, _said = answered(ContentPolicy, asks=False)
    with pytest.raises(CSPNonceError):
        str(request.csp_nonce)


def test_a_changed_policy_is_written_anew(settings: Any) -> None:
    policy = ContentPolicy(lambda request: HttpResponse())
    before = policy(RequestFactory().get("/")).headers[HEADER]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'none'"]}}
    assert policy(RequestFactory().get("/")).headers[HEADER] == "default-src 'none'" != before
