"""The shape of what a learner says of changes in her course."""

from typing import Any

from django import forms


class SeenForm(forms.Form):
    number = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    lesson_key = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return {**cleaned, "lesson_key": cleaned.get("lesson_key") or None}


class OutdatedForm(forms.Form):
    text = forms.CharField(max_length=300)
    lesson_key = forms.UUIDField(required=False)
