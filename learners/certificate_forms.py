"""The shape of asking for a certificate and of revoking one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import CertificateRevocation
from .models.certificate import LONGEST_NAME, cleaned_name


class AskForm(forms.Form):
    name = forms.CharField(
        label=_("Name on the certificate"),
        max_length=LONGEST_NAME,
        help_text=_("It is printed as you write it, and cannot be changed afterwards. You can hide it at any time."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        return cleaned_name(self.cleaned_data["name"])


class RevokeForm(forms.Form):
    cause = forms.ChoiceField(label=_("What for"), choices=CertificateRevocation.Cause.choices)
    reason = forms.CharField(
        label=_("In words"),
        max_length=600,
        help_text=_("The holder gets it by mail. It is not public."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
