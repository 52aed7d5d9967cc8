"""What detectors read, each by one statement over all accounts: counts of what is tied together, never single rows.

A device is the address and the browser of a log-in as allauth keeps them while the log-in lasts; a card is the hash of
`payments.CardTrace`; watching is the evidence of `learners`, and what a rating says of it. A price in parts is one
purchase, of its first part. What was bought within the last week is left out: most people watch within days.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from . import rules

BOUGHT_WITHIN, WATCHED_AFTER = timedelta(days=180), timedelta(days=7)
REDEEMED_WITHIN, NEW_FOR = timedelta(days=90), timedelta(days=7)
TRIED_WITHIN, PLAYED_WITHIN = timedelta(days=30), timedelta(days=14)

_UNWATCHED = """NOT EXISTS (
    SELECT 1 FROM learners_lessonprogress p WHERE p.learner_id = i.buyer_id AND p.course_id = i.course_id
       AND (p.covered_s >= 60 OR p.done_at IS NOT NULL))"""
_BOUGHT = f"""bought AS MATERIALIZED (
    SELECT i.order_id, i.buyer_id, i.creator_id, {_UNWATCHED} AS is_unwatched
      FROM payments_orderitem i JOIN payments_order o ON o.id = i.order_id
     WHERE o.book = %(book)s AND o.paid_at > %(since)s AND o.paid_at < %(until)s AND i.granted_at IS NOT NULL
       AND i.price_minor > 0 AND o.part < 2)"""
_DEVICES = """devices AS MATERIALIZED (
    SELECT DISTINCT user_id, ip, user_agent FROM usersessions_usersession WHERE user_agent <> '')"""
_CARDS = """cards AS MATERIALIZED (
    SELECT DISTINCT order_id, card FROM payments_cardtrace WHERE card <> '' AND NOT is_declined)"""

# By each tie apart: a professor's honest students on the campus do not hide the few accounts on her own card.
_SELF = f"""
WITH {_BOUGHT}, {_DEVICES}, {_CARDS},
     others AS (SELECT b.*, c.user_id FROM bought b JOIN creators_creator c ON c.id = b.creator_id
                 WHERE b.buyer_id <> c.user_id),
     tied AS (
       SELECT CASE WHEN EXISTS (SELECT 1 FROM payments_cardtrace t WHERE t.card = k.card AND t.buyer_id = b.user_id)
                   THEN 'card' ELSE 'shared_card' END AS tie,
              k.card AS by, b.creator_id, b.buyer_id, b.is_unwatched
         FROM others b JOIN cards k ON k.order_id = b.order_id
       UNION ALL
       SELECT 'device', h.ip::text || ' ' || h.user_agent, b.creator_id, b.buyer_id, b.is_unwatched
         FROM others b JOIN devices h ON h.user_id = b.buyer_id
         JOIN devices o ON o.user_id = b.user_id AND o.ip = h.ip AND o.user_agent = h.user_agent)
SELECT s.slug, t.tie, array_agg(DISTINCT t.buyer_id ORDER BY t.buyer_id), count(*),
       count(*) FILTER (WHERE t.is_unwatched)
  FROM tied t JOIN creators_creator s ON s.id = t.creator_id
 GROUP BY s.slug, t.tie, t.by HAVING count(DISTINCT t.buyer_id) >= %(least)s ORDER BY s.slug, count(*) DESC, t.tie
"""
_EDGES = f"""
WITH {_BOUGHT}
SELECT c.id, b.creator_id, count(*), count(*) FILTER (WHERE b.is_unwatched)
  FROM bought b JOIN creators_creator c ON c.user_id = b.buyer_id
 WHERE c.id <> b.creator_id GROUP BY c.id, b.creator_id HAVING count(*) >= %(least)s
"""
# By the creator herself, or by who shares a device of few with her.
_RATED = f"""
WITH {_DEVICES},
     few AS (SELECT ip, user_agent FROM devices GROUP BY ip, user_agent HAVING count(*) BETWEEN 2 AND %(most)s),
     house AS (
       SELECT id AS creator_id, user_id FROM creators_creator
       UNION
       SELECT c.id, h.user_id FROM creators_creator c JOIN devices o ON o.user_id = c.user_id
         JOIN few f ON f.ip = o.ip AND f.user_agent = o.user_agent
         JOIN devices h ON h.ip = o.ip AND h.user_agent = o.user_agent)
