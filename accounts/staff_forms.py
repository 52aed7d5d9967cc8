"""What the pages of staff are asked for: the shape of input, no rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import AuditEvent, RoleGrant, User
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


class PersonForm(forms.Form):
    """Somebody with an account: her address stands in the field, she herself in the cleaned data."""

    person = forms.EmailField(label=_("E-mail of the account"), max_length=254)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def clean_person(self) -> User:
        found = User.objects.filter(email__iexact=self.cleaned_data["person"], is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("There is no account with this address."))
        return found


class GiveRoleForm(PersonForm):
    role = forms.ChoiceField(label=_("Role"), choices=RoleGrant.Role.choices)
    field_order = ["person", "role", "reason"]
