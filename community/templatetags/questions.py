"""What pages of other apps show of questions."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from community import threads
from community.models import Post
from courses.models import Lesson
from marketplace.lib import markdown

register = template.Library()


@register.simple_tag(takes_context=True)
def questions_of(context: Context, lesson: Lesson) -> threads.Asked | None:
    """For the page of a live lesson; nothing for who does not read them."""
    return threads.beside(lesson, context["request"].user)


@register.filter
def said(post: Post) -> SafeString:
    """Its words as HTML: formulas in questions and answers, none in comments. No pictures."""
    return markdown.render(post.text) if post.kind == Post.Kind.COMMENT else markdown.render_rich(post.text)


@register.filter
def is_votable(post: Post, reader: Any) -> bool:
    """Nobody votes for what she wrote."""
    return post.kind != Post.Kind.COMMENT and post.author_id != reader.pk
