"""Institutions for tests, through the verbs that people use."""

from accounts.models import User
from creators.models import Institution, Invitation, Membership, Verification
from tests import cast

TOLD = {"name": "Jingdezhen School of Clay", "domain": "clay.example", "kind": "school", "about": "Since 1958."}


def make_institution(owner: User | None = None, *, verified: bool = True, **told: str) -> Institution:
    made = Institution.objects.start(by=owner or cast.ada(), **{**TOLD, **told})
    if verified:
        verify(made)
    return Institution.objects.get(pk=made.pk)


def verify(institution: Institution, verdict: str = "verified") -> Verification:
    return Verification.objects.decide(
        institution,
        verdict,
        by=cast.sam(),
        checked="The register of schools names it.",
        link="https://schools.example/1",
    )


def add_member(institution: Institution, user: User, role: str) -> Membership:
    owner = institution.members.active().filter(role="owner").select_related("user")[0].user
    member = Invitation.objects.invite(institution, user.email, role, by=owner).reply(True, by=user)
    assert member is not None
    return member
