"""What creators tell of a person; whoever sells is let go by people, not by a button."""

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.privacy import parts

from .models import Creator, Invitation, Membership


def tell(person: User) -> parts.Told:
    rows = Creator.objects.filter(user=person).values("slug", "name", "headline", "bio", "country")
    member = Membership.objects.of(person).values("role", "since", "ended_at", institution_slug=F("institution__slug"))
    invited = Invitation.objects.shown_to(person).values(
        "role", "invited_at", "answer", institution_slug=F("institution__slug")
    )
    return parts.Told({"profile": list(rows), "memberships": list(member), "invitations": list(invited)})


def holds(person: User) -> list[str | Promise]:
    alone = [one.institution.name for one in Membership.objects.active().of(person) if one.is_last_owner]
    told: list[str | Promise] = [
        _("You are the only owner of %(name)s: make somebody else one.") % {"name": name} for name in alone
    ]
    if not Creator.objects.filter(user=person).exists():
        return told
    return [
        *told,
        _("You sell courses here: learners, income and payouts hang on your account. Write to us to end it."),
    ]


def forget(person: User) -> None:
    """Nobody who has a profile or owns an institution alone comes as far as this."""
    for membership in Membership.objects.active().of(person).select_related("institution"):
        membership.end(by=person)
    Invitation.objects.to(person).delete()


parts.register(parts.Part("creators", tell, forget, holds))
