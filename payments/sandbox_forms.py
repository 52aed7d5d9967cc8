"""Forms of the sandbox's console: the shape of input, no rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money, provider_amount

from .sandbox import console
from .sandbox.models.dispute import REASONS


class ClockForm(forms.Form):
    """Days that somebody typed, or hours of a button."""

    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=366, required=False)
    hours = forms.IntegerField(min_value=1, max_value=8784, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("days") or cleaned.get("hours") or self.errors):
            raise forms.ValidationError(_("Say by how many days."))
        return cleaned


class FaultForm(forms.Form):
    operation = forms.ChoiceField(
        label=_("Call"),
        choices=lambda: [
            ("*", _("every call")),
            *((about, [(name, name) for name in names]) for about, names in console.grouped_operations()),
        ],
    )
    mode = forms.ChoiceField(label=_("How it goes wrong"), choices=console.MODES)
    times = forms.IntegerField(label=_("How often"), min_value=1, max_value=20, initial=1)


class WeatherForm(forms.Form):
    drop_percent = forms.IntegerField(label=_("Lost, of a hundred"), min_value=0, max_value=100, initial=0)
    copies = forms.IntegerField(label=_("Times each is sent"), min_value=1, max_value=20, initial=1)
    delay_s = forms.IntegerField(label=_("Late by seconds"), min_value=0, max_value=86_400, initial=0)
    is_shuffled = forms.BooleanField(label=_("They overtake each other"), required=False)


class ChargeActForm(forms.Form):
    """`amount` in major units, as typed; empty means all that is left of the charge."""

    amount = forms.CharField(label=_("Amount"), max_length=20, required=False)
    reason = forms.ChoiceField(label=_("Reason"), choices=[(reason, reason) for reason in REASONS], required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency

    def clean_amount(self) -> int | None:
        """In the provider's units."""
        typed = self.cleaned_data["amount"]
        try:
            return provider_amount(Money.parse(typed, self._currency)) if typed else None
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_reason(self) -> str:
        return self.cleaned_data["reason"] or REASONS[0]


class EventsForm(forms.Form):
    """Events by id, or every one of a state."""

    every = forms.ChoiceField(choices=[("waiting", "waiting"), ("lost", "lost")], required=False)
