"""The shape of what creators write about a quiz: its rules, and one question."""

import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import DraftForm, LinesField, LinesInput
from .quizzes.code import LONGEST_OUTPUT
from .quizzes.shape import KIND_LABELS, REVEAL_LABELS, Kind, Question, Quiz

SPARE_OPTIONS = 3
_OPTION = re.compile(r"options-(\d{1,3})-text")


class OptionsInput(forms.Widget):
    """Options as rows: the text, whether it is right, and why. The autosave's fields.ts reads the same rows."""

    template_name = "studio/widgets/options.html"
    use_fieldset = True
    kind: Kind = Kind.SINGLE

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        numbers = sorted(int(found[1]) for key in data if (found := _OPTION.fullmatch(key)))
        return [
            {
                "id": data.get(f"options-{n}-id", ""),
                "text": data.get(f"options-{n}-text", ""),
                "is_right": f"options-{n}-is_right" in data,
                "explanation": data.get(f"options-{n}-explanation", ""),
            }
            for n in numbers
        ]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(_OPTION.fullmatch(key) for key in data)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        spare = SPARE_OPTIONS if value else SPARE_OPTIONS + 1
        context["widget"] |= {"rows": [*(value or []), *[{}] * spare], "is_order": self.kind == Kind.ORDER}
        return context


class OptionsField(forms.Field):
    widget = OptionsInput

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        return [row for row in value or [] if row["text"].strip()]


class DrawsField(forms.Field):
    """How many of each pool: one number a pool, by the pool's name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=DrawsInput, required=False, **options)

    def to_python(self, value: Any) -> dict[str, int]:
        return {pool: int(n) for pool, n in (value or {}).items() if re.fullmatch(r"\d{1,3}", n)}


class DrawsInput(forms.Widget):
    template_name = "studio/widgets/draws.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        rows = [n for n in range(100) if f"draws-{n}-pool" in data]
        return {data[f"draws-{n}-pool"]: data.get(f"draws-{n}-n", "") for n in rows}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        context["widget"]["pools"] = self.attrs.get("pools", [])
        return context


def _number(label: Any, least: int, most: int, *, required: bool = False, help_text: Any = "") -> forms.IntegerField:
    widget = forms.NumberInput(attrs={} if required else {"data-empty": "null"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, help_text=help_text, widget=widget
    )


class QuizForm(DraftForm):
    """The rules of a quiz, with the lesson's title."""

    title = forms.CharField(label=_("Title"), max_length=120)
    intro = forms.CharField(
        label=_("Before it starts"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Markdown: what it is about, what may be used."),
    )
    pass_percent = _number(_("Pass mark in percent"), 1, 100, required=True)
    attempts = _number(_("Attempts"), 1, 100, help_text=_("Empty: as many as somebody likes."))
    wait_minutes = _number(_("Minutes between attempts"), 0, 43_200, required=True)
    limit_minutes = _number(_("Time limit in minutes"), 1, 600, help_text=_("Empty: no limit."))
    reveal = forms.ChoiceField(label=_("What was right is shown"), choices=REVEAL_LABELS.items())
    shuffle = forms.BooleanField(label=_("Shuffle the options for each attempt"), required=False)

    @classmethod
    def of(cls, title: str, quiz: Quiz, revision: int, data: Any = None) -> "QuizForm":
        told = {name: getattr(quiz, name) for name in Quiz.SETTINGS}
        form = cls(data, initial={**told, "title": title, "revision": revision})
        if quiz.pools:
            form.fields["draws"] = DrawsField(
                label=_("Draw from pools"), help_text=_("Each attempt asks as many of a pool as you say.")
            )
            form.fields["draws"].widget.attrs["pools"] = [
                (pool, size, quiz.draws.get(pool, size)) for pool, size in quiz.pools.items()
            ]
        return form


class QuestionForm(DraftForm):
    """One question; fields that its kind has no use for are not there."""

    text = forms.CharField(
        label=_("Question"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Markdown, with formulas between dollar signs: $a^2+b^2$."),
    )
    code = forms.CharField(
        label=_("Code to read"),
        required=False,
        max_length=8000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "code-input", "spellcheck": "false"}),
        help_text=_("Shown above the answer, as it is written."),
    )
    options = OptionsField(label=_("Options"), required=False)
    number = forms.CharField(label=_("The right number"), required=False, max_length=60)
    tolerance = forms.CharField(
        label=_("Tolerance"), required=False, max_length=60, help_text=_("How far off still counts as right.")
    )
    accepted = LinesField(
        label=_("Accepted answers"),
        required=False,
        widget=LinesInput(),
        help_text=_("Upper and lower case, width and spaces do not count."),
    )
    lines = forms.CharField(
        label=_("The right lines"),
        required=False,
        max_length=500,
        help_text=_(
            "Numbers of lines of the code, such as 3, 5-7. Learners mark lines; a wrong one costs a right one."
        ),
    )
    output = forms.CharField(
        label=_("What it prints"),
        required=False,
        max_length=LONGEST_OUTPUT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "code-input", "spellcheck": "false"}),
        help_text=_("Exactly, line by line. Blanks at the ends of lines and blank lines around do not count."),
    )
    explanation = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown after an attempt: why it is so."),
    )
    points = _number(_("Points"), 1, 20, required=True)
    pool = forms.CharField(
        label=_("Pool"),
        required=False,
        max_length=60,
        help_text=_("Questions with the same word here are one pool, from which an attempt draws some."),
    )

    ONLY_OF: ClassVar = {
        "options": Question.HAS_OPTIONS, "number": (Kind.NUMBER,), "tolerance": (Kind.NUMBER,),
        "accepted": (Kind.TEXT,), "lines": (Kind.LINES,), "output": (Kind.OUTPUT,),
    }  # fmt: skip

    @classmethod
    def of(cls, question: Question, revision: int, data: Any = None) -> "QuestionForm":
        names = [name for name in cls.base_fields if name not in ("revision", "options")]
        options = [
            {"id": each.id, "text": each.text, "is_right": each.is_right, "explanation": each.explanation}
            for each in question.options
        ]
        told = {name: getattr(question, name) for name in names}
        form = cls(data, initial={**told, "options": options, "revision": revision})
        for name, kinds in cls.ONLY_OF.items():
            if question.kind not in kinds:
                del form.fields[name]
        if question.has_options:
            form.fields["options"].widget.kind = question.kind
        return form


class NewQuestionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=KIND_LABELS.items())
