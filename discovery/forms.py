"""What a person chooses about matching."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Category
from discovery.models import Taste

# One for each signal. Skills are those of her courses: without these there are none.
SWITCHES = ("uses_goals", "uses_history", "uses_skills", "uses_follows", "uses_language", "uses_popularity")


class GoalsForm(forms.Form):
    goals = forms.ModelMultipleChoiceField(
        Category.objects.all(),
        required=False,
        label=_("What do you want to learn?"),
        widget=forms.CheckboxSelectMultiple,
    )


class TasteForm(GoalsForm):
    uses_goals = forms.BooleanField(required=False, label=_("Use what I want to learn"))
    uses_history = forms.BooleanField(
        required=False,
        label=_("Use the courses that I have"),
        help_text=_("Courses that you have are left out in any case."),
    )
    uses_skills = forms.BooleanField(
        required=False,
        label=_("Use what my courses teach"),
        help_text=_("Only together with the courses that I have."),
    )
    uses_follows = forms.BooleanField(required=False, label=_("Use the creators that I follow"))
    uses_language = forms.BooleanField(required=False, label=_("Use my language"))
    uses_popularity = forms.BooleanField(required=False, label=_("Use how many people learn a course"))

    @classmethod
    def of(cls, learner: User, data: Any = None) -> "TasteForm":
        taste = Taste.objects.of(learner)
        shown = {name: getattr(taste, name) for name in SWITCHES}
        return cls(data, initial={**shown, "goals": taste.goal_ids()})

    def choose(self, learner: User) -> None:
        switches = {name: self.cleaned_data[name] for name in SWITCHES}
        Taste.objects.of(learner).choose(switches, list(self.cleaned_data["goals"]))
