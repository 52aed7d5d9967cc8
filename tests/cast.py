"""The people of every test. Their rights are known by their names.

Ada creates, Lin learns, Cole is a stranger who may log in but owns nothing, Sam moderates, Fay looks after the money.
"""

from accounts.models import RoleGrant, User
from tests.creators.factories import make_creator

PASSWORD = "correct horse battery"


def person(name: str, *, role: str | None = None, language: str = "en") -> User:
    """The person of this name; asked for twice, the same one."""
    email = f"{name.lower()}@example.com"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.sign_up(email=email, password=PASSWORD, name=name, language=language)
    if role:
        user.grant_role(role, by=None, reason="cast")
    return user


def ada() -> User:
    """Ada, who sells as "Ada Lin Studio"."""
    user = person("Ada")
    make_creator(user, "Ada Lin Studio", headline="Crafts, slowly", bio="I throw pots.")
    return User.objects.select_related("creator").get(pk=user.pk)


def lin() -> User:
    return person("Lin")


def cole() -> User:
    return person("Cole")


def sam() -> User:
    return person("Sam", role=RoleGrant.Role.MODERATOR)


def fay() -> User:
    return person("Fay", role=RoleGrant.Role.FINANCE)
