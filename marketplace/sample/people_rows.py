"""The sample's people as rows: staff, learners and creators with their portraits."""

from allauth.mfa.totp.internal.auth import TOTP

from accounts.models import User
from creators.models import Creator

from . import drawing
from .people import CREATORS, LEARNER_NAMES, PASSWORD, SECRETS, STAFF
from .pictures import as_upload


def person(email: str, name: str, language: str) -> User:
    found = User.objects.filter(email=email).first()
    return found or User.objects.sign_up(email=email, password=PASSWORD, name=name, language=language)


def staff() -> dict[str, User]:
    """One login for each role, by role."""
    people = {role: person(email, name, language) for role, email, name, language in STAFF}
    for role, secret in SECRETS.items():
        people[role].grant_role(role, by=None, reason="sample data")
        if not people[role].has_second_factor:
            TOTP.activate(people[role], secret)
            people[role].__dict__.pop("has_second_factor")
    people["moderator"].grant_role("senior", by=None, reason="sample data")
    return people


def learners() -> list[User]:
    return [
        person(f"learner{number}@kezhan.example", name, "en" if name.isascii() else "zh-hans")
        for number, name in enumerate(LEARNER_NAMES, 1)
    ]


def creators() -> dict[str, Creator]:
    """The eight creators, by key."""
    made = {}
    for number, plan in enumerate(CREATORS):
        user = person(plan.email, plan.name, plan.language)
        made[plan.key] = Creator.objects.filter(user=user).first() or Creator.objects.become(
            user=user, name=plan.name, headline=plan.headline, bio=plan.bio, country=plan.country,
            portrait=as_upload(drawing.portrait(plan.hue, number), "portrait.webp"),
        )  # fmt: skip
    return made
