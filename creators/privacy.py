"""What creators tell of a person; whoever sells is let go by people, not by a button."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.privacy import parts

from .models import Creator


def tell(person: User) -> parts.Told:
    rows = Creator.objects.filter(user=person).values("slug", "name", "headline", "bio", "country")
    return parts.Told({"profile": list(rows)})


def holds(person: User) -> list[str | Promise]:
    if not Creator.objects.filter(user=person).exists():
        return []
    return [_("You sell courses here: learners, income and payouts hang on your account. Write to us to end it.")]


def forget(person: User) -> None:
    """Nobody who has a profile comes as far as this."""


parts.register(parts.Part("creators", tell, forget, holds))
