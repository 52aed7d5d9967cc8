"""Saving a form of the studio so that nothing written is lost: what is wrong, or newer elsewhere, is said beside it."""

from collections.abc import Callable

from django.core.exceptions import ValidationError

from courses.forms import DraftForm
from courses.models.version import EditedElsewhere

SAVED = 302


def status_of(form: DraftForm, save: Callable[[], None]) -> int:
    """302 when `save` was called and took it; 422 with errors in the form; 409 after an edit of another window: then
    the form carries the present revision, so that sending it again is on purpose.
    """
    if not form.is_valid():
        return 422
    try:
        save()
    except ValidationError as error:
        form.add_error(None, error)
        return 422
    except EditedElsewhere as refusal:
        form.offer_overwrite(refusal.facts["revision"])
        return refusal.status
    return SAVED
