"""Forms of coupons: the shape of input, no rules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import Course
from creators.models import Creator
from marketplace.lib.money import InvalidAmount, Money, currency_choices

from ..models import Coupon
from .terms import basis_points, terms

MOST_SEATS = 1_000_000
MOST_COURSES = 50
# Where a refusal of the coupon's own is shown.
SHOWN_AT = {"percent": "percent", "amount": "amount", "minimum": "minimum", "value": "amount", "most": "most"}


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class AmountField(forms.CharField):
    """A number as people type it. Left empty it is no mistake of its own: the kind of the coupon says what it needs."""

    def __init__(self, **told: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=20, widget=widget, **told)

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class CurrencyField(forms.ChoiceField):
    """One, or every currency: both are an answer."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class CouponForm(forms.Form):
    """A coupon of a creator, whose courses are there to choose from."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What it does"), choices=Coupon.Kind.choices, widget=forms.RadioSelect, initial=Coupon.Kind.PERCENT
    )
    percent = AmountField(label=_("Percent off each course"))
    amount = AmountField(
        label=_("Amount"), help_text=_("Off all courses of an order together, or the price of each course.")
    )
    currency = CurrencyField(label=_("Currency"), choices=lambda: [("", _("Every currency")), *currency_choices()])
    code = forms.CharField(
        label=pgettext_lazy("coupon", "Code"), required=False, max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("4 to 24 letters, digits and hyphens. Leave it empty for one that nobody guesses."),
    )  # fmt: skip
    starts_at = forms.DateTimeField(label=_("Valid from"), required=False, widget=MomentInput)
    ends_at = forms.DateTimeField(label=_("Valid until"), required=False, widget=MomentInput)
    cap_total = forms.IntegerField(
        label=_("How many orders"), required=False, min_value=1, max_value=MOST_SEATS,
        help_text=_("Empty: without a limit."),
    )  # fmt: skip
    cap_person = forms.IntegerField(
        label=_("How many of one person"), required=False, min_value=1, max_value=MOST_SEATS, initial=1
    )
    minimum = AmountField(
        label=_("From this amount on"), required=False, help_text=_("At list prices, of the courses it is for.")
    )
    min_courses = forms.IntegerField(label=_("From so many courses on"), min_value=1, max_value=MOST_COURSES, initial=1)

    def __init__(self, *args: Any, creator: Creator | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["courses"] = self._scope(creator)

    def _scope(self, creator: Creator | None) -> forms.Field:
        return forms.ModelMultipleChoiceField(
            label=_("For these courses"), required=False, help_text=_("None chosen: for all of yours."),
            queryset=Course.objects.filter(creator=creator).order_by("title"), to_field_name="slug",
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            told = terms(
                cleaned["kind"], percent_bps=self._percent(), amount=self._money("amount"),
                minimum=self._money("minimum"), currency=cleaned["currency"], most=self._most(),
            )  # fmt: skip
        except ValidationError as wrong:
            self.refuse(wrong)
            return cleaned
        kept = ["kind", "code", "starts_at", "ends_at", "cap_total", "cap_person", "min_courses", "courses"]
        return {**{name: cleaned[name] for name in kept}, **told}

    def refuse(self, error: ValidationError) -> None:
        """Show what the coupon's own rules said beside the field that it is about."""
        for field, said in error.message_dict.items():
            shown = SHOWN_AT.get(field, field)
            if field == "value" and self.data.get("kind") == Coupon.Kind.PERCENT:
                shown = "percent"
            self.add_error(shown if shown in self.fields else None, said)

    def _most(self) -> Money | None:
        return None

    def _percent(self) -> int | None:
        text = self.cleaned_data["percent"]
        if not text or self.cleaned_data["kind"] != Coupon.Kind.PERCENT:
            return None
        try:
            return basis_points(text)
        except ValidationError as wrong:
            raise ValidationError({"percent": wrong.messages}) from None

    def _money(self, field: str) -> Money | None:
        text, currency = self.cleaned_data[field], self.cleaned_data["currency"]
        has_no_amount = field == "amount" and self.cleaned_data["kind"] not in ("amount", "fixed_price")
        if not text or has_no_amount:
            return None
        if not currency:
            raise ValidationError({"currency": _("Choose the currency of the amount.")})
        return _read(field, text, currency)


def _read(field: str, text: str, currency: str) -> Money:
    try:
        amount = Money.parse(text, currency)
    except InvalidAmount as wrong:
        raise ValidationError({field: str(wrong)}) from None
    if amount.minor < 0:
        raise ValidationError({field: str(InvalidAmount())})
    return amount


class SlugLines(forms.CharField):
    """Courses by the last parts of their addresses, one a line."""

    def clean(self, value: Any) -> list[Course]:
        slugs = list(dict.fromkeys(super().clean(value).split()))
        if len(slugs) > MOST_COURSES:
            raise ValidationError(_("At most %(most)d courses.") % {"most": MOST_COURSES})
        found = {course.slug: course for course in Course.objects.filter(slug__in=slugs)}
        if missing := [slug for slug in slugs if slug not in found]:
            raise ValidationError(_("There is no course %(slug)s.") % {"slug": missing[0]})
        return [found[slug] for slug in slugs]


class PlatformCouponForm(CouponForm):
    """A coupon of the platform, which may be for anybody's courses, and says what one order may cost the platform."""

    most = AmountField(
        label=_("At most off one order"), required=False,
        help_text=_("What one order may cost the platform. In another currency it is about as much."),
    )  # fmt: skip
    most_currency = forms.ChoiceField(label=_("Currency of the limit"), choices=currency_choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = self.fields["cap_total"]
        seats.required, seats.help_text = True, _("The platform pays for each of them, so their number has an end.")

    def _scope(self, creator: Creator | None) -> forms.Field:
        return SlugLines(
            label=_("For these courses"), required=False, max_length=6000, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("The last parts of the courses' addresses, one a line. Empty: for every course."),
        )  # fmt: skip

    def _most(self) -> Money | None:
        text, currency = self.cleaned_data["most"], self.cleaned_data["most_currency"]
        is_asked = text and currency and self.cleaned_data["kind"] != Coupon.Kind.AMOUNT
        return _read("most", text, currency) if is_asked else None


class EndCouponForm(forms.Form):
    reason = forms.CharField(label=_("Why it ends"), max_length=300, required=False)


class CodeForm(forms.Form):
    """A code as a buyer types it. Every shape is taken: what it is worth is said by the coupon."""

    code = forms.CharField(
        label=_("Coupon code"), max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
