"""Creators for tests."""

from accounts.models import User
from creators.models import Creator


def make_creator(user: User, name: str = "", **fields: object) -> Creator:
    """The creator that `user` is; made once."""
    known = Creator.objects.filter(user=user).first()
    return known or Creator.objects.become(user=user, name=name or str(user), **fields)
