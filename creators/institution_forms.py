"""The shape of what members write about their institution."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Institution, Membership


class InstitutionForm(forms.ModelForm):
    class Meta:
        model = Institution
        fields = Institution.FIELDS
        widgets = {"about": forms.Textarea(attrs={"rows": 5})}

    def _post_clean(self) -> None:
        """The row is looked at by its own verb."""


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices, initial=Membership.Role.EDITOR)
