"""Who may watch a clip: everybody while it is shown; its owner always, as videos knows; a moderator whatever stands."""

import uuid

from accounts.models import User
from videos.playback import ANON, clip_right

from .models import Clip


@clip_right.register
def may_watch_clip(asset: uuid.UUID, viewer: str) -> bool:
    """Asked again within 10 s, so that a clip goes with its lesson at once."""
    if Clip.objects.shown().filter(excerpt__asset=asset).exists():
        return True
    if viewer == ANON or not Clip.objects.standing().filter(excerpt__asset=asset).exists():
        return False
    person = User.objects.filter(pk=viewer).first()
    return person is not None and person.has_role("moderator")
