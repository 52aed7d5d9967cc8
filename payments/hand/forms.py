"""Forms of payment by hand: the shape of input, no rules."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib import clock, images
from marketplace.lib.money import InvalidAmount, Money, currency_choices

from .. import bank_numbers
from ..coupons.forms import AmountField
from ..models import PaymentWay

QR_SIDE = 800


def account_of(kind: str, text: str) -> str:
    """Of a bank by its rules; of a wallet as it is told. Raises ValidationError."""
    return bank_numbers.account_number(text) if kind == PaymentWay.Kind.BANK and text else text


def has_come(day: date) -> None:
    """Of a day at the bank. Raises ValidationError."""
    if day > timezone.localdate(clock.now()):
        raise ValidationError(_("This day has not come yet."), code="future")


class ChangeWayForm(forms.ModelForm):
    """What a version of a way says. An empty picture leaves the one that stands."""

    qr = forms.FileField(
        label=_("Picture of a QR code"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("As the wallet's app gives it. An IBAN in EUR needs none: we draw its code with the amount."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("For the record."))

    class Meta:
        model = PaymentWay
        fields = [
            "name_en", "name_zh", "holder", "account", "bank_code", "instructions_en", "instructions_zh", "is_on",
        ]  # fmt: skip
        widgets = dict.fromkeys(["instructions_en", "instructions_zh"], forms.Textarea(attrs={"rows": 3}))

    def kind(self) -> str:
        return self.cleaned_data.get("kind") or self.instance.kind

    def clean_bank_code(self) -> str:
        code = self.cleaned_data["bank_code"]
        return bank_numbers.bank_code(code) if code else ""

    def clean_qr(self) -> ContentFile | None:
        upload = self.cleaned_data["qr"]
        return images.cleaned(upload, QR_SIDE) if upload else None

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        try:
            told["account"] = account_of(self.kind(), told.get("account") or "")
        except ValidationError as error:
            self.add_error("account", error)
        if self.kind() == PaymentWay.Kind.BANK and not told.get("account"):
            self.add_error("account", _("Say to which account buyers send the money."))
        if self.kind() != PaymentWay.Kind.BANK and not told.get("qr") and not self.instance.qr:
            self.add_error("qr", _("Buyers scan this: add the picture of the code."))
        return told

    def _post_clean(self) -> None:
        """The row that stands is not changed: what was told becomes the next one."""


class WayForm(ChangeWayForm):
    class Meta(ChangeWayForm.Meta):
        fields = ["kind", "currency", *ChangeWayForm.Meta.fields]


class WayVerdictForm(forms.Form):
    """What a second person says to a version. Its control stands beside a `reason` of another form."""

    reason = forms.CharField(label=_("Reason (needed for a no)"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "verdict_%s", **kwargs})


class WayRefusalForm(WayVerdictForm):
    reason = forms.CharField(
        label=_("Reason (needed for a no)"), max_length=500,
        error_messages={"required": _("Say why, for the record.")},
    )  # fmt: skip


class ArrivalForm(forms.Form):
    """What came in, as the bank shows it."""

    way = forms.ModelChoiceField(
        label=_("Came in by"), queryset=PaymentWay.objects.none(), to_field_name="code", empty_label=None
    )
    received_on = forms.DateField(
        label=_("Day at the bank"), widget=forms.DateInput(attrs={"type": "date"}), validators=[has_come]
    )
    amount = AmountField(label=_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices())
    bank_reference = forms.CharField(
        label=_("The bank's own reference"), max_length=80, help_text=_("By it the same money is never noted twice.")
    )
    payer = forms.CharField(label=_("Who sent it"), max_length=120, required=False)
    text = forms.CharField(
        label=_("What the payer wrote"), max_length=200, required=False,
        help_text=_("Copy it as it stands: we find the payment reference in it."),
    )  # fmt: skip
    reference = forms.CharField(
        label=_("Payment reference or order number"), max_length=40, required=False,
        help_text=_("Only where the payer's words do not hold it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["way"]
        field.queryset = PaymentWay.objects.standing().order_by("-is_on", "pk")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if "amount" in told and "currency" in told:
            try:
                told["amount"] = Money.parse(told["amount"], told["currency"])
                if told["amount"].minor <= 0:
                    raise InvalidAmount
            except InvalidAmount as wrong:
                self.add_error("amount", str(wrong))
        told.pop("currency", None)
        return told


class MatchForm(forms.Form):
    reference = forms.CharField(max_length=40)


class BankReferenceForm(forms.Form):
    bank_reference = forms.CharField(max_length=80)


class PayBackForm(BankReferenceForm):
    sent_on = forms.DateField(validators=[has_come])
