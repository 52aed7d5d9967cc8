"""The address in a mail with which its reader stops mails of that kind (RFC 8058): signed, so that no log-in is needed.

`kind` is the name of the view, so that an address of one kind says nothing about another.
"""

from typing import Any

from django.core import signing
from django.http import Http404
from django.urls import reverse

from marketplace.lib import links

from .models import User


def page(person: Any, kind: str) -> str:
    return reverse(kind, args=[signing.dumps(person.pk, salt=_salt(kind))])


def address(person: Any, kind: str) -> str:
    """The same for a mail."""
    return links.absolute(page(person, kind))


def reader_of(token: str, kind: str) -> User:
    """Whose mails the address of this token is about. Raises Http404."""
    try:
        return User.objects.get(pk=signing.loads(token, salt=_salt(kind)), is_active=True)
    except (signing.BadSignature, User.DoesNotExist):
        raise Http404 from None


def _salt(kind: str) -> str:
    return kind.replace(":", ".")
