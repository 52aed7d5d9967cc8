"""The shape of what an administrator says about a creator's space."""

from django import forms
from django.utils.translation import gettext_lazy as _

from videos.models.space import MOST_GB


class SpaceForm(forms.Form):
    gigabytes = forms.IntegerField(label=_("Gigabytes"), min_value=1, max_value=MOST_GB)
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("It stays on record.")
    )
