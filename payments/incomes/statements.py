"""A month of somebody's money, line by line: what each sale gave, what was taken back, what was paid out.

Every line is an entry of the ledger and her part in it. The balance at the start and all lines sum to the balance at
the end; what only moves between her own accounts (a release, a payout that is begun) is no line. Months are in UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib.money import Money

from ..models import EntryKind, RevenueRule, Role
from ..models.item_values import title_of
from . import events
from .asking import ask

# The amounts of a sale in a line, in the order in which the queries below answer.
_OF_SALE = ("gross", "discount", "promotion", "tax", "platform", "affiliate", "coauthors")
# What kept months and the entries behind their mark say of her accounts in one currency.
_HERS = "a.owner_id = %(owner)s AND a.book = %(book)s AND a.currency = %(currency)s"
_OPENING = f"""
SELECT coalesce(-sum(amount), 0)::bigint AS opening FROM (
  SELECT m.amount_minor AS amount FROM payments_accountmonth m JOIN payments_ledgeraccount a ON a.id = m.account_id
   WHERE {_HERS} AND m.month < %(month)s
  UNION ALL
  SELECT p.amount_minor FROM payments_ledgerentry e JOIN payments_ledgerposting p ON p.entry_id = e.id
    JOIN payments_ledgeraccount a ON a.id = p.account_id
   WHERE {_HERS} AND e.id > %(mark)s AND {events.MONTH} < %(month)s) AS earlier"""
# A kept month says between which postings its own lie, so a month of long ago is read without what came after.
_ENTRIES = f"""
  SELECT p.entry_id, -sum(p.amount_minor)::bigint AS amount
    FROM payments_accountmonth m
    JOIN payments_ledgeraccount a ON a.id = m.account_id AND {_HERS}
    JOIN payments_ledgerposting p
      ON p.account_id = m.account_id AND p.id BETWEEN m.first_posting AND m.last_posting
    JOIN payments_ledgerentry e ON e.id = p.entry_id AND e.kind = m.kind AND e.id <= %(mark)s
   WHERE m.month = %(month)s AND {events.MONTH} = %(month)s GROUP BY p.entry_id
  UNION ALL
  SELECT p.entry_id, -sum(p.amount_minor)::bigint
    FROM payments_ledgerentry e
    JOIN payments_ledgerposting p ON p.entry_id = e.id
    JOIN payments_ledgeraccount a ON a.id = p.account_id AND {_HERS}
   WHERE e.id > %(mark)s AND {events.MONTH} = %(month)s GROUP BY p.entry_id"""
_OWN = ", ".join(events.own_columns())
_LINES = f"""
SELECT line.* FROM (
  WITH hers AS MATERIALIZED (SELECT entry_id, amount FROM ({_ENTRIES}) AS each WHERE amount <> 0)
  SELECT e.id AS entry_id, e.occurred_at, e.kind, o.number, i.title, {events.ROLE} AS role, i.rule_id,
         i.promoter_sales, i.is_tip, i.course_id IS NULL,
         {_OWN}, s.amount_minor AS amount, '' AS reference, i.id AS item_id
    FROM hers JOIN payments_ledgerentry e ON e.id = hers.entry_id AND e.kind IN {events.SALE_KINDS_SQL}
    JOIN payments_order o ON o.number = e.meta->>'order'
    JOIN payments_orderitem i ON i.order_id = o.id
    JOIN payments_itemshare s ON s.item_id = i.id AND s.owner_id = %(owner)s AND s.amount_minor > 0
  UNION ALL
  SELECT e.id, e.occurred_at, e.kind, o.number, i.title, {events.ROLE}, i.rule_id,
         i.promoter_sales, i.is_tip, i.course_id IS NULL,
         0, 0, 0, 0, 0, 0, 0, -r.amount_minor, '', i.id
    FROM hers JOIN payments_ledgerentry e ON e.id = hers.entry_id AND e.kind IN {events.RETURN_KINDS_SQL}
    JOIN payments_refundline l ON l.refund_id = (e.meta->>'refund')::bigint
    JOIN payments_refundshare r ON r.line_id = l.id AND r.owner_id = %(owner)s
    JOIN payments_itemshare s ON s.id = r.share_id
    JOIN payments_orderitem i ON i.id = s.item_id
    JOIN payments_order o ON o.id = i.order_id
  UNION ALL
  SELECT e.id, e.occurred_at, e.kind, '', coalesce(c.title, ''), {events.POOL_ROLE}, NULL, NULL, false, false,
         0, 0, 0, 0, 0, 0, 0, sum(s.amount_minor)::bigint, e.meta->>'month', min(s.id)
    FROM hers JOIN payments_ledgerentry e ON e.id = hers.entry_id AND e.kind IN {events.POOL_KINDS_SQL}
    JOIN payments_poolpart s ON s.division_id = (e.meta->>'pool')::bigint AND s.batch = (e.meta->>'batch')::int
     AND s.owner_id = %(owner)s AND s.amount_minor > 0
    LEFT JOIN courses_course c ON c.id = {events.POOL_COURSE}
   GROUP BY e.id, c.id, {events.POOL_ROLE}, CASE WHEN c.id IS NOT NULL THEN s.id END
  UNION ALL
  SELECT e.id, e.occurred_at, e.kind, '', '', '', NULL, NULL, false, false, 0, 0, 0, 0, 0, 0, 0, hers.amount,
         coalesce(p.transfer_id, e.idem_key), 0
    FROM hers JOIN payments_ledgerentry e ON e.id = hers.entry_id AND e.kind NOT IN {events.INCOME_KINDS_SQL}
    LEFT JOIN payments_payout p ON p.id = (e.meta->>'payout')::bigint
) AS line ORDER BY occurred_at, entry_id, item_id"""


@dataclass(frozen=True)
class Line:
    """One entry's effect on her. `amount` is hers, with its sign; `balance` is what she has after it.

    The other amounts are those of a sale of her own course, else zero.
    """

    at: datetime
    kind: EntryKind
    order: str
    title: str
    role: Role | None
    rule: RevenueRule | None
    promoter_sales: int | None
    gross: Money
    discount: Money
    promotion: Money
    tax: Money
    platform: Money
    affiliate: Money
    coauthors: Money
    amount: Money
    reference: str
    balance: Money

    @property
    def label(self) -> str | Promise:
        return _LABELS.get(self.kind, self.kind.label)

    @property
    def tier(self) -> str:
        """Which tier its promoter had, in words; "" without one."""
        return self.rule.tier_words(self.promoter_sales) if self.rule else ""


_LABELS: dict[EntryKind, str | Promise] = {
    EntryKind.PAYOUT_SENT: _("Paid out"),
    EntryKind.REFUND: _("Given back to a buyer"),
    EntryKind.DISPUTE_LOST: _("Lost in a dispute"),
}


def _title(kind: str, title: str, is_tip: bool, is_month: bool) -> str:
    if kind == EntryKind.POOL and not title:
        return gettext("Courses that few members watched")
    return title_of(title, is_tip, is_month)


@dataclass(frozen=True)
class Statement:
    """One month in one currency: opening balance, lines, closing balance."""

    creator: Creator
    currency: str
    month: date
    opening: Money
    lines: list[Line]

    @property
    def closing(self) -> Money:
        return self.lines[-1].balance if self.lines else self.opening

    @property
    def sums(self) -> dict[EntryKind, Money]:
        """What each kind of line adds up to, in the order in which the kinds come up."""
        found: dict[EntryKind, Money] = {}
        for line in self.lines:
            found[line.kind] = found.get(line.kind, Money.zero(self.currency)) + line.amount
        return found


def statement(creator: Creator, currency: str, month: date) -> Statement:
    """Of the month that begins on the day `month`. In work and memory linear in that month's lines."""
    asked = {"owner": creator.pk, "currency": currency, "month": month}
    opening = Money(int(ask(_OPENING, asked)[0][0]), currency)
    rows = ask(_LINES, asked)
    rules = RevenueRule.objects.in_bulk({row[6] for row in rows if row[6]})
    return Statement(creator, currency, month, opening, list(_lines(rows, rules, opening)))


def _lines(rows: list[tuple[Any, ...]], rules: dict[int, RevenueRule], opening: Money) -> Iterator[Line]:
    balance = opening
    for (
        _entry,
        at,
        kind,
        order,
        title,
        role,
        rule_id,
        brought,
        is_tip,
        is_month,
        *minors,
        amount,
        reference,
        _i,
    ) in rows:
        balance += Money(int(amount), opening.currency)
        shown = dict(zip(_OF_SALE, (Money(int(minor), opening.currency) for minor in minors), strict=True))
        of_role = Role(role) if role else None
        yield Line(
            at, EntryKind(kind), order, _title(kind, title, is_tip, is_month), of_role, rules.get(rule_id), brought,
            **shown, amount=Money(int(amount), opening.currency), reference=reference, balance=balance,
        )  # fmt: skip
