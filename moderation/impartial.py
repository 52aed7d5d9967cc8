"""Nobody judges what she has asked to be judged: who reported a thing, or voted on it, is no judge of it."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib.errors import DomainError

from . import targets
from .models import Case


class Partial(DomainError):
    code = "partial"
    status = 403
    message = _("You have reported this or voted on it; another moderator decides.")


def must_be(person: User, target: targets.Target, case: Case | None) -> None:
    """Raises Partial. The open case about a thing counts also where somebody would decide beside it."""
    cases = Case.objects.filter(closed_at=None, **targets.same(target.kind, target.key, target.owner))
    if any(each.has_heard(person) for each in {*cases, *([case] if case else [])}):
        raise Partial
