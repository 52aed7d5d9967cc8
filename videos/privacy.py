"""What videos tell of a person: her films, every word that stands beside them, and days on many devices.

Only who sells has films, and such accounts are let go by people (creators/privacy.py); so no film is forgotten here.
"""

from django.db.models import F

from accounts.models import User
from accounts.privacy import parts

from .models import Caption, Chapter, Excerpt, PlaceDay, SpaceGrant, Transcription, Video


def tell(person: User) -> parts.Told:
    of_film, mine = {"film": F("video_id")}, {"video__owner": person}
    return parts.Told(
        {
            "films": list(Video.objects.owned_by(person).sent().values(
                "id", "name", "size", "state", "duration_ms", "width", "height", "failure_code", "created_at",
                "uploaded_at", "ready_at", removed_at=F("put_away__at"))),
            "days_on_many_devices": list(PlaceDay.objects.of(person).values("day", "devices", "refused_devices")),
            "space_grants": list(SpaceGrant.objects.of(person).values("limit_bytes", "granted_at", "reason")),
            "captions": list(Caption.objects.filter(**mine).values(
                "language", "label", "webvtt", "is_machine_made", "is_draft", "changed_at", **of_film)),
            "chapters": list(Chapter.objects.filter(**mine).values("start_ms", "title", **of_film)),
            "excerpts": list(Excerpt.objects.filter(asked_by=person).values(
                "name", "start_ms", "end_ms", "shape", "state", "asked_at", "ready_at", "failed_at", **of_film)),
            "machine_captions_asked_for": list(Transcription.objects.filter(asked_by=person).values(
                "language", "asked_at", "finished_at", "outcome", **of_film)),
        }
    )  # fmt: skip


def forget(person: User) -> None:
    """Nobody who has films comes as far as this."""
    PlaceDay.objects.of(person).delete()


parts.register(parts.Part("videos", tell, forget))
