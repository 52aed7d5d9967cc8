"""The shape of what a creator answers to findings: one pair of fields a finding."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Finding
from .models.finding_answer import ANSWER_LENGTH


class AnswerForm(forms.Form):
    is_mended = forms.TypedChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Mended")), ("no", _("I leave it as it is"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Answer each finding before you submit again.")},
    )
    text = forms.CharField(
        label=_("How, or why not"), required=False, max_length=ANSWER_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, finding: Finding, data: Any = None) -> None:
        super().__init__(data, prefix=f"answer-{finding.pk}")
        self.finding = finding

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("is_mended") is False and not told.get("text", "").strip():
            self.add_error("text", _("Say why you left it as it is."))
        return told


class AnswerForms:
    """One form for each finding that waits for an answer."""

    def __init__(self, findings: Iterable[Finding], data: Any = None) -> None:
        self.forms = [AnswerForm(finding, data) for finding in findings]

    def __iter__(self) -> Any:
        return iter(self.forms)

    def is_valid(self) -> bool:
        """Each is looked at, so that each says what is wrong with it."""
        return min((form.is_valid() for form in self.forms), default=True)

    @property
    def told(self) -> list[dict[str, Any]]:
        """What `resubmitting.submit` takes; only of forms that are valid."""
        return [{"finding": form.finding.pk, **form.cleaned_data} for form in self.forms]
