"""The shape of what an administrator asks for when films are to be converted anew."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import Remaking, Video

MOST_LISTED = 1_000
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class RemakingForm(forms.Form):
    films = forms.ChoiceField(label=_("Which films"), choices=Remaking.Films.choices)
    listed = forms.CharField(
        label=_("Their ids"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, for a list: the data page of a film shows its id."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("It stays on record.")
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told["listed"] = films_listed(told.get("films"), told.get("listed", "").split())
        return told


def films_listed(films: str | None, ids: list[str]) -> list[str]:
    """The ids of a list, each of a film that plays. Raises ValidationError for `listed`."""
    if films != Remaking.Films.LIST:
        return []
    asked = {each.lower() for each in ids}
    if not asked or len(asked) > MOST_LISTED:
        raise ValidationError({"listed": _("Name one film at least, and 1,000 at most.")})
    known = {each for each in asked if _ID.fullmatch(each)}
    found = {str(pk) for pk in Video.objects.ready().kept().filter(pk__in=known).values_list("pk", flat=True)}
    if missing := sorted(asked - found):
        text = _("No film that plays has this id: %(ids)s") % {"ids": ", ".join(missing[:5])}
        raise ValidationError({"listed": text})
    return sorted(found)
