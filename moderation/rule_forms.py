"""The shape of a rule's wording and of what is said about it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import rulebook, targets
from .models import RuleVersion

LINES = {"rows": 4}


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Your comment"),
        max_length=2000,
        widget=forms.Textarea(attrs=LINES),
        help_text=_("Read by the people who decide on the rules. It is not published."),
    )


class WithdrawRuleForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=500)


class WordingForm(forms.Form):
    """A whole wording in both languages. Examples are lines that begin with + (fits the rule) or - (breaks it)."""

    code = forms.SlugField(
        label=pgettext_lazy("of a rule", "Code"),
        max_length=40,
        help_text=_("Of the rule that changes, or a new one. Decisions name it."),
    )
    in_force_at = forms.DateTimeField(
        label=_("In force from"),
        help_text=_("14 days from now at the earliest: until then it can be commented on."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    area = forms.ChoiceField(label=_("Area"), choices=RuleVersion.Area.choices)
    severity = forms.TypedChoiceField(label=_("Severity"), choices=RuleVersion.Severity.choices, coerce=int)
    applies_to = forms.MultipleChoiceField(
        label=_("It is about"), choices=lambda: targets.choices(), widget=forms.CheckboxSelectMultiple
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=120)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=120)
    text_en = forms.CharField(label=_("Text in English"), max_length=2000, widget=forms.Textarea(attrs=LINES))
    text_zh = forms.CharField(label=_("Text in Chinese"), max_length=2000, widget=forms.Textarea(attrs=LINES))
    examples_en = forms.CharField(
        label=_("Examples in English"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs=LINES),
        help_text=_("One a line: “- ” before what breaks the rule, “+ ” before what does not."),
    )
    examples_zh = forms.CharField(
        label=_("Examples in Chinese"), max_length=3000, required=False, widget=forms.Textarea(attrs=LINES)
    )
    why_en = forms.CharField(label=_("Why, in English"), max_length=500)
    why_zh = forms.CharField(label=_("Why, in Chinese"), max_length=500)
    is_reviewed = forms.BooleanField(label=_("Asked for before a course is published"), required=False)
    ends_access = forms.BooleanField(
        label=_("A course that breaks it is taken from its learners too, with their money back"), required=False
    )
    is_end = forms.BooleanField(label=_("The rule ends on that day"), required=False)

    @classmethod
    def words_of(cls, rule: RuleVersion) -> dict[str, object]:
        """A wording as this form's initial values."""
        names = set(cls.base_fields) - {"in_force_at", "examples_en", "examples_zh", "why_en", "why_zh"}
        return {
            **{name: getattr(rule, name) for name in names},
            "examples_en": _lines(rule.examples, "en"),
            "examples_zh": _lines(rule.examples, "zh"),
        }

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        english, chinese = (_examples(told.get(f"examples_{language}", "")) for language in ("en", "zh"))
        if [breaks for breaks, _text in english] != [breaks for breaks, _text in chinese]:
            raise ValidationError({"examples_zh": _("Give the same examples in both languages, in the same order.")})
        told["examples"] = [
            {"breaks": breaks, "en": en, "zh": zh}
            for (breaks, en), (_same, zh) in zip(english, chinese, strict=True)
        ]  # fmt: skip
        return told

    @property
    def announced(self) -> dict[str, Any]:
        """What `rulebook.announce` takes; only of a form that is valid."""
        told = dict(self.cleaned_data)
        code, in_force_at = told.pop("code"), told.pop("in_force_at")
        words = {name: value for name, value in told.items() if name not in ("examples_en", "examples_zh")}
        words["about"] = _about(code)
        return {"code": code, "in_force_at": in_force_at, "words": words}


def _about(code: str) -> str:
    now = rulebook.book().wording(code, None)
    return now.about if now else "lesson"


def _lines(examples: list[dict[str, Any]], language: str) -> str:
    return "\n".join(f"{'-' if each['breaks'] else '+'} {each[language]}" for each in examples)


def _examples(text: str) -> list[tuple[bool, str]]:
    """Lines as (breaks the rule, words)."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any(line[0] not in "+-" or not line[1:].strip() for line in lines):
        raise ValidationError({"examples_en": _("Begin each example with “- ” or “+ ”.")})
    return [(line[0] == "-", line[1:].strip()) for line in lines]