SELECT h.creator_id, k.creator_id, count(*), count(*) FILTER (WHERE r.stars = 5 AND r.learned < %(unseen)s)
  FROM house h JOIN community_rating r ON r.learner_id = h.user_id AND r.said_at > %(since)s AND NOT r.is_hidden
  JOIN courses_course k ON k.id = r.course_id
 WHERE k.creator_id <> h.creator_id GROUP BY h.creator_id, k.creator_id HAVING count(*) >= %(least)s
"""
_REDEEMED = f"""
WITH {_DEVICES}, {_CARDS},
     used AS MATERIALIZED (
       SELECT u.coupon_id, u.buyer_id, u.order_id, u.used_at, (
              SELECT bool_and({_UNWATCHED}) FROM payments_orderitem i WHERE i.order_id = u.order_id) AS is_unwatched
         FROM payments_couponuse u JOIN payments_coupon c ON c.id = u.coupon_id
         JOIN accounts_user a ON a.id = u.buyer_id
        WHERE u.state = 'used' AND c.cap_person IS NOT NULL AND u.used_at > %(since)s
          AND a.joined_at > u.used_at - %(new)s),
     placed AS MATERIALIZED (SELECT u.*, d.ip, d.user_agent FROM used u JOIN devices d ON d.user_id = u.buyer_id),
     by_card AS (SELECT u.*, k.card FROM used u JOIN cards k ON k.order_id = u.order_id),
     together AS (
       SELECT coupon_id, card, max(n) AS n FROM (
         SELECT k.coupon_id, k.card, count(DISTINCT k.buyer_id) AS n
           FROM by_card k JOIN devices d ON d.user_id = k.buyer_id
          GROUP BY k.coupon_id, k.card, d.ip, d.user_agent) each_device GROUP BY coupon_id, card)
SELECT 'card', array_agg(DISTINCT k.buyer_id ORDER BY k.buyer_id), max(coalesce(t.n, 0)), count(DISTINCT k.order_id),
       count(DISTINCT k.order_id) FILTER (WHERE k.is_unwatched)
  FROM by_card k LEFT JOIN together t ON t.coupon_id = k.coupon_id AND t.card = k.card
 GROUP BY k.coupon_id, k.card HAVING count(DISTINCT k.buyer_id) >= %(least_card)s
UNION ALL
SELECT 'device', array_agg(DISTINCT buyer_id ORDER BY buyer_id), count(DISTINCT buyer_id), count(DISTINCT order_id),
       count(DISTINCT order_id) FILTER (WHERE is_unwatched)
  FROM placed WHERE used_at < %(settled)s GROUP BY coupon_id, ip, user_agent
HAVING count(DISTINCT buyer_id) >= %(least_device)s
"""
# Every 24 hours that end with a try; a card counts where it is first seen, so each window's cards are different ones.
_DAY = "RANGE BETWEEN interval '24 hours' PRECEDING AND CURRENT ROW"
_TRIED = f"""
WITH {_DEVICES},
     tries AS MATERIALIZED (SELECT * FROM payments_cardtrace WHERE tried_at > %(since)s AND tried_at <= %(until)s),
     alone AS (
       SELECT buyer_id AS account, count(*) FILTER (WHERE is_declined) OVER day AS declined,
              count(*) FILTER (WHERE is_new) OVER day AS cards, count(*) OVER day AS tries, 1::bigint AS accounts
         FROM (SELECT *, row_number() OVER (PARTITION BY buyer_id, card ORDER BY tried_at, id) = 1 AS is_new
                 FROM tries) t
       WINDOW day AS (PARTITION BY buyer_id ORDER BY tried_at {_DAY})),
     crowd AS (
       SELECT min(buyer_id) OVER place AS account, count(*) FILTER (WHERE is_declined) OVER day AS declined,
              count(*) FILTER (WHERE is_new) OVER day AS cards, count(*) OVER day AS tries,
              count(*) FILTER (WHERE is_newcomer) OVER day AS accounts
         FROM (SELECT t.*, d.ip, d.user_agent,
                      row_number() OVER (PARTITION BY d.ip, d.user_agent, card ORDER BY tried_at, id) = 1 AS is_new,
                      row_number() OVER (PARTITION BY d.ip, d.user_agent, t.buyer_id ORDER BY tried_at, id) = 1
                          AS is_newcomer
                 FROM tries t JOIN devices d ON d.user_id = t.buyer_id) t
       WINDOW place AS (PARTITION BY ip, user_agent), day AS (PARTITION BY ip, user_agent ORDER BY tried_at {_DAY}))
