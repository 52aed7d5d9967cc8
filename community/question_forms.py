"""The shapes of questions, answers and comments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from learners.note_forms import ClockField

from .models import Post
from .models.post import LONGEST_COMMENT, LONGEST_TEXT, LONGEST_TITLE

MARKDOWN = _("Markdown works: **bold**, `code`, lists, and $formulas$.")


class PostForm(forms.Form):
    """An answer."""

    text = forms.CharField(
        label=pgettext_lazy("asked by learners", "Your answer"), max_length=LONGEST_TEXT, help_text=MARKDOWN,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    is_named = forms.BooleanField(label=_("Show my name beside it"), required=False)
    revision = forms.IntegerField(min_value=0, max_value=1000, required=False, widget=forms.HiddenInput)

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "text", "is_named") if name in self.cleaned_data}


class CommentForm(PostForm):
    text = forms.CharField(
        label=_("Your comment"), max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 2})
    )


class QuestionForm(PostForm):
    title = forms.CharField(label=_("Your question in a few words"), max_length=LONGEST_TITLE)
    at = ClockField(label=_("At"), required=False, max_length=12, help_text=_("A place in the film, as 12:40."))
    text = forms.CharField(
        label=_("More about it"), max_length=LONGEST_TEXT, required=False, help_text=MARKDOWN,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    field_order = ["title", "at", "text", "is_named"]


FORMS: dict[str, type[PostForm]] = {
    Post.Kind.QUESTION: QuestionForm, Post.Kind.ANSWER: PostForm, Post.Kind.COMMENT: CommentForm
}  # fmt: skip


def form_for(post: Post) -> PostForm:
    """Filled with what it says, to say it otherwise; its place in the film stays."""
    kept = {name: getattr(post, name) for name in ("title", "text", "is_named", "revision")}
    return without_place(FORMS[post.kind](initial=kept))


def without_place(form: PostForm) -> PostForm:
    form.fields.pop("at", None)
    return form
