"""Short secrets at rest: what opens an account is not in a copy of the tables alone.

The key is made of the site's secret key; the ones before it (`KEZHAN_SECRET_KEY_FALLBACKS`) still open.
"""

import logging
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken, MultiFernet
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.lib import sealing
from marketplace.lib.errors import DomainError

log = logging.getLogger(__name__)

# What stands before a sealed text; no secret of an authenticator begins so.
MARK = "sealed-1:"
_PURPOSE = b"kezhan second factors 1"


class SecondFactorUnreadable(DomainError):
    """Its key is lost, or not among the site's keys. Nobody but who runs the site can mend that."""

    code = "second_factor_unreadable"
    message = _("Your second factor can no longer be read here. Ask the staff of the site to take it away.")
    # The list of somebody's factors counts her codes while it is drawn: none, and the rest of the page stands.
    silent_variable_failure = True

    def as_entry(self) -> ValidationError:
        """As a form says it: a refused code."""
        return ValidationError(self.message, code=self.code)


def sealed(text: str) -> str:
    """Sealed already, it stays as it is."""
    return text if text.startswith(MARK) else MARK + _keys().encrypt(text.encode()).decode()


def opened(text: str) -> str:
    """What was written before there were seals is the text itself. Raises SecondFactorUnreadable."""
    return _by_token(text, _keys().decrypt) if text.startswith(MARK) else text


def sealed_anew(text: str) -> str:
    """Under the present key, whichever sealed it before. Raises SecondFactorUnreadable."""
    return MARK + _by_token(text, _keys().rotate) if text.startswith(MARK) else sealed(text)


def seal_all_anew() -> tuple[int, int]:
    """Every person's secrets under the present key. Returns how many rows are, and how many could not be read."""
    done, unread = 0, 0
    rows = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        try:
            done += _seal_row_anew(pk)
        except SecondFactorUnreadable:
            unread += 1
    return done, unread


@transaction.atomic
def _seal_row_anew(pk: int) -> int:
    # Locked, since using up a recovery code writes the same column.
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return 0
    data: dict[str, Any] = dict(row.data)
    for name in ("secret", "seed"):
        if name in data:
            data[name] = sealed_anew(data[name])
    if data.get("migrated_codes"):
        data["migrated_codes"] = [sealed_anew(code) for code in data["migrated_codes"]]
    return Authenticator.objects.filter(pk=pk).update(data=data)


def _by_token(text: str, act: Callable[[bytes], bytes]) -> str:
    try:
        return act(text.removeprefix(MARK).encode()).decode()
    except InvalidToken:
        log.error("second_factor_unreadable")
        raise SecondFactorUnreadable from None


def _keys() -> MultiFernet:
    """The present key first: it seals."""
    return sealing.keys(_PURPOSE)
