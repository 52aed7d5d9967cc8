"""What finance says when it closes a month: the shape of input, no rules."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .closing.page import Month


class CloseMonthForm(forms.Form):
    note = forms.CharField(
        label=pgettext_lazy("books", "Note"),
        max_length=500,
        required=False,
        help_text=_("For whoever reads the books later."),
    )
    reason = forms.CharField(
        label=_("Why it is closed although something does not fit"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    @classmethod
    def of(cls, shown: Month) -> "CloseMonthForm":
        """With a field for the reason only where one is needed."""
        form = cls()
        if not shown.needs_reason:
            del form.fields["reason"]
        else:
            form.fields["reason"].required = True
        return form
