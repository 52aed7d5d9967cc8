"""The shape of a community reviewer's vote."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models.community import Verdict


class VoteForm(forms.Form):
    verdict = forms.ChoiceField(label=_("What do you say?"), choices=Verdict.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Why"),
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the moderator, without your name."),
    )
