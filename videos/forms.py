"""What a creator fills in about a film's captions and chapters."""

from babel import Locale
from django import forms
from django.utils.translation import gettext_lazy as _

CODES = "en zh-Hans zh-Hant es fr de pt it nl pl ru uk tr ar he hi id vi th ja ko"
LANGUAGES = [(code, Locale.parse(code, sep="-").get_display_name().capitalize()) for code in CODES.split()]


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name of the film"), max_length=200)


class CaptionForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    file = forms.FileField(
        label=_("Captions file"),
        help_text=_("SRT, WebVTT or ASS, up to 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".srt,.vtt,.ass,.ssa"}),
    )


class ChaptersForm(forms.Form):
    chapters = forms.CharField(
        label=_("Chapters"), required=False, max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "true", "placeholder": _("0:00 Beginning")}),
        help_text=_("A line each: the time at which it begins, then its title. Empty: no chapters."),
    )  # fmt: skip
