"""What the two queues are narrowed by: the shape of it, and nothing else."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models.course import Language

from . import rulebook, targets
from .models import RuleVersion

PROMISES = [("", _("Promise")), ("late", _("Promise broken")), ("soon", _("Due soon")), ("kept", _("In time"))]


def _claims() -> list[tuple[str, Any]]:
    """Nobody, oneself, or one of the moderators."""
    people = [(str(person.pk), str(person)) for person in User.objects.with_role("moderator")]
    return [("", _("Claimed or not")), ("free", _("Free to take")), ("mine", _("Mine")), *people]


def _severity() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("Severity"), required=False, coerce=int, empty_value=None,
        choices=[("", _("Any severity")), *RuleVersion.Severity.choices],
    )  # fmt: skip


def _rule(label: Any) -> forms.ChoiceField:
    rules: Any = lambda: [("", _("Any rule")), *rulebook.choices(rulebook.book().rules)]  # noqa: E731
    return forms.ChoiceField(label=label, required=False, choices=rules)


class QueueFilterForm(forms.Form):
    """Unknown values filter nothing: an address that somebody kept still opens the queue."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All languages")), *Language.choices]
    )
    age = forms.ChoiceField(
        label=_("Age"),
        required=False,
        choices=[("", _("Any age")), ("day", _("Under a day")), ("week", _("A day to a week")), ("old", _("Older"))],
    )
    promise = forms.ChoiceField(label=_("Promise"), required=False, choices=PROMISES)
    claim = forms.ChoiceField(label=_("Claimed by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["claim"].choices = _claims()  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else {}


class FilterForm(QueueFilterForm):
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("New and updated")), ("new", _("New courses")), ("update", _("New versions"))],
    )
    signs = forms.ChoiceField(
        label=_("What the machine found"),
        required=False,
        choices=[
            ("", _("Found by the machine or not")), ("twin", _("In another creator's film")),
            ("film", _("Something in a film")),
            ("selling", _("Words that lead away to buy")), ("none", _("Nothing found")),
        ],
    )  # fmt: skip
    severity = _severity()
    rule = _rule(_("Sent back under"))
    field_order = ["kind", "signs", "severity", "rule"]


class CaseFilterForm(QueueFilterForm):
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=lambda: [("", _("All kinds")), *targets.KINDS.items()]
    )
    severity = _severity()
    rule = _rule(_("Rule"))
    advice = forms.ChoiceField(
        label=_("Community reviewers"),
        required=False,
        choices=[
            ("", _("With advice or without")), ("fine", _("All say: in order")),
            ("breaks", _("All say: it breaks a rule")), ("split", _("They do not agree")), ("none", _("No advice yet")),
        ],
    )  # fmt: skip
    field_order = ["kind", "severity", "rule", "advice"]
