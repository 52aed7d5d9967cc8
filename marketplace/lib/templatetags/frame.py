"""The parts of a page's frame, which are kept for visitors (marketplace.lib.frames)."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from marketplace.lib import frames

register = template.Library()


@register.simple_tag(takes_context=True)
def frame_part(context: Context, name: str) -> SafeString:
    """The template `name`, which finds beside the page's context: next_address and asked_words."""
    request = context.get("request")
    if request is None or "next_address" in context:
        # Without a reader, or within a page that is kept whole and has said what stands for them.
        return _draw(context, name)
    if frames.is_drawn_anew(request):
        return _draw(context, name, next_address=request.get_full_path(), asked_words=frames.asked_words(request))
    # Made anew each time that it is asked for: the page's own forms have the same one.
    token = {"csrf_token": context["csrf_token"]} if "csrf_token" in context else {}
    return frames.kept(request, name, token, lambda marks: _draw(context, name, **marks))


def _draw(context: Context, name: str, **more: Any) -> SafeString:
    with context.push(**more):
        return context.template.engine.get_template(name).render(context)  # type: ignore[union-attr]
