"""Which certificates were revoked, as a list of bits (W3C Bitstring Status List): who checks one does not say which.

A list has 131,072 places, so that asking for it names nobody. A certificate's place is its number.
"""

import base64
import gzip
from typing import Any

from django.urls import reverse

from learners.models import Certificate, CertificateRevocation
from marketplace.lib import links

from . import keys

PLACES = 131_072


def entry(certificate: Certificate) -> dict[str, str]:
    """Where a credential says that its state is found."""
    number, place = divmod(certificate.pk, PLACES)
    address = address_of(number)
    return {
        "id": f"{address}#{place}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
        "statusListIndex": str(place), "statusListCredential": address,
    }  # fmt: skip


def address_of(number: int) -> str:
    return links.absolute(reverse("learners:certificate_status", args=[number]))


def encoded(number: int) -> str:
    """The bits of list `number`, the first place leftmost, packed and as multibase base64url."""
    bits = bytearray(PLACES // 8)
    first = number * PLACES
    revoked = CertificateRevocation.objects.filter(certificate_id__gte=first, certificate_id__lt=first + PLACES)
    for pk in revoked.values_list("certificate_id", flat=True):
        place = pk - first
        bits[place // 8] |= 0x80 >> place % 8
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def has_list(number: int) -> bool:
    """Whether any certificate stands in it; the first one is always there."""
    return number == 0 or Certificate.objects.filter(pk__gte=number * PLACES, pk__lt=(number + 1) * PLACES).exists()


def payload(number: int, at: int) -> dict[str, Any]:
    """The list as a credential of its own, still to be signed; `at`: seconds since 1970."""
    address, issued_by = address_of(number), keys.issuer()
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"], "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"], "issuer": issued_by,
        "credentialSubject": {
            "id": f"{address}#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
            "encodedList": encoded(number),
        },
        "iss": issued_by["id"], "jti": address, "sub": f"{address}#list", "nbf": at, "iat": at,
    }  # fmt: skip
