"""Forms of payments: the shape of input, no rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from creators.models import Creator

from .models import PayoutHold
from .reconciliation import by_hand


class PayoutHoldForm(forms.Form):
    creator = forms.ModelChoiceField(
        label=_("Creator"),
        help_text=_("The last part of the address of the creator's page."),
        queryset=Creator.objects.all(),
        to_field_name="slug",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid_choice": _("There is no creator of this address.")},
    )
    rule_code = forms.ChoiceField(label=_("Rule"), choices=PayoutHold.of_finance)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("For the record. The creator reads the rule in her words, not this."),
    )


class LiftForm(forms.Form):
    reason = forms.CharField(label=_("Why the hold ends"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Many of these stand on one page.
        super().__init__(*args, auto_id=False, **kwargs)


class SettleBreakForm(forms.Form):
    note = forms.CharField(max_length=300)


class BookByHandForm(forms.Form):
    account = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in by_hand.ACCOUNTS])
    note = forms.CharField(max_length=300)
