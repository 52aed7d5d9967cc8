"""Keys for short texts at rest, made of the site's secret key for one purpose each; the keys before it still open."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def keys(purpose: bytes) -> MultiFernet:
    """Seals under the present key; opens under it and under `KEZHAN_SECRET_KEY_FALLBACKS`."""
    return MultiFernet([_key(secret, purpose) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str, purpose: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret.encode(), purpose, hashlib.sha256)))
