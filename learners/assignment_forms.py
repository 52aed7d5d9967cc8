"""The shape of marks and words about a work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.assignments.shape import Assignment, Criterion
from courses.forms import DraftCharField


class MarksForm(forms.Form):
    """One choice a criterion, by `m-` and its id. What must be chosen is the rule's business, not the form's."""

    use_required_attribute = False
    text = DraftCharField(
        label=_("For its maker"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What is good, and what to do better next time. At least 20 characters."),
    )

    def __init__(self, assignment: Assignment, data: Any = None) -> None:
        super().__init__(data)
        self.criteria = [Asked(each, data.get(f"m-{each.id}", "") if data else "") for each in assignment.criteria]

    @property
    def marks(self) -> dict[str, str]:
        return {each.criterion.id: each.chosen for each in self.criteria}


class Asked:
    """A criterion as it is asked, with what was chosen before an error."""

    def __init__(self, criterion: Criterion, chosen: str) -> None:
        self.criterion = criterion
        self.chosen = chosen
        self.field = f"m-{criterion.id}"
