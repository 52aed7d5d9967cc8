"""The sentences of a mail as a form: one field each, empty for the words that it comes with."""

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import mail_kinds
from .mail_kinds import LONGEST, Told


def field_of(key: str) -> str:
    """The name of a sentence's field."""
    return "s" + hashlib.sha256(key.encode()).hexdigest()[:16]


class MailForm(forms.Form):
    """Made in the language of the mail: labels are its sentences as they come."""

    why = forms.CharField(label=_("Why this change"), max_length=300, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.told: dict[str, Told] = {field_of(each.sentence.key): each for each in mail_kinds.said(kind)}
        for name, each in self.told.items():
            rows = 1 if each.is_subject else 3
            widget = forms.Textarea(attrs={"rows": rows, "placeholder": each.sentence.original})
            self.fields[name] = forms.CharField(
                label=each.sentence.original, max_length=LONGEST, required=False, widget=widget
            )

    @property
    def words(self) -> dict[str, str]:
        """By the sentences' keys, those that were written; only of a form whose fields are in order."""
        found = {each.sentence.key: self.cleaned_data.get(name, "") for name, each in self.told.items()}
        return {key: text.replace("\r\n", "\n").replace("\r", "\n") for key, text in found.items() if text}

    def blame(self, problems: dict[str, list[str]]) -> None:
        """What `must_fit` found, each at its field."""
        for key, found in problems.items():
            self.add_error(field_of(key), found)

    @property
    def rows(self) -> list[tuple[Any, Told]]:
        return [(self[name], each) for name, each in self.told.items()]
