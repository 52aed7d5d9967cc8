"""The style page: every component on one page, for the eye and for the accessibility test. Served only in debug."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from marketplace.lib.icons import ICONS
from marketplace.lib.money import Money


class SampleForm(forms.Form):
    title = forms.CharField(label="Title", max_length=60, help_text="What a learner will be able to do afterwards.")
    level = forms.ChoiceField(label="Level", choices=[("all", "Any level"), ("beginner", "Beginner")])
    about = forms.CharField(label="About", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("film", "Film"), ("text", "Text")], widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(
        label="Topics", choices=[("a", "Wood"), ("b", "Paper")], widget=forms.CheckboxSelectMultiple, required=False
    )
    price = forms.DecimalField(label="Price")
    cover = forms.FileField(label="Cover", required=False)
    agreed = forms.BooleanField(label="I made all of this myself")


class _SampleCreator:
    name = "Mei Lin 林梅"


class _SampleCourse:
    """Looks like a course to the card's template."""

    def __init__(self, title: str, language: str, seconds: int, price: Money) -> None:
        self.title, self.language, self.duration_s, self.price = title, language, seconds, price
        self.slug, self.cover, self.lessons_count, self.creator = "sample", None, 12, _SampleCreator


def style(request: HttpRequest) -> HttpResponse:
    courses = [
        _SampleCourse("Dovetails by hand: the joint that holds without glue", "en", 15_120, Money(1999, "USD")),
        _SampleCourse("手工线装书：从裁纸到上线", "zh-hans", 7_440, Money(12800, "CNY")),
        _SampleCourse("Indigo", "en", 2_400, Money(2000, "JPY")),
        _SampleCourse("Sharpening a plane iron, slowly", "en", 900, Money(0, "USD")),
    ]
    context: dict[str, Any] = {
        "icons": ICONS,
        "courses": courses,
        "form": SampleForm(),
        "wrong_form": SampleForm({"price": "much"}, prefix="wrong"),
        "page_of_many": Paginator(range(100), 10).page(4),
        "tones": ["ok", "wait", "bad", "info", "idle"],
        "amounts": [Money(1999, "USD"), Money(12800, "CNY"), Money(2000, "JPY")],
        "numbers": [7, 1234, 19_999, 123_456_789],
        "seconds": [7, 760, 3_723],
    }
    return render(request, "style/style.html", context)
