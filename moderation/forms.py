"""The shape of what moderators write."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courses.models import Decision, Version

from . import rubric, rulebook

# Rows for a second finding under a rule that has one already.
SPARE_FINDINGS = 3


def seconds_of(text: str) -> int:
    """ "1:15" or "75" as 75. Raises ValidationError."""
    if not re.fullmatch(r"\d{1,5}(:[0-5]?\d){0,2}", text):
        raise ValidationError(_("Write a place in the film like 1:15."))
    seconds = 0
    for part in text.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds


class WhenFoundField(forms.CharField):
    """Asked for by a finding, and empty where the rule holds: it is not called optional."""

    def validate(self, value: Any) -> None:
        """`FindingForm.clean` says when it must be there."""


class FindingForm(forms.Form):
    """The judgment of one rule, or one more finding."""

    use_required_attribute = False

    rule_code = forms.ChoiceField(
        label=_("Rule"),
        required=False,
        choices=lambda: [("", _("Choose a rule")), *rulebook.choices(rubric.current().rules)],
    )
    verdict = forms.ChoiceField(
        label=_("Judgment"),
        required=False,
        choices=[("holds", _("Holds")), ("finding", _("Finding"))],
        widget=forms.RadioSelect,
    )
    lesson_key = forms.ChoiceField(label=_("Lesson"), required=False)
    at_second = forms.CharField(
        label=_("At"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"placeholder": "1:15", "inputmode": "numeric", "autocomplete": "off"}),
    )
    text = WhenFoundField(label=_("What is to mend"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, lessons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lesson_key"].choices = [("", _("The course as a whole")), *lessons]  # type: ignore[attr-defined]

    def clean_at_second(self) -> int | None:
        text = self.cleaned_data["at_second"].strip().replace("：", ":")
        return seconds_of(text) if text else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_finding and not cleaned.get("text"):
            raise ValidationError({"text": _("Say what the creator should mend.")})
        if self.is_finding and not cleaned.get("rule_code"):
            raise ValidationError({"rule_code": _("Choose the rule that this is about.")})
        return cleaned

    @property
    def is_finding(self) -> bool:
        cleaned = self.cleaned_data
        return cleaned.get("verdict") == "finding" or (not cleaned.get("verdict") and bool(cleaned.get("text")))

    @property
    def rule(self) -> Any:
        code, asked = self["rule_code"].value(), rubric.current()
        return asked.rule(code) if code in asked.codes else None

    @property
    def finding(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "rule_code": cleaned["rule_code"],
            "lesson_key": cleaned["lesson_key"] or None,
            "at_second": cleaned["at_second"],
            "text": cleaned["text"],
        }


class FindingFormSet(forms.BaseFormSet):
    """One form a rule of the rubric, then a few spare ones."""

    rubric: rubric.Rubric

    @property
    def rules(self) -> list[FindingForm]:
        return self.forms[: len(self.rubric.rules)]

    @property
    def spare(self) -> list[FindingForm]:
        return self.forms[len(self.rubric.rules) :]

    @property
    def findings(self) -> list[dict[str, Any]]:
        return [form.finding for form in self.forms if form.is_finding]

    @property
    def all_hold(self) -> bool:
        held = [form.cleaned_data["rule_code"] for form in self.rules if form.cleaned_data.get("verdict") == "holds"]
        return self.rubric.is_held_whole(held) and not self.findings


_MakeFormSet = forms.formset_factory(FindingForm, formset=FindingFormSet, extra=0, max_num=40, absolute_max=40)


class ReviewForm(forms.Form):
    """The decision: a sentence to the creator, and the judgment of each rule in `findings`."""

    reason = forms.CharField(
        label=_("To the creator"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "data-key": "r"}),
        help_text=_("The findings follow below it in the mail."),
    )

    def __init__(self, version: Version, data: Any = None) -> None:
        super().__init__(data)
        lessons = [(str(lesson.key), lesson.title) for lesson in version.lessons.in_order()]
        asked = rubric.current()
        blank = [{"rule_code": rule.code} for rule in asked.rules] + [{} for _spare in range(SPARE_FINDINGS)]
        self.findings = _MakeFormSet(data, initial=blank, prefix="findings", form_kwargs={"lessons": lessons})
        self.findings.rubric = asked

    def is_valid_for(self, verdict: str) -> bool:
        """Approving needs every rule judged to hold; sending back needs something said."""
        if not (self.is_valid() & self.findings.is_valid()):
            return False
        if verdict == "approve" and not self.findings.all_hold:
            self.add_error(None, rubric.JUDGE_ALL)
        if verdict == "return" and not (self.findings.findings or self.cleaned_data["reason"].strip()):
            self.add_error("reason", _("Say what the creator should mend."))
        return not self.errors


class SecondLookForm(ReviewForm):
    """The second reader's answer; nobody is written to by it, so its reason may be left out."""

    def __init__(self, version: Version, data: Any = None) -> None:
        super().__init__(version, data)
        reason = self.fields["reason"]
        reason.label, reason.help_text = _("In your own words"), _("For the team; the creator does not read it.")

    def is_valid_answer(self) -> bool:
        verdict = self.data.get("verdict", "")
        if not self.is_valid_for(verdict):
            return False
        if verdict not in Decision.Verdict.values:
            self.add_error(None, _("Say what you would have decided."))
        elif verdict == Decision.Verdict.RETURN and not self.findings.findings:
            self.add_error(None, _("Name at least one rule that does not hold."))
        return not self.errors

    @property
    def answer(self) -> dict[str, Any]:
        """What `second_looks.answer` takes."""
        return {
            "verdict": self.data["verdict"],
            "reason": self.cleaned_data["reason"],
            "findings": self.findings.findings,
        }


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("It stays on record.")
    )
