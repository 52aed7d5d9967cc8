"""The ledger's entries as events of income, in SQL that both the rollups and their readers use.

A sale entry names its order, the entry of a refund or of a lost dispute names its refund (`payments.bookings`); from
there each party's part is found. An entry belongs to the month (UTC) in which it occurred.
"""

from learners.retention import FEWEST

# Of which the parts of people are found by order or refund; all others only move or end what is there.
SALE_KINDS = ("sale",)
RETURN_KINDS = ("refund", "dispute_lost")
# A part of the pass's pool: the entry names its division and which parts of it (`payments.pool.booking`).
POOL_KINDS = ("pool",)
# What few members watched is not told by its course, nor whether that is hers or one that she shares in.
POOL_COURSE = f"CASE WHEN s.members >= {FEWEST} THEN s.course_id END"
POOL_ROLE = f"CASE WHEN s.members >= {FEWEST} THEN s.role ELSE 'creator' END"

AMOUNTS = (
    "gross_minor", "discount_minor", "promotion_minor", "tax_minor", "platform_minor", "affiliate_minor",
    "coauthors_minor", "share_minor", "returned_minor",
)  # fmt: skip
MONTH = "date_trunc('month', e.occurred_at AT TIME ZONE 'UTC')::date"
ROLE = (
    "CASE WHEN s.kind = 'affiliate' THEN 'promoter' WHEN s.owner_id = i.creator_id THEN 'creator' ELSE 'coauthor' END"
)


def _own(column: str) -> str:
    """What only the course's creator is shown."""
    return f"CASE WHEN s.kind = 'creator' AND s.owner_id = i.creator_id THEN {column} ELSE 0 END"


def own_columns() -> list[str]:
    """The amounts of a sale as the course's own creator sees them, in the order of `AMOUNTS`; zeros for others."""
    columns = {
        "gross_minor": "i.price_minor + i.discount_minor", "discount_minor": "i.discount_minor",
        "promotion_minor": "i.promotion_minor", "tax_minor": "i.tax_minor", "platform_minor": "i.platform_minor",
        "affiliate_minor": "i.affiliate_minor", "coauthors_minor": "i.creator_minor - s.amount_minor",
    }  # fmt: skip
    return [f"{_own(column)} AS {name}" for name, column in columns.items()]


def incomes(which: str, owner: str = "") -> str:
    """Rows of income, one a share sold and one a share given back, of the entries `which` (SQL about `e`). A price in
    parts is one sale, of its first part; the money of each part is of its day.

    `owner`: SQL about `s` that keeps one person's. Columns as in IncomeMonth, with `item_id`.
    """
    return f"""
    SELECT e.book, s.owner_id, {ROLE} AS role, i.course_id, o.currency, {MONTH} AS month,
           CASE WHEN i.is_tip OR o.part > 1 THEN 0 ELSE 1 END AS sales,
           {", ".join(own_columns())}, s.amount_minor AS share_minor,
           0 AS returned_minor, i.id AS item_id
      FROM payments_ledgerentry e
      JOIN payments_order o ON o.number = e.meta->>'order'
      JOIN payments_orderitem i ON i.order_id = o.id
      JOIN payments_itemshare s ON s.item_id = i.id AND s.owner_id IS NOT NULL {owner}
     WHERE e.kind IN {SALE_KINDS_SQL} AND {which}
    UNION ALL
    SELECT e.book, s.owner_id, {ROLE}, i.course_id, o.currency, {MONTH}, 0,
           0, 0, 0, 0, 0, 0, 0, 0, r.amount_minor, NULL
      FROM payments_ledgerentry e
      JOIN payments_refundline l ON l.refund_id = (e.meta->>'refund')::bigint
      JOIN payments_refundshare r ON r.line_id = l.id
      JOIN payments_itemshare s ON s.id = r.share_id AND s.owner_id IS NOT NULL {owner}
      JOIN payments_orderitem i ON i.id = s.item_id
      JOIN payments_order o ON o.id = i.order_id
     WHERE e.kind IN {RETURN_KINDS_SQL} AND {which}
    UNION ALL
    SELECT e.book, s.owner_id, {POOL_ROLE}, {POOL_COURSE}, d.currency, {MONTH}, 0,
           CASE WHEN {POOL_ROLE} = 'creator' THEN s.amount_minor ELSE 0 END, 0, 0, 0, 0, 0, 0, s.amount_minor, 0, NULL
      FROM payments_ledgerentry e
      JOIN payments_pooldivision d ON d.id = (e.meta->>'pool')::bigint
      JOIN payments_poolpart s
        ON s.division_id = d.id AND s.batch = (e.meta->>'batch')::int AND s.amount_minor > 0 {owner}
     WHERE e.kind IN {POOL_KINDS_SQL} AND {which}"""


def _listed(kinds: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{kind}'" for kind in kinds) + ")"


SALE_KINDS_SQL, RETURN_KINDS_SQL, POOL_KINDS_SQL = _listed(SALE_KINDS), _listed(RETURN_KINDS), _listed(POOL_KINDS)
INCOME_KINDS_SQL = _listed(SALE_KINDS + RETURN_KINDS + POOL_KINDS)
SUMS = ", ".join(f"sum({name})::bigint AS {name}" for name in ("sales", *AMOUNTS))
