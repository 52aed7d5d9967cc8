"""What operating tells of a person: what she agreed to.

It stays when she goes, without a name: it is what the contracts of her orders were made on, and they stay too.
"""

from typing import Any

from django.urls import reverse

from accounts.models import User
from accounts.privacy import parts
from marketplace.lib import links

from .models import Agreement


def tell(person: User) -> parts.Told:
    return parts.Told({"agreements": [_as_told(row) for row in Agreement.objects.of(person)]})


def _as_told(row: Agreement) -> dict[str, Any]:
    slug, number = row.version.page.slug, row.version.number
    told = {"page": slug, "version": number, "language": row.language, "act": row.act, "order": row.subject}
    return {**told, "at": row.at, "address": links.absolute(reverse("pages:version", args=[slug, number]))}


def forget(person: User) -> None:
    """Nothing of it names her."""


parts.register(parts.Part("operating", tell, forget))
