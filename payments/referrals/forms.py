"""Forms of links: the shape of input, no rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Course

from ..models import Referral


class ReferralForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Where it leads"), choices=Referral.Kind.choices, widget=forms.RadioSelect, initial=Referral.Kind.OWN
    )
    course = forms.ModelChoiceField(
        label=_("Only to this course"), queryset=Course.objects.on_sale().select_related("creator"),
        to_field_name="slug", required=False,
        help_text=_("The last part of the course's address. Empty: to all."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid_choice": _("There is no course of this address on sale.")},
    )  # fmt: skip
    label = forms.CharField(
        label=_("Name"), max_length=60, required=False, help_text=_("For yourself: where you use it.")
    )
