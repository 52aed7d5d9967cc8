"""What is always true of the pool: a check of the books."""

from collections.abc import Iterator

from django.db import connection

# What is in the pool is what sales brought, less what went back, less what was booked out of it by divisions.
_BALANCE = """
WITH brought AS (
    SELECT orders.book, orders.currency, sum(share.amount_minor - coalesce(back.minor, 0)) AS minor
      FROM payments_itemshare share
      JOIN payments_orderitem item ON item.id = share.item_id
      JOIN payments_order orders ON orders.id = item.order_id AND orders.paid_at IS NOT NULL
      LEFT JOIN LATERAL (
          SELECT sum(taken.amount_minor) AS minor FROM payments_refundshare taken
            JOIN payments_refundline line ON line.id = taken.line_id AND line.failed_at IS NULL
            JOIN payments_refund refund ON refund.id = line.refund_id AND refund.state = 'done'
           WHERE taken.share_id = share.id) back ON true
     WHERE share.kind = 'pool' GROUP BY 1, 2
), left_it AS (
    SELECT division.book, division.currency, sum(part.amount_minor) AS minor
      FROM payments_pooldivision division
      JOIN payments_poolpart part ON part.division_id = division.id
     WHERE EXISTS (SELECT FROM payments_ledgerentry entry
                    WHERE entry.idem_key = 'pool:' || division.id || ':' || part.batch)
     GROUP BY 1, 2
), booked AS (
    SELECT account.book, account.currency, -coalesce(sum(posting.amount_minor), 0) AS minor
      FROM payments_ledgeraccount account LEFT JOIN payments_ledgerposting posting ON posting.account_id = account.id
     WHERE account.kind = 'pool' GROUP BY 1, 2
)
SELECT 'the pool has ' || coalesce(booked.minor, 0) || ' ' || currency || ' (' || book || '), of which '
       || coalesce(brought.minor, 0) - coalesce(left_it.minor, 0) || ' is not divided yet'
  FROM booked FULL JOIN brought USING (book, currency) FULL JOIN left_it USING (book, currency)
 WHERE coalesce(booked.minor, 0) <> coalesce(brought.minor, 0) - coalesce(left_it.minor, 0)"""
# A division is its months, its parts and its entries; what is said to be booked is booked.
_DIVISIONS = """
SELECT 'the pool of ' || to_char(division.month, 'YYYY-MM') || ' in ' || division.currency || ' divides '
       || division.amount_minor || ', its months sum to ' || months.minor || ', its parts to ' || parts.minor
       || ', its entries to ' || coalesce(entries.minor, 0)
  FROM payments_pooldivision division
  JOIN LATERAL (SELECT coalesce(sum(divided_minor), 0) AS minor, coalesce(sum(amount_minor), 0) AS given
                  FROM payments_poolmonth WHERE division_id = division.id) months ON true
  JOIN LATERAL (SELECT coalesce(sum(amount_minor), 0) AS minor
                  FROM payments_poolpart WHERE division_id = division.id) parts ON true
  LEFT JOIN LATERAL (
      SELECT sum(posting.amount_minor) AS minor FROM generate_series(0, division.batches - 1) AS batch
        JOIN payments_ledgerentry entry ON entry.idem_key = 'pool:' || division.id || ':' || batch
        JOIN payments_ledgerposting posting ON posting.entry_id = entry.id
        JOIN payments_ledgeraccount account ON account.id = posting.account_id AND account.kind = 'pool'
  ) entries ON true
 WHERE months.minor <> division.amount_minor OR months.given - division.late_minor <> division.amount_minor
    OR parts.minor <> division.amount_minor
    OR (division.booked_at IS NOT NULL AND entries.minor IS DISTINCT FROM division.amount_minor)"""
# Each course has what its creators have of it, and a member's month is what went to the courses that she watched.
_INSIDE = """
SELECT 'course ' || course_id || ' has ' || min(course_minor) || ' of division ' || division_id
       || ', its creators have ' || sum(amount_minor)
  FROM payments_poolpart GROUP BY division_id, course_id, watched_in
HAVING sum(amount_minor) <> min(course_minor) OR min(course_minor) <> max(course_minor)
UNION ALL
SELECT 'month ' || pooled.month_id || ' gave ' || pooled.divided_minor || ' to what its member watched, its views say '
       || sum(view.amount_minor)
  FROM payments_poolmonth pooled JOIN payments_poolview view ON view.pool_month_id = pooled.id
 GROUP BY pooled.id HAVING sum(view.amount_minor) <> pooled.divided_minor OR sum(view.seconds) <> pooled.seconds"""


def breaks() -> Iterator[str]:
    with connection.cursor() as cursor:
        for query in (_BALANCE, _DIVISIONS, _INSIDE):
            cursor.execute(query)
            yield from (row[0] for row in cursor.fetchall())
