"""The site's key for credentials (ES256), its name on the web (did:web), and the keys that it had before.

A key is 32 random bytes as base64url. Who changes it moves the public half of the old one to the former keys, and what
was signed by it still checks; a key that was stolen is left out, and what it signed no longer does.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from marketplace.lib import links
from marketplace.lib.errors import DomainError

SIDE = 32


class NoCredentialKey(DomainError):
    code = "no_credential_key"
    message = _("This site signs no credentials. The certificate's page can be checked by its code.")


@dataclass(frozen=True)
class PublicKey:
    """A point of P-256, as base64url."""

    x: str
    y: str

    @property
    def id(self) -> str:
        """The key's own thumbprint (RFC 7638): it names the key and nothing else."""
        facts = {"crv": "P-256", "kty": "EC", "x": self.x, "y": self.y}
        return _text(hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).digest())

    @property
    def jwk(self) -> dict[str, str]:
        return {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": self.id, "x": self.x, "y": self.y}

    @property
    def written(self) -> str:
        """As KEZHAN_CREDENTIAL_FORMER_KEYS takes it."""
        return f"{self.x}.{self.y}"


def signing_key() -> ec.EllipticCurvePrivateKey:
    """Raises NoCredentialKey where none is set."""
    if not settings.KEZHAN_CREDENTIAL_KEY:
        raise NoCredentialKey
    return _private(settings.KEZHAN_CREDENTIAL_KEY)


def has_key() -> bool:
    return bool(settings.KEZHAN_CREDENTIAL_KEY)


def public_keys() -> list[PublicKey]:
    """The present one first, then those of before."""
    return [public_half(signing_key()), *map(_former, settings.KEZHAN_CREDENTIAL_FORMER_KEYS)]


def public_half(key: ec.EllipticCurvePrivateKey) -> PublicKey:
    point = key.public_key().public_numbers()
    return PublicKey(_text(point.x.to_bytes(SIDE, "big")), _text(point.y.to_bytes(SIDE, "big")))


def did() -> str:
    """The site's name as an issuer: did:web and the host, its port's colon escaped."""
    return "did:web:" + urlsplit(settings.KEZHAN_BASE_URL).netloc.replace(":", "%3A")


def issuer() -> dict[str, Any]:
    """Who issues, as credentials say it."""
    return {"id": did(), "type": ["Profile"], "name": "Kezhan", "url": links.absolute("/")}


def key_name(key: PublicKey) -> str:
    return f"{did()}#{key.id}"


def did_document() -> dict[str, Any]:
    """What /.well-known/did.json says: who signs here, by which keys. Raises NoCredentialKey."""
    keys = public_keys()
    methods = [
        {"id": key_name(key), "type": "JsonWebKey", "controller": did(), "publicKeyJwk": key.jwk} for key in keys
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": did(),
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


@lru_cache(maxsize=4)
def _private(written: str) -> ec.EllipticCurvePrivateKey:
    try:
        return ec.derive_private_key(int.from_bytes(_bytes(written), "big"), ec.SECP256R1())
    except ValueError:
        raise ImproperlyConfigured(
            "KEZHAN_CREDENTIAL_KEY is no key: write 32 random bytes as base64url (bin/manage credential_key)."
        ) from None


def _former(written: str) -> PublicKey:
    try:
        x, y = written.split(".")
        at_x, at_y = (int.from_bytes(_bytes(side), "big") for side in (x, y))
        ec.EllipticCurvePublicNumbers(x=at_x, y=at_y, curve=ec.SECP256R1()).public_key()
    except ValueError:
        raise ImproperlyConfigured(
            "KEZHAN_CREDENTIAL_FORMER_KEYS holds something that is no public key (bin/manage credential_key)."
        ) from None
    return PublicKey(x, y)


def _bytes(written: str) -> bytes:
    raw = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
    if len(raw) != SIDE:
        raise ValueError("not 32 bytes")
    return raw


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
