"""Forms of disputes: the shape of input, no rules. Field names are the provider's."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST = 20_000  # characters of a text; the provider's own limit


def _text(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 5, "lang": "en"})
    return forms.CharField(label=label, help_text=help_text, max_length=MOST, required=required, widget=widget)


def _line(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=MOST, required=False)


class EvidenceForm(forms.Form):
    uncategorized_text = _text(_("What happened"), _("The story in a few lines, with dates."), required=True)
    access_activity_log = _text(_("What the buyer did"), _("From our own records: what was played, and when."))
    product_description = _text(_("What was sold"))
    customer_name = _line(_("The buyer's name"))
    customer_email_address = _line(_("The buyer's e-mail"))
    service_date = _line(_("Day of the sale"))
    refund_policy_disclosure = _text(_("The refund rule, and where it was shown"))
    refund_refusal_explanation = _text(_("Refunds, or why there is none"))
    duplicate_charge_explanation = _text(_("Why it is no second payment for the same"))


class AcceptForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the buyer keeps the money"), max_length=300, help_text=_("For the record; only finance sees it.")
    )
