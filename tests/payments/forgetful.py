"""The provider as a careless platform would use it: for negative controls, by the setting PAYMENTS_HTTP_CLIENT."""

import json
import secrets
from typing import Any
from urllib.parse import urlsplit

from payments.sandbox.transport import SandboxTransport

# Where we ask what became of an earlier try.
LOOKED_UP = ("/v1/refunds", "/v1/transfers")


class NeverLooks(SandboxTransport):
    """Asked what it has, the provider is not heard: as if nobody had looked before trying again."""

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **usage: Any) -> Any:
        path = urlsplit(url).path
        if method == "get" and path in LOOKED_UP:
            nothing = {"object": "list", "data": [], "has_more": False, "url": path}
            return json.dumps(nothing), 200, {"Request-Id": "req_0", "Content-Type": "application/json"}
        return super().request(method, url, headers, post_data, **usage)


class NewKeyEachTime(NeverLooks):
    """Nor does a second try say that it is one: every call has a key of its own, as the provider's library draws it."""

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **usage: Any) -> Any:
        if method == "post":
            headers = {**headers, "Idempotency-Key": secrets.token_hex(16)}
        return super().request(method, url, headers, post_data, **usage)
