"""Forms of buying and of giving back: the shape of input, no rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import currency_choices


class PayForm(forms.Form):
    """What the buyer saw when she pressed Pay."""

    total = forms.IntegerField(min_value=0)
    currency = forms.ChoiceField(choices=currency_choices())
    code = forms.CharField(required=False, max_length=60)


class RefundForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("For the record; the buyer does not see it.")
    )
    item = forms.IntegerField(required=False, widget=forms.HiddenInput)
