"""What a month of the pool is reckoned from: the members' paid months, and the seconds that they watched in them.

Each of the three questions is one statement, however many members there are.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

# A month of the pass counts once it is over and cannot be taken back by its member any more, while nothing of it is
# under way to her and no bank disputes it. What went back before is not in it.
_MONTHS = """
SELECT month.id, member.member_id, to_char(month.ends_at AT TIME ZONE 'UTC', 'YYYY-MM'),
       share.amount_minor - coalesce(back.minor, 0)
  FROM payments_membershipmonth month
  JOIN payments_membership member ON member.id = month.membership_id
  JOIN payments_refundrule rule ON rule.id = member.refund_rule_id
  JOIN payments_orderitem item ON item.order_id = month.order_id AND item.granted_at IS NOT NULL
  JOIN payments_itemshare share ON share.item_id = item.id AND share.kind = 'pool'
  LEFT JOIN LATERAL (
      SELECT sum(taken.amount_minor)::bigint AS minor FROM payments_refundshare taken
        JOIN payments_refundline line ON line.id = taken.line_id AND line.failed_at IS NULL
       WHERE taken.share_id = share.id) back ON true
 WHERE member.creator_id IS NULL AND member.book = %(book)s AND member.currency = %(currency)s
   AND month.ends_at < %(end)s AND item.disputed_at IS NULL
   AND month.paid_at + rule.whole_days * interval '1 day' < %(now)s
   AND NOT EXISTS (SELECT FROM payments_poolmonth pooled WHERE pooled.month_id = month.id)
   AND NOT EXISTS (SELECT FROM payments_refund refund
                    WHERE refund.order_id = month.order_id AND refund.state = 'requested')
 ORDER BY month.id"""
# Of months that were divided, what went back since then, less what divisions have borne of it.
_LATE = """
SELECT coalesce(sum(pooled.amount_minor - share.amount_minor + coalesce(back.minor, 0)), 0)::bigint
       - (SELECT coalesce(sum(late_minor), 0) FROM payments_pooldivision
           WHERE book = %(book)s AND currency = %(currency)s)::bigint
  FROM payments_pooldivision division
  JOIN payments_poolmonth pooled ON pooled.division_id = division.id
  JOIN payments_membershipmonth month ON month.id = pooled.month_id
  JOIN payments_orderitem item ON item.order_id = month.order_id AND item.granted_at IS NOT NULL
  JOIN payments_itemshare share ON share.item_id = item.id AND share.kind = 'pool'
  LEFT JOIN LATERAL (
      SELECT sum(taken.amount_minor)::bigint AS minor FROM payments_refundshare taken
        JOIN payments_refundline line ON line.id = taken.line_id AND line.failed_at IS NULL
        JOIN payments_refund refund ON refund.id = line.refund_id AND refund.state = 'done'
       WHERE taken.share_id = share.id) back ON true
 WHERE division.book = %(book)s AND division.currency = %(currency)s"""
# Each second of a film once a member's month, by when its report came in: while a membership had opened the course for
# her, and the newest that did so was not its creator's own one, of which she had a paid month, nor was it hers by
# itself: but what she buys in parts and is paused counts while the pass opens it. Reports are noted by the clock on
# the wall, months by that of money, which the sandbox may move: `shift` says how far it was ahead from when until when.
_SECONDS = """
WITH shift AS MATERIALIZED (
    SELECT '-infinity'::timestamptz AS from_at, interval '0' AS ahead,
           coalesce(min(moved_at), 'infinity') AS until_at FROM floor_clockshift WHERE %(book)s = 'sandbox'
    UNION ALL
    SELECT moved_at, sum(seconds) OVER earlier * interval '1 second', coalesce(lead(moved_at) OVER earlier, 'infinity')
      FROM floor_clockshift WHERE %(book)s = 'sandbox' WINDOW earlier AS (ORDER BY moved_at, id)
), paid AS MATERIALIZED (
    SELECT month.id, member.member_id, month.starts_at, month.ends_at
      FROM payments_membershipmonth month
      JOIN payments_membership member ON member.id = month.membership_id
      JOIN accounts_user person ON person.id = member.member_id AND person.is_active AND person.rests_since IS NULL
     WHERE month.id = ANY(%(months)s::bigint[])
), seen AS (
    SELECT paid.id AS month_id, session.course_id, range_agg(report.accepted) AS spans
      FROM paid
      JOIN learners_watchsession session ON session.learner_id = paid.member_id
       AND session.started_at < paid.ends_at
       AND session.reported_at + (SELECT max(ahead) FROM shift) >= paid.starts_at
      JOIN learners_watchreport report ON report.session_id = session.id
      JOIN shift ON report.received_at >= shift.from_at AND report.received_at < shift.until_at
       AND report.received_at + shift.ahead >= paid.starts_at AND report.received_at + shift.ahead < paid.ends_at
      JOIN courses_course course ON course.id = session.course_id
      JOIN creators_creator creator ON creator.id = course.creator_id AND creator.user_id <> paid.member_id
      JOIN LATERAL (
          SELECT lender.creator_id, opened.opened_at, opened.ended_at
            FROM payments_membership lender
            JOIN payments_membershipopening opened ON opened.membership_id = lender.id
             AND opened.course_id = course.id AND opened.opened_at <= report.received_at
           WHERE lender.member_id = paid.member_id ORDER BY opened.opened_at DESC, opened.id DESC LIMIT 1
      ) newest ON true
     WHERE ((creator.suspended_at IS NULL AND NOT course.is_taken_down)
            OR EXISTS (SELECT FROM payments_courseescrow escrow WHERE escrow.course_id = course.id
                        AND (escrow.closed_at IS NULL
                             OR escrow.outcome = 'award' AND escrow.closed_at >= paid.starts_at)))
       AND EXISTS (
               SELECT FROM payments_passlisting listing
                WHERE listing.course_id = course.id AND listing.placed_at <= report.received_at + shift.ahead
                  AND (listing.lifted_at IS NULL OR listing.lifted_at > report.received_at + shift.ahead))
       AND NOT EXISTS (
               SELECT FROM payments_membership own
                 JOIN payments_membershipmonth month ON month.membership_id = own.id
                  AND month.starts_at <= report.received_at + shift.ahead
                  AND least(month.ends_at, own.ended_at) > report.received_at + shift.ahead
                WHERE own.member_id = paid.member_id AND own.creator_id = course.creator_id
                  AND own.creator_id = newest.creator_id)
       AND NOT EXISTS (
               SELECT FROM learners_enrollment held
                WHERE held.learner_id = paid.member_id AND held.course_id = course.id AND held.source <> 'membership'
                  AND coalesce(held.owned_at, held.granted_at) <= report.received_at
                  AND (held.ended_at IS NULL OR held.ended_at > report.received_at)
                  AND NOT (newest.creator_id IS NULL AND newest.opened_at > coalesce(held.owned_at, held.granted_at)
                           AND (newest.ended_at IS NULL OR newest.ended_at > report.received_at)))
       AND NOT EXISTS (
               SELECT FROM payments_splitline line
                 JOIN payments_coursesplit split ON split.id = line.split_id AND split.course_id = course.id
                 JOIN creators_creator coauthor ON coauthor.id = line.creator_id
                WHERE coauthor.user_id = paid.member_id AND split.agreed_at IS NOT NULL AND line.bps > 0)
     GROUP BY paid.id, session.course_id, session.lesson_key, session.asset
)
SELECT month_id, course_id, sum(length)::bigint FROM (
    SELECT month_id, course_id, (SELECT sum(upper(span) - lower(span)) FROM unnest(spans) AS span) AS length FROM seen
) AS each GROUP BY 1, 2 HAVING sum(length) > 0 ORDER BY 1, 2"""


# A course in the calendar month in which the members' months ended, as 2026-07.
Key = tuple[int, str]


@dataclass(frozen=True)
class Inputs:
    """By member's month: whose it is, what is left of its share for the pool, and the seconds of each course."""

    members: dict[int, int]
    months: dict[int, int]
    late: int
    seconds: dict[int, dict[Key, int]]


def inputs(book: str, currency: str, end: datetime, now: datetime) -> Inputs:
    """Of what ended before `end` and is not divided yet."""
    asked = {"book": book, "currency": currency, "end": end, "now": now}
    rows = _ask(_MONTHS, asked)
    months = {month: int(left) for month, _member, _ended, left in rows}
    ended = {month: name for month, _member, name, _left in rows}
    late = int(_ask(_LATE, asked)[0][0])
    seconds: dict[int, dict[Key, int]] = {}
    kept = [month for month, left in months.items() if left > 0]
    # Where nothing is left nobody need be asked what was watched.
    for month, course, length in _ask(_SECONDS, {"book": book, "months": kept}) if sum(months.values()) > late else []:
        seconds.setdefault(month, {})[course, ended[month]] = int(length)
    return Inputs({month: member for month, member, _ended, _left in rows}, months, late, seconds)


def _ask(query: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return cursor.fetchall()
