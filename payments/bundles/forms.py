"""Forms of bundles: the shape of input, no rules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from creators.models import Creator
from marketplace.lib.money import InvalidAmount, Money, currency_choices

from ..models import Bundle


class WordsForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    words = forms.CharField(
        label=_("For whom it is"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Two or three sentences: for whom these courses belong together."),
    )  # fmt: skip


class CoursesForm(forms.Form):
    """Which of a creator's courses; in the order of their titles."""

    def __init__(self, *args: Any, creator: Creator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sold = Course.objects.on_sale().filter(creator=creator, price_minor__gt=0)
        self.fields["courses"] = forms.ModelMultipleChoiceField(
            label=_("Its courses"), queryset=sold.select_related("creator").order_by("title"), to_field_name="slug",
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Two or more that are on sale, in one currency. Once the bundle was offered they stay."),
        )  # fmt: skip
        self.fields["courses"].label_from_instance = _with_price  # type: ignore[attr-defined]

    def clean_courses(self) -> list[Course]:
        return list(self.cleaned_data["courses"])


class BundlePriceForm(forms.Form):
    amount = forms.CharField(
        label=_("Price of the bundle"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("Less than its courses one by one. A coupon of yours takes its part off this price as well."),
    )  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                cleaned["price"] = Money.parse(cleaned["amount"], cleaned["currency"])
            except InvalidAmount as wrong:
                raise ValidationError({"amount": str(wrong)}) from None
            if cleaned["price"].minor <= 0:
                raise ValidationError({"amount": str(InvalidAmount())})
        return cleaned

    @classmethod
    def of(cls, bundle: Bundle) -> "BundlePriceForm":
        return cls(initial={"amount": bundle.price.decimal_text(), "currency": bundle.currency})


class MakeBundleForm(BundlePriceForm, CoursesForm, WordsForm):
    field_order = ["title", "words", "courses", "amount", "currency"]


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Why it is withdrawn"), max_length=300, required=False)


def _with_price(course: Course) -> str:
    assert course.price is not None
    return f"{course.title} · {course.price.format()}"
