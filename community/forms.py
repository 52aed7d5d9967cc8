"""The shapes of a rating and of what a creator answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Rating
from .models.rating import ASPECTS, LONGEST_TEXT
from .models.reply import LONGEST_REPLY

STARS = [
    (5, _("5: excellent")), (4, _("4: good")), (3, _("3: all right")), (2, _("2: weak")), (1, _("1: poor")),
]  # fmt: skip


def _aspect(label: Any) -> forms.TypedChoiceField:
    choices = [("", _("Not rated")), *STARS]
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, empty_value=None, required=False)


class RatingForm(forms.Form):
    stars = forms.TypedChoiceField(
        label=_("Your rating"), choices=STARS, coerce=int, widget=forms.RadioSelect(attrs={"class": "stars-choice"})
    )
    text = forms.CharField(
        label=_("In words"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("What did it give you, and whom would you tell to take it? Everybody can read it."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    content = _aspect(ASPECTS["content"])
    clarity = _aspect(ASPECTS["clarity"])
    practice = _aspect(ASPECTS["practice"])
    is_named = forms.BooleanField(label=_("Show my name beside it"), required=False)
    revision = forms.IntegerField(min_value=0, max_value=1000, widget=forms.HiddenInput)

    @classmethod
    def of(cls, rating: Rating | None) -> "RatingForm":
        """Filled with what she has said."""
        if rating is None:
            return cls(initial={"is_named": True, "revision": 0})
        return cls(initial={name: getattr(rating, name) for name in cls.base_fields})


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Your answer to it"), max_length=LONGEST_REPLY, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    number = forms.IntegerField(min_value=0, max_value=1000, widget=forms.HiddenInput)
