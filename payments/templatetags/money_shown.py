"""How amounts of the books are written: a change with its sign, a tick of a chart in short; and notes of machines."""

from decimal import Decimal

from babel.numbers import format_compact_currency
from django import template
from django.template.defaultfilters import stringfilter

from marketplace.lib.money import Money
from marketplace.lib.spoken import reads_chinese

from .. import remarks

register = template.Library()
register.filter("remark", stringfilter(remarks.said))


@register.filter
def signed(amount: Money | None) -> str:
    """An amount with + or −; nothing for no amount, zero without a sign."""
    if amount is None:
        return ""
    if not amount:
        return amount.format()
    return ("+ " if amount.minor > 0 else "− ") + Money(abs(amount.minor), amount.currency).format()


@register.filter
def taken(amount: Money | None) -> str:
    """A deduction: its sign is always −, zero is a dash."""
    return "–" if not amount else signed(-amount)


@register.filter
def short(amount: Money) -> str:
    """A round amount in as few signs as the language allows: "$12K", "¥1.2万"."""
    locale = "zh_Hans_CN" if reads_chinese() else "en"
    major = Decimal(amount.minor).scaleb(-amount.exponent)
    places = 0 if major == major.to_integral_value() and abs(major) < 1_000 else 1
    return format_compact_currency(major, amount.currency, locale=locale, fraction_digits=places)
