"""The shape of a turn of a switch."""

from django import forms
from django.utils.translation import gettext_lazy as _

ON, OFF = "on", "off"


class TurnForm(forms.Form):
    to = forms.ChoiceField(choices=[(ON, ON), (OFF, OFF)], widget=forms.HiddenInput)
    why = forms.CharField(label=_("Why"), max_length=300)
