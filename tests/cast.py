"""The people of every test. Their rights are known by their names.

Ada creates, Lin learns, Cole is a stranger who may log in but owns nothing, Sam moderates and is a senior, Fay looks
after the money.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.hashers import make_password

from accounts.models import RoleGrant, User
from tests.creators.factories import make_creator

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def person(name: str, *, role: str | None = None, language: str = "en") -> User:
    """The person of this name; asked for twice, the same one."""
    email = f"{name.lower()}@example.com"
    user = User.objects.filter(email=email).first()
    if user is None:
        # As `sign_up` leaves her (`test_cast` holds them against each other), without reading the list of unfit words.
        user = User(email=email, password=make_password(PASSWORD), name=name, language=language)
        user.save()
    if role:
        give_role(user, role)
    return user


def confirm(user: User) -> User:
    """As if she had opened the link that was mailed to her address."""
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


def give_role(user: User, role: str) -> None:
    """The role, and the second factor without which it sleeps."""
    if role not in user.roles:
        user.grant_role(role, by=None, reason="cast")
    give_second_factor(user)


def give_second_factor(user: User) -> None:
    """As if she had set one up; `code` is what her app shows."""
    if not user.has_second_factor:
        TOTP.activate(user, SECRET)
    user.__dict__.pop("has_second_factor")


def code() -> str:
    """What every app of the cast shows now. Each is taken once by each of them."""
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


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
    return person("Sam", role=RoleGrant.Role.SENIOR)


def fay() -> User:
    return person("Fay", role=RoleGrant.Role.FINANCE)
