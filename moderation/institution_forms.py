"""The shape of a decision about an institution."""

from django import forms

from creators.models import Verification


class VerificationForm(forms.ModelForm):
    class Meta:
        model = Verification
        fields = ["verdict", "checked", "link"]
        widgets = {"checked": forms.Textarea(attrs={"rows": 4})}
