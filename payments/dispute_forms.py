"""Forms of disputes: the shape of input, no rules. Field names are the provider's."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST = 20_000  # characters of a text; the provider's own limit


class EvidenceForm(forms.Form):
    uncategorized_text = forms.CharField(label=_("What happened"), help_text=_("The story in a few lines, with dates."))
    access_activity_log = forms.CharField(
        label=_("What the buyer did"), help_text=_("From our own records: what was played, and when.")
    )
    product_description = forms.CharField(label=_("What was sold"))
    customer_name = forms.CharField(label=_("The buyer's name"))
    customer_email_address = forms.CharField(label=_("The buyer's e-mail"))
    service_date = forms.CharField(label=_("Day of the sale"))
    refund_policy_disclosure = forms.CharField(label=_("The refund rule, and where it was shown"))
    refund_refusal_explanation = forms.CharField(label=_("Refunds, or why there is none"))
    duplicate_charge_explanation = forms.CharField(label=_("Why it is no second payment for the same"))

    SHORT = ("customer_name", "customer_email_address", "service_date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required, field.max_length = False, MOST
            field.widget = forms.TextInput() if name in self.SHORT else forms.Textarea(attrs={"rows": 5, "lang": "en"})
            field.widget.attrs["maxlength"] = MOST


class AcceptForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the buyer keeps the money"), max_length=300, help_text=_("For the record; only finance sees it.")
    )
