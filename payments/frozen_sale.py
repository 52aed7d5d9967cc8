"""A sale that is agreed to now and taken later: its line, its tax and each party's share, as plain JSON and back."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from marketplace.lib.money import Money

from .quotes import Line, Quoted, Share

if TYPE_CHECKING:
    from .pricing import Quote

Terms = dict[str, Any]
# What of a line is an amount of money: kept as minor units.
_AMOUNTS = ("list", "discount")


def terms_of(quote: "Quote") -> Terms:
    """Of a quote of one line without a discount."""
    [priced] = quote.lines
    line, quoted = asdict(priced.line), priced.quoted
    return {
        "line": line | {name: getattr(priced.line, name).minor for name in _AMOUNTS},
        "whole": {name: getattr(quoted, name).minor for name in ("list", "net", "tax", "price")},
        "shares": [[share.kind, share.owner_id, share.amount.minor, share.bps] for share in quoted.shares],
        "tax": {
            "is_tax_inclusive": quote.is_tax_inclusive, "tax_source": str(quote.tax_source),
            "tax_name": quote.tax_name, "tax_country": quote.tax_country, "tax_bps": quote.tax_bps,
        },
    }  # fmt: skip


def quoted_of(terms: Terms, currency: str) -> Quoted:
    """What was agreed, whatever the rules are by now."""
    money = {name: Money(minor, currency) for name, minor in terms["whole"].items()}
    shares = tuple(Share(kind, owner_id, Money(minor, currency), bps) for kind, owner_id, minor, bps in terms["shares"])
    zero = Money.zero(currency)
    return Quoted(discount=zero, promotion=zero, shares=shares, **money)


def line_of(terms: Terms, currency: str) -> Line:
    kept = dict(terms["line"])
    coauthors = tuple((owner_id, bps) for owner_id, bps in kept["coauthors"])
    return Line(**kept | {name: Money(kept[name], currency) for name in _AMOUNTS} | {"coauthors": coauthors})
