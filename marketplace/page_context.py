"""What every page's frame needs besides its own content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from marketplace.lib.form_tokens import token_of
from marketplace.lib.kept_pages import theme_of


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "theme": theme_of(request),
        "sandbox_active": settings.PAYMENTS_BOOK == "sandbox",
        # In place of Django's own processor, whose token is as good and takes sixty-four calls for chance.
        "csrf_token": SimpleLazyObject(lambda: token_of(request)),
    }
