"""What every page's frame needs besides its own content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from marketplace.lib.kept_pages import theme_of


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "theme": theme_of(request),
        "sandbox_active": settings.PAYMENTS_BOOK == "sandbox",
    }
