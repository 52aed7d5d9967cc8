"""Where a request comes from, and as much of it as may be kept."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# A network of this size names no household.
KEPT_BITS = {4: 24, 6: 48}


def address_of(request: HttpRequest) -> str:
    """Behind our proxy, what the proxy itself wrote last: the rest anybody can write."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip()[:64] or request.META.get("REMOTE_ADDR", "")


def shortened(address: str) -> str:
    """The network alone ("203.0.113.0/24"); "" for what is no address."""
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{KEPT_BITS[version]}", strict=False))
