"""Creators' Markdown to HTML that is safe to show to others."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import nh3
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from . import formulas

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "del", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_RICH_TAGS = _TAGS | formulas.TAGS | {"img", "div", "span"}
_ATTRIBUTES: dict[str, set[str]] = {"a": {"href", "title"}, "code": {"class"}}
_RICH_ATTRIBUTES = {
    **_ATTRIBUTES,
    **formulas.ATTRIBUTES,
    "img": {"src", "alt", "width", "height", "loading"},
    "div": {"class"},
    "pre": {"tabindex"},
}
_SCHEMES = {"http", "https", "mailto"}
PICTURE = re.compile(r"picture:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(frozen=True)
class Picture:
    """A picture of ours that a text may show; its size keeps the page from jumping."""

    url: str
    width: int
    height: int


@lru_cache(maxsize=256)
def render(text: str) -> SafeString:
    """Words alone: neither pictures nor formulas, and a dollar sign is a dollar sign."""
    return _cleaned(_plain.render(text or ""), _TAGS, _ATTRIBUTES)


def render_rich(text: str, pictures: Mapping[str, Picture] | None = None) -> SafeString:
    """With formulas between dollar signs and with pictures of ours: ![what it shows](picture:ID).

    A picture that is not in `pictures`, and every picture of another host, leaves its words.
    """
    html = _rich.render(text or "", {"pictures": pictures or {}})
    return _cleaned(html, _RICH_TAGS, _RICH_ATTRIBUTES)


def pictures_in(text: str) -> set[str]:
    """The ids of the pictures that a text names."""
    return set(PICTURE.findall(text))


def links_in(text: str) -> list[str]:
    """The addresses that a text's links name, in their order. Also of those that are not shown as links."""
    found: list[str] = []
    for token in _linked.parse(text or ""):
        found += [str(child.attrs["href"]) for child in token.children or () if child.type == "link_open"]
    return found


def _cleaned(html: str, tags: set[str], attributes: dict[str, set[str]]) -> SafeString:
    html = nh3.clean(html, tags=tags, attributes=attributes, url_schemes=_SCHEMES, link_rel="nofollow noopener ugc")
    return mark_safe(html)  # cleaned on the lines above


def _picture(renderer: Any, tokens: Any, at: int, options: Any, env: dict[str, Any]) -> str:
    words, found = tokens[at].content, PICTURE.fullmatch(tokens[at].attrs.get("src", ""))
    picture = env.get("pictures", {}).get(found[1]) if found else None
    if picture is None:
        return escape(words)
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
        picture.url, words, picture.width, picture.height,
    )  # fmt: skip


def _formula(renderer: Any, tokens: Any, at: int, options: Any, env: Any) -> str:
    return formulas.mathml(tokens[at].content, is_block=tokens[at].type != "math_inline")


def _code(renderer: Any, tokens: Any, at: int, options: Any, env: Any) -> str:
    """A block that scrolls sideways must be reachable by keyboard."""
    language = re.sub(r"[^\w+#-]", "", tokens[at].info.split(" ")[0])
    named = f' class="language-{language}"' if language else ""
    return f'<pre tabindex="0"><code{named}>{escape(tokens[at].content)}</code></pre>\n'


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


_plain = _parser()
# Reads what a creator meant as a link, whatever it begins with.
_linked = _parser()
_linked.validateLink = lambda url: True  # type: ignore[method-assign]
# "$5 and $6" are prices: a formula has no space inside its signs, and no digit stands next to them outside.
_rich = _parser().use(dollarmath_plugin, allow_space=False, allow_digits=False, allow_labels=False, double_inline=True)
_rich.add_render_rule("image", _picture)
_rich.add_render_rule("fence", _code)
_rich.add_render_rule("code_block", _code)
for _name in ("math_inline", "math_inline_double", "math_block"):
    _rich.add_render_rule(_name, _formula)
