"""Forms of buying, of giving back, and of the sandbox's console: the shape of input, no rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import currency_choices

from .sandbox import console


class PayForm(forms.Form):
    """What the buyer saw when she pressed Pay."""

    total = forms.IntegerField(min_value=1)
    currency = forms.ChoiceField(choices=currency_choices())


class RefundForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("For the record; the buyer does not see it.")
    )
    item = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ClockForm(forms.Form):
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=366, initial=32)


class FaultForm(forms.Form):
    operation = forms.ChoiceField(label=_("Call"), choices=lambda: [(name, name) for name in console.operations()])
    mode = forms.ChoiceField(label=_("How it fails"), choices=[(mode, mode) for mode in console.MODES])
    times = forms.IntegerField(label=_("How often"), min_value=1, max_value=20, initial=1)
