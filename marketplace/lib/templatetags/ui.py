"""What every template may draw with: icons, fields, states, and numbers as the reader's language writes them."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from babel.numbers import format_decimal
from django import template
from django.forms import BoundField
from django.template.context import Context
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from marketplace.lib.icons import ICONS
from marketplace.lib.money import Money
from marketplace.lib.price_tax import PriceTax, of_prices

register = template.Library()

# What a person holds in one glance: 万 and 亿 count by ten thousands.
_WAN, _YI = 10_000, 100_000_000


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An inline SVG. With `label` it speaks for itself; without, the words beside it do."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"There is no icon {name!r}; see marketplace/lib/icons.py.")
    return _drawn(name, format_html('role="img" aria-label="{}"', label)) if label else _silent(name)


@cache
def _silent(name: str) -> SafeString:
    """A page has dozens of them."""
    return _drawn(name, 'aria-hidden="true"')


def _drawn(name: str, voice: str) -> SafeString:
    return mark_safe(
        f'<svg class="icon icon--{name}" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor"'
        f' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" focusable="false" {voice}>'
        f"{ICONS[name]}</svg>"
    )


@register.simple_tag
def field(bound_field: BoundField) -> SafeString:
    """A form's field with its label, help and errors, tied together for screen readers."""
    return bound_field.as_field_group()


@register.filter
def money(amount: Money | None) -> str:
    """An amount as the reader's language writes it; nothing for no amount."""
    return "" if amount is None else amount.format()


@register.filter
def price(amount: Money | None) -> str:
    """A price tag: as `money`, and a word for what costs nothing."""
    if amount is None:
        return ""
    return amount.format() if amount else gettext("Free")


@register.simple_tag
def price_of(priced: Any) -> str:
    """The price tag of what has a `price`, which may be the least of one that buyers name."""
    tag = price(priced.price)
    return gettext("from %(price)s") % {"price": tag} if priced.is_price_named else tag


@register.simple_tag
def prices_of(priced: Iterable[Any]) -> str:
    """The price tags of several, in their order."""
    return " · ".join(map(price_of, priced))


@register.simple_tag
def plus_tax(amount: Money | None) -> SafeString:
    """Beside a price: that tax comes on top, where this installation's prices are shown without it."""
    if not amount or of_prices() is not PriceTax.ON_TOP:
        return mark_safe("")
    return format_html(' <span class="price__tax">{}</span>', gettext("plus tax"))


@register.filter
def duration(seconds: Any) -> str:
    """A length in words: "45 s", "12 min", "1 h 12 min"."""
    whole = round(float(seconds or 0))
    if 0 < whole < 60:
        return gettext("%(seconds)d s") % {"seconds": whole}
    hours, minutes = divmod(round(whole / 60), 60)
    if not hours:
        return gettext("%(minutes)d min") % {"minutes": minutes}
    if not minutes:
        return gettext("%(hours)d h") % {"hours": hours}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


@register.filter
def clock(seconds: Any) -> str:
    """A length or a place in a film: "0:07", "12:40", "1:02:03"."""
    minutes, second = divmod(int(float(seconds or 0)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


@register.filter
def count(number: Any) -> str:
    """A whole number with the language's own groups: "12,345", in Chinese "1.2万"."""
    return written(int(number or 0), get_language() or "en")


def written(number: int, language: str) -> str:
    """As `count`, for who asks for the language once and writes dozens of numbers."""
    if language == "en":
        return f"{number:,}"  # as Babel writes it, at a fiftieth of its cost
    if not language.startswith("zh"):
        return format_decimal(number, locale=language.replace("-", "_"))
    for unit, word in ((_YI, "亿"), (_WAN, "万")):
        if abs(number) >= unit:
            # Cut, never rounded up: 19 999 is not yet 2万.
            return f"{number * 10 // unit / 10:g}{word}"
    return str(number)


@register.filter
def stars(milli: Any) -> str:
    """Thousandths of a star as people read them: "4.6". Rounded down: who sees 4.5 finds it under "4.5 and up"."""
    return f"{int(milli or 0) // 100 / 10:.1f}"


@register.simple_tag
def star_row(milli: Any) -> SafeString:
    """Five stars, drawn full up to this many thousandths. The number stands beside them in words."""
    star = "m12 3.8 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z"
    five = "".join(f'<path d="{star}" transform="translate({at * 24})"/>' for at in range(5))
    full = f'<svg class="star-row__full" width="{int(milli or 0) * 24 / 1000:.1f}" height="24">{five}</svg>'
    return mark_safe(f'<svg class="star-row" viewBox="0 0 120 24" aria-hidden="true">{five}{full}</svg>')


@register.filter
def lessons(number: Any) -> str:
    """ "1 lesson", "12 lessons"."""
    number = int(number or 0)
    return ngettext("%(count)d lesson", "%(count)d lessons", number) % {"count": number}


@register.filter
def has_role(user: Any, role: str) -> bool:
    """Whether `user` holds `role`; an anonymous visitor holds none."""
    return bool(user and user.is_authenticated and user.has_role(role))


@register.filter
def may_read(user: Any, role: str) -> bool:
    """Whether the pages of `role` are shown to `user`: to whoever holds it, and to auditors."""
    return bool(user and user.is_authenticated and user.may_read(role))


@register.simple_tag(takes_context=True)
def url_with(context: Context, **changes: Any) -> str:
    """This page's query string with some values changed; None or "" takes a value away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag
def state(tone: str, label: Any) -> SafeString:
    """A state as a word with a dot. Tones: ok, wait, bad, info, idle."""
    return format_html('<span class="state" data-tone="{}">{}</span>', tone, label)


@register.simple_tag
def meter(value: Any, maximum: Any, label: Any, shown: Any = "", tone: str = "") -> SafeString:
    """A bar with its name; `shown` is the value in words ("3 of 8")."""
    return format_html(
        '<div class="meter"><span>{}</span><span class="meter__value">{}</span>'
        '<progress value="{}" max="{}" data-tone="{}" aria-label="{}"></progress></div>',
        label, shown, value or 0, maximum or 1, tone, label,
    )  # fmt: skip


@register.simple_tag
def avatar(name: Any, image: Any = None, size: str = "") -> SafeString:
    """A round portrait (an ImageField's file), or the first letter of the name. Sizes: "", small, large."""
    css = f"avatar avatar--{size}" if size else "avatar"
    if image:
        return format_html('<img class="{}" src="{}" alt="" width="88" height="88" loading="lazy">', css, image.url)
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, str(name or "·").strip()[:1].upper())


@register.filter
def item(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """`mapping[key]`, or nothing."""
    return mapping.get(key) if mapping else None


@register.filter
def code_spans(text: Any) -> SafeString:
    """One line of words, with what stands between two backticks set as code; a single backtick stays one."""
    parts = str(text).split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    made = [format_html("<code>{}</code>", part) if at % 2 else escape(part) for at, part in enumerate(parts)]
    return mark_safe("".join(made))
