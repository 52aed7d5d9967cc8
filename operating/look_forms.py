"""The shape of a look as an administrator says it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .models import Look
from .models.look import PICTURES, WORDS

_PICTURE = forms.FileInput(attrs={"accept": "image/png,image/webp,image/jpeg"})


class LookForm(forms.ModelForm):
    """An empty picture leaves the one that stands."""

    accent = forms.CharField(
        label=_("Accent color"),
        max_length=7,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "#c2361d", "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_("As # and six digits; empty: vermilion. White words must be readable on it."),
    )
    language = forms.ChoiceField(
        label=_("Language for browsers that ask for neither English nor Chinese"), choices=settings.LANGUAGES
    )
    logo = forms.FileField(
        label=_("Logo"), required=False, widget=_PICTURE, help_text=_("Beside the name, 35 pixels high.")
    )
    logo_dark = forms.FileField(
        label=_("Logo for dark pages"), required=False, widget=_PICTURE, help_text=_("Empty: the same logo.")
    )
    icon = forms.FileField(
        label=_("Icon of browser tabs"),
        required=False,
        widget=_PICTURE,
        help_text=_("A square; 180 pixels are enough."),
    )
    without_logo = forms.BooleanField(label=_("Take the logos away"), required=False)
    without_icon = forms.BooleanField(label=_("Take the icon away"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = Look
        fields = (*WORDS, "why")
        labels = {
            "name_en": _("Name in English"),
            "name_zh": _("Name in Chinese"),
            "tagline_en": _("Line below the name, in English"),
            "tagline_zh": _("Line below the name, in Chinese"),
            "logo_has_name": _("The name stands in the logo: do not write it beside"),
            "why": _("Why this change"),
        }

    def clean_accent(self) -> str:
        return str(self.cleaned_data["accent"]).strip().lower()

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WORDS}

    @property
    def pictures(self) -> dict[str, Any]:
        """Those that change: an upload, or None for one that is taken away."""
        told = {name: self.cleaned_data[name] for name in PICTURES if self.cleaned_data.get(name)}
        if self.cleaned_data["without_logo"]:
            told |= {"logo": None, "logo_dark": None}
        return told | ({"icon": None} if self.cleaned_data["without_icon"] else {})

    def _post_clean(self) -> None:
        """The row is looked at as a whole when it is kept; here the color is, so that it is said with the rest."""
        accent = self.cleaned_data.get("accent")
        if accent and "accent" not in self.errors:
            try:
                Look(accent=accent).clean()
            except forms.ValidationError as error:
                self.add_error(None, error)


class AgainForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    why = forms.CharField(label=_("Why"), max_length=300)
