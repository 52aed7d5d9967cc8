"""What courses tell of a person: her clips, with every word on them.

Only who sells has clips, and such accounts are let go by people (creators/privacy.py); so nothing is forgotten here.
"""

from django.db.models import F

from accounts.models import User
from accounts.privacy import parts

from .models import Clip, ClipShowing


def tell(person: User) -> parts.Told:
    return parts.Told(
        {
            "clips": list(Clip.objects.filter(made_by=person).values(
                "key", "lesson_key", "title", "language", "line", "made_at", "published_at", "removed_at",
                course_slug=F("course__slug"))),
            "clip_showings": list(ClipShowing.objects.filter(clip__made_by=person).values(
                "published_at", "withdrawn_at", clip_title=F("clip__title"))),
        }
    )  # fmt: skip


def forget(person: User) -> None:
    """Nobody who has clips comes as far as this."""


parts.register(parts.Part("courses", tell, forget))
