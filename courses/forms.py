"""The shape of what creators write in the studio. What it must be like is the models' business."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.lib.money import CURRENCIES, InvalidAmount, Money, currency_choices

from .models import Category, Course, Lesson, Version
from .models.course import Language, Level
from .models.version import CHANGE_NOTE_LENGTH

SPARE_ROWS = 3


class LinesInput(forms.Widget):
    """A list of short lines, each in its own input of the same name. Spare empty rows are the way to add without
    JavaScript; frontend/studio/list-input.ts takes them away and brings buttons.
    """

    template_name = "studio/widgets/lines.html"
    use_fieldset = True

    def __init__(self, placeholder: Any = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.placeholder = placeholder

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return data.getlist(name) if isinstance(data, QueryDict) else list(data.get(name) or [])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        context["widget"]["lines"] = [*(value or []), *[""] * SPARE_ROWS]
        context["widget"]["placeholder"] = self.placeholder
        return context


class LinesField(forms.Field):
    widget = LinesInput

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in value or [] if line.strip()]


class UntilPublished:
    """A field that a draft may leave empty though publishing asks for it: it is not called optional."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:  # type: ignore[attr-defined]
            super().validate(value)  # type: ignore[misc]


class DraftCharField(UntilPublished, forms.CharField):
    pass


class DraftLinesField(UntilPublished, LinesField):
    pass


class DraftChoiceField(UntilPublished, forms.ModelChoiceField):
    pass


class StartForm(forms.Form):
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("What a learner will be able to do or make, in a few words. You can change it later."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )


class DraftForm(forms.Form):
    """Words of a draft, with the revision that the writer saw."""

    use_required_attribute = False

    revision = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}

    @property
    def revision_seen(self) -> int:
        return self.cleaned_data["revision"]

    def offer_overwrite(self, revision: int) -> None:
        """After a conflict: the words stay, and saving them again is from now on on purpose."""
        self.data = self.data.copy()
        self.data["revision"] = str(revision)


class DetailsForm(DraftForm):
    """What the course page says. Only the title must be there to save; publishing asks for more."""

    title = forms.CharField(label=_("Title"), max_length=120)
    subtitle = DraftCharField(
        label=_("Subtitle"), max_length=200, help_text=_("One sentence of promise, without decoration.")
    )
    description = DraftCharField(
        label=_("Description"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Markdown: headings, lists, links, tables."),
    )
    outcomes = DraftLinesField(
        label=_("What you will learn"),
        widget=LinesInput(placeholder=_("Tie a bowline with one hand")),
    )
    requirements = LinesField(
        label=_("Requirements"), required=False, widget=LinesInput(placeholder=_("Two meters of rope"))
    )
    audience = LinesField(
        label=_("Who it is for"), required=False, widget=LinesInput(placeholder=_("People who sail for the first time"))
    )
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    language = forms.ChoiceField(label=_("Language of the lessons"), choices=Language.choices)
    category = DraftChoiceField(
        label=_("Category"),
        queryset=Category.objects.all(),
        empty_label=_("Choose a category"),
        widget=forms.Select(attrs={"data-empty": "null"}),
    )

    @classmethod
    def of(cls, version: Version) -> "DetailsForm":
        names = [name for name in cls.base_fields if name != "category"]
        return cls(initial={**{name: getattr(version, name) for name in names}, "category": version.category_id})


class CoverForm(forms.Form):
    cover = forms.FileField(
        label=_("Choose a picture"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP, best 1280 × 720 or larger. It is cut to 16:9."),
    )


class TitleForm(forms.Form):
    """A new or a renamed section."""

    title = forms.CharField(label=_("Title"), max_length=120)


class NewLessonForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Lesson.Kind.choices)


class LessonForm(DraftForm):
    title = forms.CharField(label=_("Title"), max_length=120)
    article = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("Markdown: headings, lists, links, tables, code, pictures, formulas between dollar signs."),
    )
    is_preview = forms.BooleanField(
        label=_("Free preview: everybody can open this lesson on the course page"), required=False
    )

    def __init__(self, *args: Any, has_text: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_text:
            del self.fields["article"]


class PriceForm(forms.Form):
    is_free = forms.TypedChoiceField(
        label=_("Price"),
        choices=[("paid", pgettext_lazy("price", "Paid")), ("free", _("Free: everybody may enroll without paying"))],
        coerce=lambda value: value == "free",
        widget=forms.RadioSelect,
    )
    use_required_attribute = False

    amount = DraftCharField(
        label=_("Amount"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    is_named = forms.BooleanField(
        label=_("Buyers name their price"),
        required=False,
        help_text=_("The amount is then the least that you take. Coupons do not lower a price that a buyer names."),
    )
    suggested = forms.CharField(
        label=_("Suggested amount"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("It stands in the buyer's box at first. She may pay less, down to the least, or more."),
    )

    @classmethod
    def of(cls, course: Course) -> "PriceForm":
        price, suggested = course.price, course.suggested
        return cls(initial={
            "is_free": "free" if course.is_free else "paid", "amount": price.decimal_text() if price else "",
            "currency": course.currency, "is_named": course.is_price_named,
            "suggested": suggested.decimal_text() if suggested else "",
        })  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        currency = cleaned.get("currency")
        if not currency or "is_free" not in cleaned:
            return cleaned
        if cleaned["is_free"]:
            cleaned |= {"price": Money.zero(currency), "suggestion": None}
        elif cleaned.get("amount"):
            cleaned["price"] = _parsed("amount", cleaned["amount"], currency)
            cleaned["suggestion"] = self._suggestion(cleaned, currency)
        else:
            raise ValidationError({"amount": _("Write an amount, or choose free.")})
        return cleaned

    @staticmethod
    def _suggestion(cleaned: dict[str, Any], currency: str) -> Money | None:
        if not cleaned.get("is_named"):
            return None
        if not cleaned.get("suggested"):
            raise ValidationError({"suggested": _("Write the amount that you suggest.")})
        return _parsed("suggested", cleaned["suggested"], currency)


class SubmitForm(forms.Form):
    note = forms.CharField(
        label=_("Note to the moderator"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What has changed, or what is good to know. Only moderators read it."),
    )


class SubmitUpdateForm(SubmitForm):
    """Of a course that is on sale: what everybody reads of the new version."""

    change_note = forms.CharField(
        label=_("What is new"),
        required=False,
        max_length=CHANGE_NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In a sentence or two. It stands on the course page, and learners read it."),
    )
    tells_learners = forms.BooleanField(
        label=_("Worth telling your learners"),
        required=False,
        help_text=_("Those who want to hear of it get a line in a mail, at most one a week for all their courses."),
    )
    field_order = ("change_note", "tells_learners", "note")

    @classmethod
    def asked_of(cls, version: Version, data: Any = None) -> SubmitForm:
        """The form for this version; the first one of a course changes nothing for anybody."""
        if version.course.live_version_id is None:
            return SubmitForm(data)
        return cls(data, initial={"change_note": version.change_note, "tells_learners": version.tells_learners})


def _parsed(field: str, text: str, currency: str) -> Money:
    try:
        amount = Money.parse(text, currency)
    except InvalidAmount as error:
        raise ValidationError({field: str(error)}) from None
    if amount.minor <= 0:
        raise ValidationError({field: _("A price is more than nothing. To give it away, choose free.")})
    return amount


def price_bounds() -> list[tuple[str, str, str]]:
    """Currency code, least and greatest price as people write them."""
    return [
        (code, Money(limits.min_charge, code).format(), Money(limits.max_charge, code).format())
        for code, limits in CURRENCIES.items()
    ]
