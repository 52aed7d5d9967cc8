"""The shape of a note as the lesson's page sends it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models.note import LONGEST_TEXT

_CLOCK = re.compile(r"^(?:(\d{1,2}):)?(\d{1,4}):([0-5]\d)$|^(\d{1,5})$", re.ASCII)


class ClockField(forms.CharField):
    """A place in the film as people write it, 12:40, or whole seconds; empty: None, no place."""

    def clean(self, value: Any) -> Any:
        written = super().clean(value).strip()
        if not written:
            return None
        read = _CLOCK.match(written)
        if read is None:
            raise ValidationError(_("Write the place as 12:40."))
        hours, minutes, seconds, whole = read.groups()
        return int(whole) if whole else int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)


class NoteForm(forms.Form):
    at = ClockField(required=False, max_length=12)
    text = forms.CharField(required=False, max_length=LONGEST_TEXT, strip=False)

    @property
    def wish(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "at_s": self.cleaned_data["at"]}
