"""What one course costs a buyer and who gets what of it. Pure arithmetic; source: the design's page on money, 3.5.

list price → discount (somebody bears it) → net → tax → price. The parties share the net; what the platform bears of a
discount (`promotion`) is added, so that the others get their parts as if there were none.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.lib.money import CURRENCIES, Money

from . import fees

WHOLE = 10_000  # basis points

PLATFORM, AFFILIATE, CREATOR, POOL = "platform", "affiliate", "creator", "pool"
BY_CREATOR, BY_PLATFORM = "creator", "platform"


@dataclass(frozen=True)
class Line:
    """One course as it is asked for. `list` and `discount` are as shown: with tax in them when `is_tax_inclusive`.

    `bearer` pays for the discount: "creator" or "platform", "" when there is none. Parts are in basis points:
    `platform_bps` (and `fixed_minor`) and `affiliate_bps` of the basis, `coauthors` (creator's id, bps) of what is left
    for the creators. `rule_id`, `referral_code`, `bundle_price_id` and `promoter_sales` (by which the promoter's part
    was chosen, where the rule has tiers) and `is_tip` are only carried along. A month of a membership names no course;
    one of the whole site no creator either: what the platform leaves of it is for the pool.
    """

    course_id: int | None
    creator_id: int | None
    list: Money
    discount: Money
    bearer: str = ""
    platform_bps: int = 0
    fixed_minor: int = 0
    affiliate_bps: int = 0
    affiliate_id: int | None = None
    coauthors: tuple[tuple[int, int], ...] = ()
    tax_bps: int = 0
    is_tax_inclusive: bool = True
    rule_id: int = 0
    referral_code: str = ""
    bundle_price_id: int | None = None
    promoter_sales: int | None = None
    is_tip: bool = False


@dataclass(frozen=True)
class Share:
    """What one party gets of one course sold: `kind` platform, affiliate, creator or pool; no owner for the
    platform and the pool.

    `bps` is what it was reckoned by: of the basis for platform and affiliate, of the creators' side for a creator.
    """

    kind: str
    owner_id: int | None
    amount: Money
    bps: int = 0


@dataclass(frozen=True)
class Quoted:
    """`price` is what the buyer pays. price = net + tax; the shares sum to net + promotion; nothing is negative."""

    list: Money
    discount: Money
    net: Money
    tax: Money
    price: Money
    promotion: Money
    shares: tuple[Share, ...]

    def amounts(self) -> dict[str, int]:
        """As the fields of an order's item."""
        amounts = {
            "list": self.list, "discount": self.discount, "net": self.net, "tax": self.tax, "price": self.price,
            "promotion": self.promotion,
        }  # fmt: skip
        parts = {kind: self.part(kind) for kind in (PLATFORM, AFFILIATE)}
        # What is in the pool is the creators', before anybody knows whose.
        parts[CREATOR] = self.part(CREATOR) + self.part(POOL)
        return {f"{name}_minor": amount.minor for name, amount in {**amounts, **parts}.items()}

    def part(self, kind: str) -> Money:
        """What all parties of a kind get together."""
        return Money.total((share.amount for share in self.shares if share.kind == kind), self.price.currency)


def quote(line: Line, *, tax: Money | None = None) -> Quoted:
    """The amounts of one line; `tax` is what somebody else reckoned, in place of what `tax_bps` comes to.

    Raises ValueError for a line that no rule of ours makes.
    """
    _must_make_sense(line)
    currency = line.list.currency
    after = line.list - line.discount
    if tax is None:
        tax = tax_of(after, line.tax_bps, is_inclusive=line.is_tax_inclusive)
    net = after - tax if line.is_tax_inclusive else after
    # Another's tax may be rounded otherwise than ours of the list price: the platform never adds less than nothing.
    basis = max(net, _net_of_list(line)) if line.bearer == BY_PLATFORM else net
    return Quoted(
        line.list, line.discount, net, tax, net + tax, basis - net, tuple(_shares(line, basis.minor, currency))
    )


def tax_of(shown: Money, bps: int, *, is_inclusive: bool) -> Money:
    """The tax in (inclusive) or on top of (exclusive) an amount as shown, rounded half up.

    Tax on top is rounded to the steps in which the provider charges the currency: the price must be payable.
    """
    if is_inclusive:
        return Money(_half_up(shown.minor * bps, WHOLE + bps), shown.currency)
    step = CURRENCIES[shown.currency].charge_multiple
    return Money(_half_up(shown.minor * bps, WHOLE * step) * step, shown.currency)


def _net_of_list(line: Line) -> Money:
    if not line.is_tax_inclusive:
        return line.list
    return line.list - tax_of(line.list, line.tax_bps, is_inclusive=True)


def _shares(line: Line, basis: int, currency: str) -> Iterator[Share]:
    platform = fees.split(Money(basis, currency), line).platform.minor
    yield Share(PLATFORM, None, Money(platform, currency), line.platform_bps)
    affiliate = 0
    if line.affiliate_id is not None:
        affiliate = min(basis - platform, basis * line.affiliate_bps // WHOLE)
        yield Share(AFFILIATE, line.affiliate_id, Money(affiliate, currency), line.affiliate_bps)
    side = basis - platform - affiliate
    if line.creator_id is None:
        yield Share(POOL, None, Money(side, currency), WHOLE)
        return
    parts = [(owner_id, bps, side * bps // WHOLE) for owner_id, bps in line.coauthors]
    rest = side - sum(part for _owner_id, _bps, part in parts)
    rest_bps = WHOLE - sum(bps for _owner_id, bps, _part in parts)
    yield Share(CREATOR, line.creator_id, Money(rest, currency), rest_bps)
    for owner_id, bps, part in parts:
        yield Share(CREATOR, owner_id, Money(part, currency), bps)


def _must_make_sense(line: Line) -> None:
    if line.list.minor < 0 or not 0 <= line.discount.minor <= line.list.minor:
        raise ValueError(f"a discount of {line.discount} off {line.list}")
    if (line.bearer not in (BY_CREATOR, BY_PLATFORM)) if line.discount else line.bearer:
        raise ValueError(f"a discount of {line.discount} borne by {line.bearer or 'nobody'}")
    owners = [line.creator_id, *(owner_id for owner_id, _bps in line.coauthors)]
    if len(set(owners)) != len(owners) or sum(bps for _owner_id, bps in line.coauthors) > WHOLE:
        raise ValueError("the co-authors' parts do not fit")
    if min(line.platform_bps, line.affiliate_bps, line.tax_bps, line.fixed_minor, 0, *_bps(line)) < 0:
        raise ValueError("a part is not negative")


def _bps(line: Line) -> tuple[int, ...]:
    return tuple(bps for _owner_id, bps in line.coauthors)


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
