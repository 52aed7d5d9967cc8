"""What the pages of staff are asked for: the shape of input, no rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import AuditEvent
from .models.audit import AuditEventQuerySet


class AuditFilterForm(forms.Form):
    who = forms.CharField(label=_("Person (e-mail)"), max_length=254, required=False)
    thing = forms.CharField(
        label=_("Object"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "courses.course:7"}),
    )
    verb = forms.CharField(
        label=_("Act"), max_length=60, required=False, widget=forms.TextInput(attrs={"placeholder": "payouts."})
    )
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    request_id = forms.CharField(label=_("Request"), max_length=64, required=False)

    @classmethod
    def found(cls, data: Any) -> tuple["AuditFilterForm", AuditEventQuerySet]:
        """The form as it was sent, and what it finds, newest first; nothing where a field is wrong."""
        form = cls(data)
        rows = AuditEvent.objects.select_related("actor").order_by("-at", "-pk")
        return form, rows.matching(**form.cleaned_data) if form.is_valid() else rows.none()


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)
