"""The Content-Security-Policy: what a page of ours may load, run and send. No inline script or style, ever."""

from csp.constants import NONCE, NONE, SELF

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
