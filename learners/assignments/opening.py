"""Who may open a work and its files: its maker, its creator, and the peer who has it before her."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from learners.models import HandIn, HandInFile, PeerTurn


@dataclass(frozen=True)
class Opened:
    """A file with the name under which this reader gets it: peers learn nothing from a name."""

    row: HandInFile
    name: str


def file(reader: Any, key: uuid.UUID) -> Opened | None:
    """None when it is not this reader's business."""
    row = HandInFile.objects.filter(key=key).select_related("hand_in__course__creator").first()
    if row is None:
        return None
    if row.learner_id == reader.pk or (row.hand_in is not None and is_creator(reader, row.hand_in)):
        return Opened(row, row.name)
    if row.hand_in is None or not _is_before(reader, row.hand_in):
        return None
    number = [each.pk for each in row.hand_in.files.all()].index(row.pk) + 1
    return Opened(row, f"{number}.{row.ending}")


def is_creator(reader: Any, work: HandIn) -> bool:
    return work.course.creator.user_id == reader.pk


def _is_before(reader: Any, work: HandIn) -> bool:
    turns = PeerTurn.objects.of(reader).live().filter(hand_in=work, due_at__gt=timezone.now())
    return turns.exists()
