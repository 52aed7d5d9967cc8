"""Who is told that an appeal waits: those who may answer it when it comes, and administrators too when it is late."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from marketplace.lib import links

from . import impartial
from .models import Appeal


def judges(appeal: Appeal) -> list[User]:
    """Those who may answer it: no party, and neither who decided nor who agreed."""
    role = "senior" if appeal.measure.is_grave else "moderator"
    return impartial.others(User.objects.with_role(role), impartial.anew(appeal.measure))


def wanted(appeal: Appeal) -> None:
    for person in judges(appeal):
        notices.tell(f"appeal-wanted:{appeal.pk}:{person.pk}", person, "moderation/appeal_wanted", _context(appeal))


def late(appeal: Appeal) -> bool:
    """To those who may answer and to every administrator, who can give the role to one more person. False: to nobody,
    since there is none.
    """
    people = {person.pk: person for person in [*judges(appeal), *User.objects.with_role("admin")]}
    for person in people.values():
        notices.tell(f"appeal-late:{appeal.pk}:{person.pk}", person, "moderation/appeal_late", _context(appeal))
    return bool(people)


def _context(appeal: Appeal) -> dict[str, Any]:
    return {
        "title": appeal.measure.title,
        "due_at": appeal.due_at,
        "is_grave": appeal.measure.is_grave,
        "action_url": links.absolute(reverse("moderation:answer_appeal", args=[appeal.pk])),
        "action_label": _("See the appeal"),
    }
