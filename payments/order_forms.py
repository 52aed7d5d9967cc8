"""Forms of buying: the shape of input, no rules."""

from django import forms

from marketplace.lib.money import currency_choices


class PayForm(forms.Form):
    """What the buyer saw when she pressed Pay."""

    total = forms.IntegerField(min_value=0)
    currency = forms.ChoiceField(choices=currency_choices())
    code = forms.CharField(required=False, max_length=60)
    way = forms.CharField(required=False, max_length=40)
