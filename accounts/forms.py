"""The shape of what people write about themselves."""

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.lib import fit_words

from .models import User


class SignUpFields(forms.Form):
    """What sign-up asks besides e-mail and password."""

    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "email", "password1"]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if refused := fit_words.refused({"name": name}):
            raise forms.ValidationError(refused["name"])
        return name

    def signup(self, request: object, user: User) -> None:
        """Asked for by allauth; the adapter has stored the name already."""


class SettingsForm(forms.ModelForm):
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=lambda: [(z, z) for z in sorted(available_timezones())])

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "currency"]