SELECT * FROM alone WHERE declined >= %(least)s
UNION SELECT * FROM crowd WHERE declined >= %(least_crowd)s AND accounts > 1
 ORDER BY account, declined DESC, cards DESC
"""
_PLAYED = """
SELECT d.person_id, count(*), max(d.devices), sum(d.refused_devices), (
       SELECT count(DISTINCT network(set_masklen(s.ip, CASE family(s.ip) WHEN 4 THEN 24 ELSE 48 END)))
         FROM usersessions_usersession s WHERE s.user_id = d.person_id)
  FROM videos_placeday d WHERE d.day > %(since)s AND d.day <= %(until)s AND d.devices >= %(least)s
 GROUP BY d.person_id HAVING count(*) >= %(least_days)s ORDER BY d.person_id
"""


def tied_purchases(now: datetime) -> Iterator[tuple[str, rules.Tied]]:
    """(creator's slug, purchases with one tie), the largest of each creator first."""
    for slug, tie, accounts, purchases, unwatched in _rows(_SELF, **_bought(now), least=rules.OWN_TIE_ACCOUNTS):
        yield slug, rules.Tied(tie, tuple(accounts), purchases, unwatched)


def edges(now: datetime) -> list[rules.Edge]:
    """Who of the creators bought of whom."""
    return [rules.Edge(*row) for row in _rows(_EDGES, **_bought(now), least=rules.RING_TIMES)]


def rated(now: datetime) -> list[rules.Edge]:
    """Who of the creators, or of those at her devices, rated courses of whom."""
    told = {"most": rules.MOST_ON_DEVICE, "unseen": rules.PRAISED_UNSEEN, "least": rules.RING_TIMES}
    return [rules.Edge(*row) for row in _rows(_RATED, since=now - BOUGHT_WITHIN, **told)]


def redeemed(now: datetime) -> list[rules.Redeemed]:
    told = {
        "since": now - REDEEMED_WITHIN, "new": NEW_FOR, "settled": now - WATCHED_AFTER,
        "least_card": rules.FARM_CARD_ACCOUNTS, "least_device": rules.FARM_DEVICE_ACCOUNTS,
    }  # fmt: skip
    return [rules.Redeemed(tie, tuple(accounts), *counts) for tie, accounts, *counts in _rows(_REDEEMED, **told)]


def tried(now: datetime) -> Iterator[tuple[int, dict[str, int]]]:
    """(account, counts of 24 hours), the worst first; of a device of several accounts at the oldest of them."""
    told = {"least": rules.TEST_DECLINED, "least_crowd": rules.CROWD_DECLINED}
    for account, declined, cards, tries, accounts in _rows(_TRIED, since=now - TRIED_WITHIN, until=now, **told):
        yield account, {"declined": declined, "cards": cards, "tries": tries, "accounts": accounts}


def played(now: datetime) -> Iterator[tuple[int, dict[str, int]]]:
    told = {"least": rules.MANY_DEVICES, "least_days": rules.MANY_DAYS}
    span = {"since": (now - PLAYED_WITHIN).date(), "until": now.date()}
    for account, days, devices, refused, networks in _rows(_PLAYED, **span, **told):
        yield account, {"days": days, "devices": devices, "refused": int(refused), "networks": networks}


def _bought(now: datetime) -> dict[str, Any]:
    return {"book": settings.PAYMENTS_BOOK, "since": now - BOUGHT_WITHIN, "until": now - WATCHED_AFTER}


def _rows(sql: str, **told: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        return list(cursor.fetchall())
