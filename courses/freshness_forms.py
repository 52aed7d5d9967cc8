"""The shape of what a creator says of her course's freshness."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Course
from .models.check import SUBJECT_LENGTH, VERSION_LENGTH


class CheckForm(forms.Form):
    subject = forms.CharField(
        label=_("Checked with"),
        max_length=SUBJECT_LENGTH,
        help_text=_("A program, a standard, a law: Django, HTML, the exam of 2026."),
    )
    version = forms.CharField(label=_("Its version"), max_length=VERSION_LENGTH, required=False)
    checked_on = forms.DateField(
        label=_("On"), initial=timezone.localdate, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ReminderForm(forms.Form):
    after_days = forms.TypedChoiceField(
        label=_("Remind me"),
        choices=[
            ("90", _("after three months")), ("180", _("after half a year")), ("365", _("after a year")),
            ("0", _("never")),
        ],
        coerce=lambda text: int(text) or None,
        empty_value=None,
        help_text=_("By mail, when there was neither a check nor a new version for so long."),
    )  # fmt: skip

    @classmethod
    def of(cls, course: Course) -> "ReminderForm":
        return cls(initial={"after_days": str(course.remind_after_days or 0)})
