"""An account is deleted: everything of the person goes, at once and for good. What the law and the books keep stays
without a name, hanging on an empty account.
"""

from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountDeletion, User
from marketplace.lib.errors import DomainError

from . import parts


class StillBound(DomainError):
    """`facts["holds"]`: what must be settled first, in words."""

    code = "still_bound"
    message = _("Something must be settled before this account can be deleted.")


def holds(person: Any) -> list[str | Promise]:
    """Why the account cannot be deleted now; empty when it can."""
    return [sentence for part in parts.every() for sentence in part.holds(person)]


@transaction.atomic
def delete(person: Any) -> AccountDeletion:
    """Raises StillBound. A second call, or one at the same time, deletes nothing more."""
    held = User.objects.select_for_update().get(pk=person.pk)
    done = AccountDeletion.objects.filter(user=held).first()
    if done is not None:
        return done
    if found := holds(held):
        raise StillBound(holds=[str(sentence) for sentence in found])
    # First, since the papers of money open to nobody's forgetting but of an account whose deletion stands.
    done = AccountDeletion.objects.create(user=held)
    for part in parts.every():
        part.forget(held)
    held.become_nobody()
    return done
