"""The shape of a weekly goal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models.goal import LEAST, MOST


class GoalForm(forms.Form):
    minutes = forms.IntegerField(
        label=_("Minutes of film a week"),
        min_value=LEAST,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
