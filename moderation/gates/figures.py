"""The figures of all courses at once, one statement a gate: who is below the least sample never leaves the database."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from community.formula import WINDOW_DAYS

from .rules import DISPUTES, LATEST_RATINGS, LEAVING, RATINGS, REFUNDS, Outlier, Seen

# A price in parts is one sale, of its first part, whichever part went back or is disputed.
_SOLD = """payments_orderitem i JOIN payments_order o ON o.id = i.order_id
 WHERE o.book = %(book)s AND o.paid_at > %(since)s AND i.price_minor > 0 AND i.granted_at IS NOT NULL AND o.part < 2"""
# What buyers gave back, by themselves or through the staff; never what moderators or the house took back.
_BACK = "l.failed_at IS NULL AND r.ends_access AND r.cause IN ('meter', 'staff', 'provider')"
_REFUNDS = f"""
SELECT i.course_id, count(*) AS n, count(*) FILTER (WHERE EXISTS (
         SELECT 1 FROM payments_refundline l JOIN payments_refund r ON r.id = l.refund_id
          WHERE l.item_id = i.id AND {_BACK}
       ) OR o.plan_id IS NOT NULL AND EXISTS (
         SELECT 1 FROM payments_order p JOIN payments_refund r ON r.order_id = p.id
           JOIN payments_refundline l ON l.refund_id = r.id
          WHERE p.plan_id = o.plan_id AND {_BACK}
       )) AS k
  FROM {_SOLD}
 GROUP BY i.course_id
"""
# Stolen cards and payments taken twice say nothing of a course; inquiries that moved no money are no disputes.
_ASKS = """d.reason NOT IN ('fraudulent', 'duplicate')
            AND d.state NOT LIKE 'warning_%%' AND d.outcome NOT IN ('won', 'dropped')"""
_DISPUTES = f"""
SELECT i.course_id, count(*) AS n, count(*) FILTER (WHERE EXISTS (
         SELECT 1 FROM payments_dispute d WHERE d.order_id = i.order_id AND {_ASKS}
       ) OR o.plan_id IS NOT NULL AND EXISTS (
         SELECT 1 FROM payments_order p JOIN payments_dispute d ON d.order_id = p.id
          WHERE p.plan_id = o.plan_id AND {_ASKS}
       )) AS k
  FROM {_SOLD}
 GROUP BY i.course_id
"""
# Who began is who has seen a second of it; who came of late may still come back. Members look in at what they did not
# choose with their money.
_LEAVING = """
SELECT e.course_id, count(*) AS n,
       count(*) FILTER (WHERE seen.done = 0 AND seen.covered * 20 < c.duration_s) AS k
  FROM learners_enrollment e JOIN courses_course c ON c.id = e.course_id
 CROSS JOIN LATERAL (
       SELECT count(*) AS began, count(p.done_at) AS done, coalesce(sum(p.covered_s), 0) AS covered
         FROM learners_lessonprogress p WHERE p.learner_id = e.learner_id AND p.course_id = e.course_id
          AND (p.covered_s > 0 OR p.done_at IS NOT NULL)) seen
 WHERE e.granted_at > %(since)s AND e.granted_at < %(until)s AND e.source <> 'membership' AND seen.began > 0
   AND c.lessons_count >= 3 AND c.duration_s > 0
 GROUP BY e.course_id
"""
# What counts in a course's number, of the last days, or the last ten within a year.
_RATINGS = f"""
SELECT r.course_id, count(*) AS n, count(*) FILTER (WHERE r.stars <= 2) AS k
  FROM (SELECT course_id, stars, said_at,
               row_number() OVER (PARTITION BY course_id ORDER BY said_at DESC, id DESC) AS place
          FROM community_rating WHERE NOT is_hidden AND NOT is_apart
           AND said_at > %(since)s - interval '{WINDOW_DAYS - RATINGS.days} days') r
 WHERE r.said_at > %(since)s OR r.place <= {LATEST_RATINGS} GROUP BY r.course_id
"""
# Beside each course its category's sum and everybody's. Only courses on sale are judged; all of them count.
_ASKED = """
WITH counted AS ({counted}),
     beside AS (
       SELECT c.id, c.slug, t.n, t.k, sum(t.k) OVER category AS category_k, sum(t.n) OVER category AS category_n,
              sum(t.k) OVER () AS site_k, sum(t.n) OVER () AS site_n,
              c.live_version_id IS NOT NULL AND NOT c.is_taken_down AND s.suspended_at IS NULL AS is_on_sale
         FROM counted t JOIN courses_course c ON c.id = t.course_id JOIN creators_creator s ON s.id = c.creator_id
       WINDOW category AS (PARTITION BY c.category_id))
SELECT slug, k, n, category_k, category_n, site_k, site_n FROM beside
 WHERE n >= %(least_n)s AND k >= %(least_k)s AND is_on_sale ORDER BY id
"""
_SETTLED_AFTER = timedelta(days=30)


def refunds(now: datetime) -> Iterator[tuple[str, Seen]]:
    """(slug, figures) of the courses with enough sales and enough of them given back."""
    return _asked(_REFUNDS, REFUNDS, now)


def disputes(now: datetime) -> Iterator[tuple[str, Seen]]:
    return _asked(_DISPUTES, DISPUTES, now)


def ratings(now: datetime) -> Iterator[tuple[str, Seen]]:
    return _asked(_RATINGS, RATINGS, now)


def leaving(now: datetime) -> Iterator[tuple[str, Seen]]:
    return _asked(_LEAVING, LEAVING, now)


def _asked(counted: str, rule: Outlier, now: datetime) -> Iterator[tuple[str, Seen]]:
    told: dict[str, Any] = {
        "book": settings.PAYMENTS_BOOK, "since": now - timedelta(days=rule.days), "until": now - _SETTLED_AFTER,
        "least_n": rule.least_n, "least_k": rule.least_k,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ASKED.format(counted=counted), told)
        for slug, *figures in cursor.fetchall():
            yield slug, Seen(*map(int, figures))
