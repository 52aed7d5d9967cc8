"""How often one may search: more than any person does, and less than would cost others their answers."""

import math

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError
from marketplace.lib.pace import Pace, who_asks

# So many seconds' searches may come at once; a suggestion is asked for with every few letters.
_AT_ONCE_S, _SUGGESTIONS = 10, 4


class SearchesTooOften(DomainError):
    code = "searches_too_often"
    status = 429
    message = _("These are more searches at once than we can answer. Wait some seconds and search again.")


_searches = Pace(settings.SEARCHES_A_SECOND, _AT_ONCE_S * settings.SEARCHES_A_SECOND)
_suggestions = Pace(
    _SUGGESTIONS * settings.SEARCHES_A_SECOND, _AT_ONCE_S * _SUGGESTIONS * settings.SEARCHES_A_SECOND
)  # fmt: skip


def search(request: HttpRequest) -> None:
    """Raises SearchesTooOften."""
    _take(_searches, request)


def suggest(request: HttpRequest) -> None:
    """Raises SearchesTooOften."""
    _take(_suggestions, request)


def _take(pace: Pace, request: HttpRequest) -> None:
    if wait := pace.wait_s(who_asks(request)):
        raise SearchesTooOften(retry_after_s=math.ceil(wait))
