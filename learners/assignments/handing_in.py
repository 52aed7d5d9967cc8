"""Writing a work and handing it in. The draft is locked first, then the learner's meter, then the assignment's desk."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Lesson
from learners import completion
from learners.models import AssignmentDesk, HandIn, HandInDraft, HandInFile, WatchMeter
from learners.models.hand_in import LONGEST_TEXT
from marketplace.lib import fit_words
from marketplace.lib.errors import DomainError, NotAllowed

from . import notices, standing


class HandInClosed(DomainError):
    code = "hand_in_closed"
    message = _("Nothing can be handed in here now: a work is being reviewed, or has passed, or none is left.")


class NotYourAssignment(NotAllowed):
    code = "not_enrolled"
    message = _("Assignments are done by those who have the course, while it is open to them.")


@transaction.atomic
def open_draft(learner: User, lesson: Lesson) -> HandInDraft:
    """The learner's draft, locked; a new one begins with her last work. Raises HandInClosed, NotYourAssignment."""
    here = standing.of(learner, lesson)
    if here.enrollment is None:
        raise NotYourAssignment
    if not here.may_hand_in:
        raise HandInClosed
    opened = HandInDraft.objects.open(learner=learner, lesson=lesson)
    locked = HandInDraft.objects.select_for_update().filter(pk=opened.pk).first()
    if locked is None:
        raise HandInClosed
    return locked


@dataclass(frozen=True)
class Kept:
    """`refusals`: why files were not taken, each with its name, or why it was not handed in. `work`: what was."""

    refusals: list[str]
    work: HandIn | None = None


@transaction.atomic
def keep(
    learner: User,
    lesson: Lesson,
    *,
    text: str | None = None,
    uploads: Iterable[File] = (),
    remove: uuid.UUID | None = None,
    finish: bool = False,
) -> Kept:
    """Keep what is told in the draft; with `finish`, hand it in. Where a file or the work is refused, the rest stays.

    Raises HandInClosed, NotYourAssignment, ValidationError for a text that cannot be kept, Http404 for a file that is
    not there.
    """
    draft = open_draft(learner, lesson)
    _change(draft, lesson, text, remove)
    refusals = []
    for upload in uploads:
        try:
            _put_file(draft, lesson, upload)
        except ValidationError as error:
            refusals.append(f"{upload.name}: {' '.join(error.messages)}")
    if not finish or refusals:
        return Kept(refusals)
    try:
        with transaction.atomic():
            return Kept([], _finish(learner, lesson, draft))
    except ValidationError as error:
        return Kept(error.messages)


@transaction.atomic
def keep_text(learner: User, lesson: Lesson, text: str) -> HandInDraft:
    """Raises HandInClosed, NotYourAssignment, ValidationError."""
    draft = open_draft(learner, lesson)
    _put_text(draft, lesson, text)
    return draft


@transaction.atomic
def add_file(learner: User, lesson: Lesson, upload: File) -> HandInFile:
    """Raises HandInClosed, NotYourAssignment, ValidationError with what is wrong with the file."""
    return _put_file(open_draft(learner, lesson), lesson, upload)


@transaction.atomic
def remove_file(learner: User, lesson: Lesson, key: uuid.UUID) -> None:
    """Out of the draft. Raises HandInClosed, NotYourAssignment; Http404 when it is not there."""
    _change(open_draft(learner, lesson), lesson, None, key)


@transaction.atomic
def hand_in(learner: User, lesson: Lesson, text: str | None = None) -> HandIn:
    """The draft becomes a work that others look at; `text` is written into it first.

    Twice at once is as good as once: the second finds the door closed. Raises HandInClosed, NotYourAssignment,
    ValidationError when nothing is in it.
    """
    draft = open_draft(learner, lesson)
    _change(draft, lesson, text, None)
    return _finish(learner, lesson, draft)


def _finish(learner: User, lesson: Lesson, draft: HandInDraft) -> HandIn:
    """The draft is locked; then the meter, then the desk."""
    WatchMeter.objects.hold(learner.pk)
    AssignmentDesk.objects.hold(lesson.key)
    here = standing.of(learner, lesson)
    if here.enrollment is None or not here.may_hand_in:
        raise HandInClosed
    if not draft.text.strip() and not draft.files.exists():
        raise ValidationError({"text": _("There is nothing in it yet: write a text or add a file.")})
    fit_words.must_be_fit(text=draft.text)
    completion.touch(here.enrollment, lesson.key)
    made = HandIn.objects.record(draft, lesson, number=len(here.hand_ins) + 1, late=here.is_late)
    notices.handed_in(made)
    return made


def _change(draft: HandInDraft, lesson: Lesson, text: str | None, remove: uuid.UUID | None) -> None:
    if text is not None:
        _put_text(draft, lesson, text)
    if remove is not None:
        rows = draft.files.filter(key=remove)
        if not rows.exists():
            raise Http404
        HandInFile.objects.filter(draft=draft, key=remove).remove()


def _put_text(draft: HandInDraft, lesson: Lesson, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise ValidationError({"text": _("A text has at most 50,000 characters. Hand in a file instead.")})
    if not lesson.assigned.takes_text and text.strip():
        raise ValidationError({"text": _("Only files are handed in here.")})
    draft.take(text)


def _put_file(draft: HandInDraft, lesson: Lesson, upload: File) -> HandInFile:
    assignment = lesson.assigned
    if not assignment.takes_files:
        raise ValidationError({"file": _("Only a text is handed in here.")})
    if draft.files.count() >= assignment.most_files:
        raise ValidationError({"file": _("No more files: %(most)s at most.") % {"most": assignment.most_files}})
    return HandInFile.keep(draft, upload, assignment)
