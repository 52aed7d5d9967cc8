"""Forms of giving money back: the shape of input, no rules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import InvalidAmount, Money, currency_choices

from .models import Order, OrderItem


class TakeBackForm(forms.Form):
    """What the learner saw when she pressed the button."""

    amount = forms.IntegerField(min_value=1, max_value=2**53)
    currency = forms.ChoiceField(choices=currency_choices())


class RefundForm(forms.Form):
    """Of an order, or of a creator's one sale: all that is left, or a part."""

    item = forms.ModelChoiceField(
        label=_("Course"), queryset=OrderItem.objects.none(), required=False, empty_label=_("The whole order")
    )
    amount = forms.CharField(
        label=_("Amount"),
        required=False,
        max_length=20,
        help_text=_("Empty: all that is left."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    keeps_access = forms.BooleanField(
        label=_("The buyer keeps the course"), required=False, help_text=_("For a part of the price, as goodwill.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("For the record; the buyer does not see it.")
    )

    def __init__(self, *args: Any, order: Order, item: OrderItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        choices = order.items.select_related("order").order_by("pk")
        field = self.fields["item"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices
        self.only = item or (choices[0] if len(choices) == 1 else None)
        if self.only is not None:
            del self.fields["item"]

    def clean_amount(self) -> Money | None:
        text = self.cleaned_data["amount"].strip()
        if not text:
            return None
        try:
            return Money.parse(text, self.order.currency)
        except InvalidAmount as error:
            raise ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("amount") and not self.what_item(cleaned):
            raise ValidationError({"item": _("Choose the course of which a part is given back.")})
        return cleaned

    def what_item(self, cleaned: dict[str, Any]) -> OrderItem | None:
        return self.only or cleaned.get("item")

    @property
    def wish(self) -> dict[str, Any]:
        """As `refunds.refund` takes it."""
        told = self.cleaned_data
        return {
            "what": self.what_item(told) or self.order,
            "amount": told["amount"],
            "ends_access": not told["keeps_access"],
            "reason": told["reason"],
        }
