"""The shape of a page as an administrator writes it, and of its publishing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import PageVersion
from .models.page import MOST_PLACES, WORDS, must_be_free

TALL = {"rows": 18}


class PageForm(forms.ModelForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = PageVersion
        fields = (*WORDS, "why")
        labels = {
            "title_en": _("Title in English"),
            "title_zh": _("Title in Chinese"),
            "text_en": _("Text in English"),
            "text_zh": _("Text in Chinese"),
            "why": _("Why this change"),
        }
        help_texts = {
            "text_en": _(
                "Markdown: ## for headings, - for lists, [words](https://…) for links. HTML is shown as it is."
            ),
            "why": _("It stays on record, with your name. Readers do not see it."),
        }
        widgets = {"text_en": forms.Textarea(attrs=TALL), "text_zh": forms.Textarea(attrs=TALL)}

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in WORDS}

    def _post_clean(self) -> None:
        """The row is looked at as a whole when it is written; here the fields are."""
        self.instance = PageVersion(**{name: self.cleaned_data.get(name, "") for name in WORDS})
        try:
            self.instance.clean()
        except forms.ValidationError as error:
            if not self.errors:
                self.add_error(None, error)


class NewPageForm(PageForm):
    slug = forms.CharField(
        label=_("Address"),
        max_length=60,
        help_text=_("Below /pages/, for good: terms, privacy and imprint are linked by these names."),
    )
    field_order = ["slug"]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].strip().lower()
        try:
            must_be_free(slug)
        except forms.ValidationError as error:
            raise forms.ValidationError(error.message_dict["slug"]) from None
        return slug


class Beside(forms.Form):
    """A form that stands beside another one, and so needs ids of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{type(self).__name__.lower()}_%s", **kwargs})

    @property
    def told(self) -> dict[str, Any]:
        """What the act takes; only of a form that is valid."""
        return self.cleaned_data


class PublishPageForm(Beside):
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    in_foot = forms.BooleanField(label=_("In the foot of every page"), required=False)
    place = forms.IntegerField(
        label=_("Place in the foot"),
        min_value=0,
        max_value=MOST_PLACES,
        initial=0,
        required=False,
        help_text=_("Smaller numbers stand before."),
    )
    why = forms.CharField(
        label=_("What changes for readers"),
        max_length=300,
        help_text=_("Shown beside the version, in its list of versions."),
    )

    @property
    def told(self) -> dict[str, Any]:
        return {**self.cleaned_data, "place": self.cleaned_data["place"] or 0}


class WithdrawPageForm(Beside):
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    why = forms.CharField(label=_("Why"), max_length=300)
