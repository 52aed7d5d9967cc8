"""Creators for tests."""

from typing import Any

from django.db import transaction

from accounts.models import User
from creators.models import Creator
from creators.models.creator import RESERVED_SLUGS
from marketplace.lib.slugs import free_slug


def make_creator(user: User, name: str = "", **fields: Any) -> Creator:
    """The creator that `user` is; made once, as `become` makes her (`tests/test_cast.py` holds them together)."""
    known = Creator.objects.filter(user=user).first()
    if known:
        return known
    name = name or str(user)
    if "portrait" in fields:
        return Creator.objects.become(user=user, name=name, **fields)
    creator = Creator(user=user, name=name, **fields)
    creator.slug = free_slug(Creator.objects.all(), name, "creator", RESERVED_SLUGS)
    with transaction.atomic():  # of its own: cards are kept under the row's xmin, which a later edit must renew
        creator.save(force_insert=True)
    user.__dict__.pop("creator", None)
    user._state.fields_cache.pop("creator", None)
    return creator
