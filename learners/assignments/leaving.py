"""What assignments tell of a person and forget. Her texts and files go; what she was marked, and the marks that she
gave to others, stay without a name: results of others were made of them.
"""

from pathlib import PurePath
from typing import Any

from django.core.files.base import File
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_valid_filename

from accounts.models import User
from learners.models import (
    Assessment,
    HandIn,
    HandInAppeal,
    HandInDraft,
    HandInFile,
    HandInRuling,
    PeerTurn,
    WorkHiding,
)
from marketplace.lib import links


def tell(person: User) -> dict[str, list[Any]]:
    course = {"course_slug": F("course__slug")}
    appeals = HandInAppeal.objects.filter(by=person)
    return {
        "hand_in_drafts": list(HandInDraft.objects.of(person).values("lesson_key", "text", "saved_at", **course)),
        "hand_ins": _hand_ins(person),
        "hand_in_files": [_file(row) for row in HandInFile.objects.filter(learner=person)],
        "assessments_of_my_work": list(Assessment.objects.filter(
            hand_in__learner=person, hand_in__handling__shown_at__isnull=False).values(
            "hand_in__lesson_key", "hand_in__number", "marks", "text", "given_at")),
        # Not how far hers were from the medians: with her own marks that tells a result, which no page shows her.
        "assessments_given": list(Assessment.objects.of(person).values(
            "hand_in__lesson_key", "marks", "text", "given_at")),
        "works_kept_back": list(WorkHiding.objects.filter(hand_in__learner=person).values(
            "hand_in__lesson_key", "hand_in__number", "rule_code", "reason", "hidden_at", "lifted_at", "lift_reason")),
        "reviews_taken": list(PeerTurn.objects.of(person).values("lesson_key", "taken_at", "due_at", "expired_at")),
        "appeals_answered": list(HandInRuling.objects.filter(by=person).values("marks", "text", "decided_at")),
        "hand_in_appeals": list(appeals.values("hand_in__lesson_key", "hand_in__number", "text", "made_at")),
    }  # fmt: skip


def _hand_ins(person: User) -> list[dict[str, Any]]:
    """What a work was worth from when its page shows it: before, she may owe reviews of others."""
    result = ("result__source", "result__points", "result__percent", "result__passed")
    rows = HandIn.objects.of(person).values(
        "lesson_key", "number", "text", "handed_in_at", "is_late", *result, "handling__shown_at", "appeal__text",
        "appeal__ruling__text", "appeal__ruling__percent", "appeal__ruling__passed", course_slug=F("course__slug"),
    )  # fmt: skip
    return [row if row["handling__shown_at"] else row | dict.fromkeys(result) for row in rows]


def files(person: User) -> dict[str, File]:
    """What she handed in, by its name in the record. What several works share lies there once."""
    return {name_of(row): row.file for row in HandInFile.objects.filter(learner=person)}


def name_of(row: HandInFile) -> str:
    """A folder a stored file: the names that she gave may be the same."""
    return f"works/{PurePath(str(row.file.name)).name}/{get_valid_filename(row.name)}"


def _file(row: HandInFile) -> dict[str, Any]:
    address = links.absolute(reverse("learners:hand_in_file", args=[row.key]))
    told = {"name": row.name, "size": row.size, "sha256": row.sha256, "added_at": row.added_at}
    return {**told, "address": address, "in_record": name_of(row)}


def forget(person: User) -> None:
    """Inside the deletion's transaction; the database lets these rows be blanked once the deletion stands."""
    now = timezone.now()
    PeerTurn.objects.of(person).expire(now)
    PeerTurn.objects.filter(author=person).expire(now)
    HandInFile.objects.filter(learner=person).remove()
    HandInDraft.objects.of(person).delete()
    HandIn.objects.forget(person)
    for rows in (Assessment.objects, HandInAppeal.objects, HandInRuling.objects):
        rows.forget(person)
