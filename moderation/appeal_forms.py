"""The shape of an appeal and of its answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import AppealAnswer


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("Why the decision is wrong"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("You can appeal once. Another person reads it, who has not decided before."),
    )


class AppealAnswerForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Answer"),
        choices=AppealAnswer.Verdict.choices,
        widget=forms.RadioSelect(attrs={"data-begin": ""}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whoever it is about reads this, and everybody in the public log: name the place, and no person."),
    )


class FlagAnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your word on it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Once, and only moderators read it."),
    )
