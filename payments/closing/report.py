"""A month's facts, frozen or to be frozen, as people read them: amounts with a currency, names in their language."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import Money

from .. import charts
from ..models import AccountKind, ReconBreak

# In the order in which they are read; the sign says to which side the bar is drawn.
FIGURES: dict[str, tuple[str | Promise, int]] = {
    "gross_sales": (_("Gross sales, with tax"), 1),
    "tax_collected": (_("Tax collected"), 1),
    "tax_returned": (_("Tax given back"), -1),
    "refunds": (_("Refunds"), -1),
    "disputes": (_("Taken by disputes, less what came back"), -1),
    "provider_fees": (_("Fees of the payment provider"), -1),
    "dispute_fees": (_("Fees of disputes"), -1),
    "payouts": (_("Paid out, less what came back"), -1),
    "revenue": (_("Platform fees earned"), 1),
}


@dataclass(frozen=True)
class AccountLine:
    """One kind of account in the month. Opening and closing stand in the account's normal direction."""

    kind: AccountKind
    opening: Money
    debits: Money
    credits: Money
    closing: Money
    end_debit: Money
    end_credit: Money


@dataclass(frozen=True)
class Figure:
    name: str
    label: str | Promise
    amount: Money
    bar: charts.Bar


@dataclass(frozen=True)
class Currency:
    """One currency's month: its figures, drawn, and its trial balance."""

    currency: str
    figures: list[Figure]
    bars: charts.Bars
    accounts: list[AccountLine]
    debits: Money
    credits: Money
    end_debit: Money
    end_credit: Money


@dataclass(frozen=True)
class Break:
    """Something that did not fit with the provider when the month was closed."""

    kind: str
    key: str
    amount: Money | None
    note: str

    @property
    def label(self) -> str | Promise:
        return ReconBreak.Kind(self.kind).label


@dataclass(frozen=True)
class Report:
    month: date
    entries: int
    currencies: list[Currency]
    breaks: list[Break]
    seal: str


def of(facts: dict[str, Any]) -> Report:
    return Report(
        date.fromisoformat(f"{facts['month']}-01"), facts["entries"], [_currency(one) for one in facts["currencies"]],
        [_break(row) for row in facts["breaks"]], facts["sealed"]["hash"],
    )  # fmt: skip


def _currency(one: dict[str, Any]) -> Currency:
    name = one["currency"]
    accounts = [_account(row, name) for row in one["accounts"]]
    amounts = {figure: Money(int(one["figures"][figure]), name) for figure in FIGURES}
    drawn = [(str(label), Money(sign * amounts[figure].minor, name)) for figure, (label, sign) in FIGURES.items()]
    bars = charts.balance_bars(drawn)
    return Currency(
        name,
        [
            Figure(figure, FIGURES[figure][0], amount, bar)
            for (figure, amount), bar in zip(amounts.items(), bars.bars, strict=True)
        ],
        bars, accounts,
        *(
            Money.total((getattr(line, side) for line in accounts), name)
            for side in ("debits", "credits", "end_debit", "end_credit")
        ),
    )  # fmt: skip


def _account(row: dict[str, str], currency: str) -> AccountLine:
    kind = AccountKind(row["account"])
    direction = 1 if kind.side == "debit" else -1
    opening, debits, credits_, closing = (int(row[name]) for name in ("opening", "debits", "credits", "closing"))
    amounts = (direction * opening, debits, credits_, direction * closing, max(closing, 0), max(-closing, 0))
    return AccountLine(kind, *(Money(minor, currency) for minor in amounts))


def _break(row: dict[str, Any]) -> Break:
    amount = None if row["amount"] is None else Money(int(row["amount"]), row["currency"])
    return Break(row["kind"], row["key"], amount, row["note"])
