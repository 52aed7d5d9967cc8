"""The Content-Security-Policy: what a page of ours may load, run and send. No inline script or style, ever."""

from typing import Any

from csp.constants import HEADER, NONCE, NONE, SELF
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from marketplace.lib import env

# The provider's hosted pages are reached by a redirect that follows a form of ours.
PROVIDER = ["https://checkout.stripe.com", "https://connect.stripe.com", "https://accounts.stripe.com"]


def directives() -> dict[str, list[object]]:
    return {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF, *env.words("KEZHAN_CONNECT_ORIGINS")],
        "worker-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *PROVIDER],
    }


class ContentPolicy(CSPMiddleware):
    """As its base, with the header written once a process: each answer puts its nonce in. An answer that says something
    of its own policy goes the base's way.
    """

    _written: tuple[Any, list[str], str] = (None, [], "")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG or HEADER in response or any(name.startswith("_csp_") for name in vars(response)):
            return super().process_response(request, response)
        policy = settings.CONTENT_SECURITY_POLICY
        if self._written[0] is not policy:
            self._written = (policy, build_policy(nonce="\0").split("\0"), build_policy())
        _policy, pieces, plain = self._written
        nonce = getattr(request, "_csp_nonce", None)
        response[HEADER] = nonce.join(pieces) if nonce else plain
        if nonce is None:
            # Who asks for it from now on would have one that the header does not name.
            request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response
