"""Short secrets at rest: what opens an account is not in a copy of the tables alone.

The key is made of the site's secret key; the ones before it (`KEZHAN_SECRET_KEY_FALLBACKS`) still open.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

# What stands before a sealed text; no secret of an authenticator begins so.
MARK = "sealed-1:"
_PURPOSE = b"kezhan second factors 1"


def sealed(text: str) -> str:
    """Sealed already, it stays as it is."""
    return text if text.startswith(MARK) else MARK + _keys().encrypt(text.encode()).decode()


def opened(text: str) -> str:
    """What was written before there were seals is the text itself. Raises InvalidToken under another site's key."""
    return _keys().decrypt(text.removeprefix(MARK).encode()).decode() if text.startswith(MARK) else text


def _keys() -> MultiFernet:
    """The present key first: it seals."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256)))
