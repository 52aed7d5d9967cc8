"""The shape of a listed word."""

import hashlib
import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import rulebook
from .models import ListedWord
from .words.finding import REFUSE, Finder, Listed

MOST_WORDS_SHOWN = 100


def _rules() -> list[tuple[str, Any]]:
    return [("", "—"), *rulebook.choices(rulebook.book().rules)]


class WordForm(forms.ModelForm):
    rule_code = forms.ChoiceField(
        label=_("Rule"), choices=_rules, required=False, help_text=_("Which it breaks. Innocent words break none.")
    )
    # Says what was previewed: a word that is changed afterwards is previewed again.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = ListedWord
        fields = ["text", "language", "severity", "rule_code", "reason", "is_part", "by_sound"]
        help_texts = {
            "is_part": _("“Class” has “ass” in it: choose this only where no innocent word does."),
            "by_sound": _("For words of three Chinese signs and more, or of rare ones."),
        }

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        is_innocent = told.get("severity") == ListedWord.Severity.INNOCENT
        if is_innocent:
            told["rule_code"] = ""
        elif not told.get("rule_code"):
            self.add_error("rule_code", _("Name the rule that it breaks."))
        if told.get("text"):
            must_be_found(told["text"])
        return told

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    @property
    def stamp(self) -> str:
        return hashlib.sha256(json.dumps(self.facts, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def was_seen(self) -> bool:
        return self.cleaned_data["seen"] == self.stamp


def must_be_found(text: str) -> None:
    """Raises ValidationError where a list could never find this: a single letter, or marks alone."""
    if len([sign for sign in text if sign.isalnum()]) < 2 or not Finder([Listed(1, text, REFUSE, "", "")]).hits(text):
        raise ValidationError({"text": _("This cannot be looked for. Write two letters or signs at least.")})


class WithdrawWordForm(forms.Form):
    reason = forms.CharField(label=_("Why it is withdrawn"), max_length=300)


class FindWordForm(forms.Form):
    q = forms.CharField(label=_("Word"), required=False, max_length=60)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("all")), *ListedWord.Language.choices]
    )
    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=[("", _("all")), *ListedWord.Severity.choices]
    )

    def of(self, rows: Any) -> Any:
        """The rows that fit; what cannot be read filters nothing."""
        told = self.cleaned_data if self.is_valid() else {}
        if told.get("q"):
            rows = rows.filter(text__icontains=told["q"])
        for name in ("language", "severity"):
            if told.get(name):
                rows = rows.filter(**{name: told[name]})
        return rows
