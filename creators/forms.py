"""The shape of what a creator says about herself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from . import countries
from .models import Creator


class CreatorForm(forms.ModelForm):
    country = forms.ChoiceField(
        label=_("Country"), choices=countries.choices, required=False, help_text=_("Where you are paid. Not shown.")
    )
    portrait = forms.FileField(
        label=_("Portrait"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP up to 10 MB. We crop it to a square."),
    )

    class Meta:
        model = Creator
        fields = ["name", "headline", "bio", "portrait", "country"]
        labels = {"name": _("Name that learners see"), "headline": _("Headline"), "bio": _("About you")}
        help_texts = {
            "name": _("Yours, or that of your studio or school."),
            "headline": _("One line: what you do, and for how long."),
            "bio": _("What you have made, and why you teach it. Markdown is welcome."),
        }
        widgets = {"bio": forms.Textarea(attrs={"rows": 8})}
