"""The shape of a measure, and of a report."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from . import rulebook
from .forms import seconds_of
from .measures import wish as wishes
from .measures.wish import Wish
from .models import Case, Measure
from .targets import Target

DISMISS = Measure.Action.DISMISS


class MeasureForm(forms.Form):
    """What is to be done to a thing, under which rule, and why."""

    action = forms.ChoiceField(label=_("What is done"), widget=forms.RadioSelect(attrs={"data-begin": ""}))
    rule_code = forms.ChoiceField(
        label=_("Rule"), required=False, help_text=_("Not asked for where nothing is broken.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-key": "r"}),
        help_text=_("Whoever it is about reads this, and everybody in the public log: name the place, and no person."),
    )
    days = forms.IntegerField(
        label=_("For how many days"),
        required=False,
        min_value=1,
        max_value=wishes.MOST_DAYS,
        help_text=_("Empty: until somebody takes it back. Warnings and refunds have no end."),
    )
    is_bad_faith = forms.BooleanField(
        label=_("The reports were made in bad faith"),
        required=False,
        help_text=_("Only with “Nothing broken”. Those who made them weigh less from now on."),
    )

    def __init__(self, target: Target, *, by: Any = None, case: Case | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target, self.case = target, case
        self.fields["action"].choices = wishes.possible(target, in_case=case is not None, by=by)  # type: ignore[attr-defined]
        rules = rulebook.choices(rulebook.book().for_target(target.ruled_as))
        self.fields["rule_code"].choices = [("", _("Choose a rule")), *rules]  # type: ignore[attr-defined]
        if case is None:
            del self.fields["is_bad_faith"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        is_dismissal = told.get("action") == DISMISS
        if told.get("action") and not is_dismissal and not told.get("rule_code"):
            raise ValidationError({"rule_code": _("Choose the rule that is broken.")})
        if told.get("action") == Measure.Action.MUTE and not told.get("days"):
            raise ValidationError({"days": wishes.DaysNeeded.message})
        if told.get("is_bad_faith") and not is_dismissal:
            raise ValidationError({"is_bad_faith": _("Reports that were right were not made in bad faith.")})
        return told

    @property
    def wish(self) -> Wish:
        """Only of a form that is valid."""
        told = self.cleaned_data
        is_dismissal = told["action"] == DISMISS
        return Wish(
            action=told["action"], target=self.target, reason=told["reason"], case=self.case,
            rule=None if is_dismissal else rulebook.book().rule(told["rule_code"]),
            days=None if is_dismissal else told["days"], is_bad_faith=told.get("is_bad_faith", False),
        )  # fmt: skip

    @staticmethod
    def carried(data: QueryDict) -> list[tuple[str, str]]:
        """What the confirmation posts again."""
        names = ("action", "rule_code", "reason", "days", "is_bad_faith", "case")
        return [(name, value) for name in names for value in data.getlist(name)]


class ReportForm(forms.Form):
    """What somebody says is wrong with a thing."""

    rule_code = forms.ChoiceField(label=_("What is wrong"), widget=forms.RadioSelect)
    at_second = forms.CharField(
        label=_("At"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"placeholder": "1:15", "inputmode": "numeric", "autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What a moderator should look at. The creator does not learn who reported."),
    )

    def __init__(self, target: Target, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        rules = rulebook.book().for_target(target.ruled_as)
        self.fields["rule_code"].choices = rulebook.choices(rules)  # type: ignore[attr-defined]
        if target.kind != "lesson":
            del self.fields["at_second"]

    def clean_at_second(self) -> int | None:
        text = self.cleaned_data["at_second"].strip().replace("：", ":")
        return seconds_of(text) if text else None
