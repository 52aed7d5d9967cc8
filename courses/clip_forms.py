"""The shape of a clip as its creator cuts it: from when to when of the film, how it is framed, and its words."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from videos.framing import Fit, Shape

from .models import Clip
from .models.clip import LINE_LENGTH, TITLE_LENGTH
from .models.clip_source import SHORTEST_MS
from .models.course import Language

SHAPES = [(Shape.VERTICAL.value, _("Upright, 9:16")), (Shape.HORIZONTAL.value, _("Wide, 16:9"))]
FITS = [(Fit.CROP.value, _("Cut to fit")), (Fit.BARS.value, _("Whole, before a blurred ground"))]
_CLOCK = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,2}):)?(\d{1,5})(?:\.(\d{1,3}))?")
DAY_MS = 24 * 3600 * 1000


class ClockField(forms.CharField):
    """A moment of a film, as `1:02:03.5`, `2:03` or `123`; cleaned to milliseconds."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "placeholder": "0:15", "spellcheck": "false"}
        super().__init__(max_length=16, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        told = super().clean(value).replace("：", ":").replace("，", ".").replace(",", ".")
        found = _CLOCK.fullmatch(told.strip()) if told.isascii() else None
        if found is None:
            raise ValidationError(_("Write a moment as 1:23 or 1:23.5."), code="invalid")
        hours, minutes, seconds = (int(part or 0) for part in found.groups()[:3])
        return min(DAY_MS, ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((found[4] or "0").ljust(3, "0")))


class ClipWordsForm(forms.Form):
    title = forms.CharField(
        label=_("Title"), max_length=TITLE_LENGTH, help_text=_("What somebody sees or can do after it, in a few words.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    line = forms.CharField(
        label=_("A line below it"), required=False, max_length=LINE_LENGTH,
        help_text=_("One sentence that makes somebody want the lesson. It may stay empty."),
    )  # fmt: skip

    @classmethod
    def of(cls, clip: Clip) -> "ClipWordsForm":
        words = {"title": clip.title, "language": clip.language, "line": clip.line}
        return cls(initial=words, auto_id=f"id_{clip.key}_%s")


class ClipForm(ClipWordsForm):
    """`film` is the asset that she saw: another one in its place is told apart."""

    field_order = ["start", "end", "shape", "fit", "center", "title", "language", "line", "film"]

    start = ClockField(label=pgettext_lazy("of a clip", "From"))
    end = ClockField(label=pgettext_lazy("of a clip", "To"), help_text=_("15 to 90 seconds after the beginning."))
    shape = forms.ChoiceField(label=_("Shape"), choices=SHAPES, widget=forms.RadioSelect)
    fit = forms.ChoiceField(label=_("The picture"), choices=FITS, widget=forms.RadioSelect)
    center = forms.IntegerField(
        label=_("The middle of the cut"), min_value=0, max_value=1000,
        widget=forms.NumberInput(attrs={"type": "range", "step": "5"}),
        help_text=_("From the left edge to the right one, or from the upper to the lower."),
    )  # fmt: skip
    film = forms.CharField(max_length=40, widget=forms.HiddenInput)

    @classmethod
    def fresh(cls, film: str, title: str, language: str, length_ms: int) -> "ClipForm":
        """What stands there before she chooses: the first half minute, upright, around the middle."""
        end = min(length_ms, 2 * SHORTEST_MS) // 1000
        words = {"title": title[:TITLE_LENGTH], "language": language, "film": film}
        return cls(
            initial={"start": "0:00", "end": f"0:{end:02d}", "shape": "vertical", "fit": "crop", "center": 500, **words}
        )

    @property
    def cut(self) -> dict[str, Any]:
        """As `Clip.objects.cut` takes it."""
        told = dict(self.cleaned_data)
        return {"start_ms": told.pop("start"), "end_ms": told.pop("end"), **told}
