"""What must always be true of the books, as checks that anybody may run. Source: the design's page on reliability.

Each check answers with the breaks it found, in words; no breaks, no list. They read, and write nothing.
"""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection

from marketplace.lib.money import Money

from . import finance, ledger, paper_checks, unfinished
from .gateway import gateway
from .hand import checks as by_hand
from .incomes import rollups
from .instalments import holding
from .memberships import holding as months_held
from .models import Payout, RailCode
from .pool import holding as pool_held
from .tax import owed

Check = Callable[[], Iterator[str]]


def postings_sum_to_zero() -> Iterator[str]:
    """I1: all postings of a book and currency sum to zero."""
    for trial in ledger.summed_trial_balance():
        if trial.difference:
            yield f"{trial.book} {trial.currency}: postings sum to {trial.difference}, not to zero"


def entries_balance() -> Iterator[str]:
    """I2: every entry has two postings or more and sums to zero in each currency."""
    yield from _breaks(
        """SELECT 'entry ' || e.idem_key || ' does not balance' FROM payments_ledgerentry e
           LEFT JOIN (SELECT entry_id, currency, count(*) AS n, sum(amount_minor) AS total
                        FROM payments_ledgerposting GROUP BY entry_id, currency) s ON s.entry_id = e.id
           GROUP BY e.id, e.idem_key
           HAVING coalesce(sum(s.n), 0) < 2 OR bool_or(s.total <> 0)"""
    )


def cached_balances_are_true() -> Iterator[str]:
    """I3: each kept balance, and each checkpoint, is the sum of its account's postings."""
    yield from _breaks(
        """SELECT 'account ' || a.id || ' keeps ' || coalesce(b.amount_minor::text, 'nothing')
                  || ', its postings sum to ' || coalesce(s.total, 0)
             FROM payments_ledgeraccount a
             LEFT JOIN payments_ledgerbalance b ON b.account_id = a.id
             LEFT JOIN (SELECT account_id, sum(amount_minor) AS total
                          FROM payments_ledgerposting GROUP BY account_id) s ON s.account_id = a.id
            WHERE (a.cached AND coalesce(b.amount_minor, 0) <> coalesce(s.total, 0))
               OR (NOT a.cached AND b.account_id IS NOT NULL)"""
    )
    yield from _breaks(
        """SELECT 'account ' || c.account_id || ' has a checkpoint of ' || c.amount_minor
                  || ', its postings up to there sum to ' || coalesce(sum(p.amount_minor), 0)
             FROM payments_ledgercheckpoint c
             LEFT JOIN payments_ledgerposting p ON p.account_id = c.account_id AND p.id <= c.through_posting_id
            GROUP BY c.account_id, c.amount_minor HAVING c.amount_minor <> coalesce(sum(p.amount_minor), 0)"""
    )


def orders_are_paid_once() -> Iterator[str]:
    """I5: a paid order was sold by one entry, of its own charge; an order that is not paid by none."""
    yield from _breaks(
        """SELECT 'order ' || o.number || ' is ' || o.state || ' with ' || count(e.id) || ' sales' FROM payments_order o
             LEFT JOIN payments_ledgerentry e ON e.kind = 'sale' AND e.book = o.book AND e.meta->>'order' = o.number
            GROUP BY o.id HAVING (o.paid_at IS NULL AND count(e.id) > 0) OR count(e.id) > 1
               OR (o.paid_at IS NOT NULL AND o.total_minor > 0
                   AND count(e.id) FILTER (WHERE e.idem_key = 'sale:' || o.charge_id) <> 1)"""
    )


def shares_are_given_back_as_laid_down() -> Iterator[str]:
    """I6: an item counts what its refunds took, and the books took from each party what the refunds say."""
    yield from _breaks(
        """SELECT 'item ' || i.id || ' says ' || i.refund_asked_minor || ' asked and ' || i.refunded_minor || ' done'
             FROM payments_orderitem i
             LEFT JOIN payments_refundline l ON l.item_id = i.id AND l.failed_at IS NULL
             LEFT JOIN payments_refund r ON r.id = l.refund_id
            GROUP BY i.id HAVING i.refund_asked_minor <> coalesce(sum(l.amount_minor), 0)
               OR i.refunded_minor <> coalesce(sum(l.amount_minor) FILTER (WHERE r.state = 'done'), 0)"""
    )
    yield from _breaks(
        """WITH laid_down AS (
               SELECT r.id, s.owner_id, CASE WHEN s.owner_id IS NOT NULL THEN 'owner' ELSE s.kind END AS party,
                      sum(CASE s.kind WHEN 'promotion' THEN -s.amount_minor ELSE s.amount_minor END) AS minor
                 FROM payments_refund r JOIN payments_refundline l ON l.refund_id = r.id
                 JOIN payments_refundshare s ON s.line_id = l.id
                WHERE r.state = 'done' GROUP BY 1, 2, 3),
           booked AS (
               SELECT (e.meta->>'refund')::bigint AS id, a.owner_id, CASE WHEN a.owner_id IS NOT NULL THEN 'owner'
                           ELSE CASE a.kind WHEN 'tax_payable' THEN 'tax' WHEN 'promotions' THEN 'promotion'
                                       WHEN 'platform_revenue' THEN 'platform' WHEN 'pool' THEN 'pool' END END AS party,
                      sum(p.amount_minor) AS minor
                 FROM payments_ledgerentry e JOIN payments_ledgerposting p ON p.entry_id = e.id
                 JOIN payments_ledgeraccount a ON a.id = p.account_id
                WHERE e.kind IN ('refund', 'dispute_lost') AND e.meta ? 'refund'
                  AND a.kind NOT IN ('stripe_clearing', 'bank', 'dispute_hold', 'fx_clearing') GROUP BY 1, 2, 3)
           SELECT 'refund ' || coalesce(d.id, b.id) || ' lays down ' || coalesce(d.minor, 0) || ' of '
                  || coalesce(d.party, b.party, 'another account') || ', booked ' || coalesce(b.minor, 0)
             FROM laid_down d FULL JOIN booked b
               ON b.id = d.id AND b.party = d.party AND b.owner_id IS NOT DISTINCT FROM d.owner_id
            WHERE coalesce(d.minor, 0) <> coalesce(b.minor, 0)"""
    )


def rights_follow_the_money() -> Iterator[str]:
    """I10: whoever may watch by a purchase has paid and not given back; what was given back is not watched."""
    yield from _breaks(
        """SELECT 'order ' || n.reference || ': course ' || n.course_id || ' is watched without a standing purchase'
             FROM learners_enrollment n
            WHERE n.source = 'purchase' AND n.ended_at IS NULL AND NOT EXISTS (
                  SELECT 1 FROM payments_order o JOIN payments_orderitem i ON i.order_id = o.id
                   WHERE o.number = n.reference AND o.buyer_id = n.learner_id AND i.course_id = n.course_id
                     AND i.granted_at IS NOT NULL AND i.refunded_at IS NULL)"""
    )
    yield from _breaks(
        """SELECT 'order ' || o.number || ': course ' || i.course_id || ' was paid for and cannot be watched'
             FROM payments_orderitem i JOIN payments_order o ON o.id = i.order_id
            WHERE i.granted_at IS NOT NULL AND i.refunded_at IS NULL AND NOT i.follows
              AND i.course_id IS NOT NULL AND NOT EXISTS (
                  SELECT 1 FROM learners_enrollment n
                   WHERE n.reference = o.number AND n.learner_id = o.buyer_id AND n.course_id = i.course_id)"""
    )


def refunds_within_captured() -> Iterator[str]:
    """I6: an order gives back no more than it took, and each party no more than its share."""
    yield from _breaks(
        """SELECT 'order ' || o.number || ' gave back more than it took' FROM payments_order o
             JOIN payments_ledgerentry e ON e.meta->>'order' = o.number AND e.kind IN ('sale', 'refund', 'dispute_lost')
             JOIN payments_ledgerposting p ON p.entry_id = e.id
             JOIN payments_ledgeraccount a ON a.id = p.account_id
            GROUP BY o.number, a.currency,
                     CASE WHEN a.kind IN ('creator_pending', 'creator_available', 'affiliate_pending', 'rights_escrow')
                 THEN 'creator' WHEN a.kind IN ('dispute_hold', 'fx_clearing') THEN 'stripe_clearing' ELSE a.kind END,
                     a.owner_id, a.normal_side
           HAVING sum(CASE a.normal_side WHEN 'debit' THEN p.amount_minor ELSE -p.amount_minor END) < 0"""
    )


def payouts_match_the_ledger() -> Iterator[str]:
    """I7, in our own books: a payout is held once, then sent, void or still held; never more than was released."""
    yield from _breaks(
        """SELECT 'payout ' || p.id || ' is ' || p.state || ' with the entries ' || coalesce(keys, 'none') FROM (
             SELECT p.id, p.state, string_agg(e.kind, ',' ORDER BY e.id) AS keys
               FROM payments_payout p
               LEFT JOIN payments_ledgerentry e ON e.idem_key IN
                    ('payout:' || p.id || ':hold', 'payout:' || p.id || ':sent', 'payout:' || p.id || ':void')
              GROUP BY p.id, p.state) p
            WHERE coalesce(keys, '') <> CASE p.state WHEN 'sent' THEN 'payout_hold,payout_sent'
                                                     WHEN 'void' THEN 'payout_hold,payout_void'
                                                     ELSE 'payout_hold' END"""
    )
    yield from _breaks(
        """SELECT 'creator ' || a.owner_id || ' was sent more ' || a.currency || ' than was released to her'
             FROM payments_ledgerposting p
             JOIN payments_ledgerentry e ON e.id = p.entry_id AND e.kind IN
                  ('release', 'reserve_release', 'payout_hold', 'payout_void', 'payout_returned', 'escrow',
                   'escrow_back', 'award_back', 'award_paid', 'made_good', 'pool')
             JOIN payments_ledgeraccount a ON a.id = p.account_id AND a.kind = 'creator_available'
            GROUP BY a.id, a.owner_id, a.currency
           HAVING sum(CASE e.kind WHEN 'award_back' THEN greatest(-p.amount_minor, 0) ELSE -p.amount_minor END) < 0"""
    )


def bank_payouts_match_the_answers() -> Iterator[str]:
    """I7, for orders of the bank: one is paid or withdrawn as a second person read it there, and not otherwise."""
    yield from _breaks(
        """SELECT 'payout ' || p.id || ' by bank is ' || p.state || ', the bank''s answer is '
                  || coalesce(CASE a.executed WHEN true THEN 'executed' ELSE 'refused' END, 'none')
             FROM payments_payout p
             JOIN payments_bankorder o ON o.payout_id = p.id
             LEFT JOIN payments_bankanswer a ON a.order_id = o.id
            WHERE (p.state = 'sent' AND a.executed IS NOT TRUE) OR (p.state = 'void' AND a.executed IS NOT FALSE)
               OR p.returned_minor <> CASE WHEN EXISTS (SELECT FROM payments_bankreturnverdict v
                                                         WHERE v.order_id = o.id AND v.confirms)
                                           THEN p.amount_minor ELSE 0 END"""
    )


def payouts_match_the_provider() -> Iterator[str]:
    """I7, against the provider: each payout has one transfer of its amount when sent, at most one while under way.

    Asks the provider once a payout that is sent or may have been asked for; not for every hour.
    """
    asked = Payout.objects.filter(book=settings.PAYMENTS_BOOK, rail=RailCode.STRIPE_TRANSFER)
    maybe_asked = asked.exclude(state__in=[Payout.State.WAITING, Payout.State.CREATED])
    for payout in maybe_asked.iterator():
        found = gateway().find_transfers(payout.transfer_group)
        allowed = {Payout.State.SENT: (1, 1), Payout.State.SUBMITTING: (0, 1)}.get(Payout.State(payout.state), (0, 0))
        sent = Money.total((transfer.amount for transfer in found), payout.currency)
        if not allowed[0] <= len(found) <= allowed[1] or (found and sent != payout.amount):
            yield f"payout {payout.pk} is {payout.state} at {payout.amount}; the provider sent {sent} in {len(found)}"


def clearing_matches_the_provider() -> Iterator[str]:
    """I12: what our books say is at the provider is what the provider says, when nothing is under way."""
    for agreement in finance.agreements(ledger.summed_trial_balance()):
        if agreement.difference:
            yield f"{agreement.currency}: our clearing is {agreement.ours}, the provider has {agreement.theirs}"


def seats_are_counted() -> Iterator[str]:
    """C3: a coupon counts as many seats as orders hold one, and the state of each seat follows its order's."""
    yield from _breaks(
        """SELECT 'coupon ' || c.code || ' counts ' || c.seats_taken || ' seats, ' || count(u.id) || ' orders hold one'
             FROM payments_coupon c
             LEFT JOIN payments_couponuse u ON u.coupon_id = c.id AND u.state <> 'released' AND NOT u.is_beyond_cap
            GROUP BY c.id HAVING c.seats_taken <> count(u.id)"""
    )
    yield from _breaks(
        """SELECT 'order ' || o.number || ' is ' || o.state || ', its seat is ' || u.state
             FROM payments_couponuse u JOIN payments_order o ON o.id = u.order_id
            WHERE u.state <> CASE WHEN o.paid_at IS NOT NULL THEN 'used'
                                  WHEN o.state = 'pending' THEN 'reserved' ELSE 'released' END"""
    )


def escrow_is_what_its_rows_say() -> Iterator[str]:
    """Money: what is in escrow of a creator, and what was awarded, is the sum of its rows."""
    yield from _breaks(
        """WITH rows AS (
               SELECT 'rights_escrow' AS kind, owner_id, book, currency, sum(amount_minor - given_minor) AS minor
                 FROM payments_escrowedshare WHERE "end" = '' GROUP BY 2, 3, 4
               UNION ALL
               SELECT 'rights_awarded', NULL, book, currency, sum(amount_minor - given_minor)
                 FROM payments_escrowedshare WHERE "end" = 'award' AND paid_at IS NULL GROUP BY 3, 4),
           booked AS (
               SELECT a.kind, a.owner_id, a.book, a.currency, -sum(p.amount_minor) AS minor
                 FROM payments_ledgeraccount a JOIN payments_ledgerposting p ON p.account_id = a.id
                WHERE a.kind IN ('rights_escrow', 'rights_awarded') GROUP BY 1, 2, 3, 4)
           SELECT coalesce(b.kind, r.kind) || ' of ' || coalesce(b.owner_id, r.owner_id, 0) || ' stands at '
                  || coalesce(b.minor, 0) || ' ' || coalesce(b.currency, r.currency) || ', its rows at '
                  || coalesce(r.minor, 0)
             FROM booked b FULL JOIN rows r ON r.kind = b.kind AND r.owner_id IS NOT DISTINCT FROM b.owner_id
              AND r.book = b.book AND r.currency = b.currency
            WHERE coalesce(b.minor, 0) <> coalesce(r.minor, 0)"""
    )
    yield from _breaks(
        """SELECT 'creator ' || a.owner_id || ' lacks ' || sum(p.amount_minor) || ' ' || a.currency || ' pending'
             FROM payments_ledgeraccount a JOIN payments_ledgerposting p ON p.account_id = a.id
            WHERE a.kind IN ('creator_pending', 'rights_escrow') GROUP BY a.id HAVING sum(p.amount_minor) > 0"""
    )


def what_was_made_good_is_what_was_given() -> Iterator[str]:
    """Money: a share is made good by one entry of its row's amount, and the entries say no more than the rows."""
    yield from _breaks(
        """WITH booked AS (
               SELECT e.idem_key AS key, a.owner_id, e.book, a.currency, -sum(p.amount_minor) AS minor
                 FROM payments_ledgerentry e JOIN payments_ledgerposting p ON p.entry_id = e.id
                 JOIN payments_ledgeraccount a ON a.id = p.account_id AND a.kind = 'creator_available'
                WHERE e.kind = 'made_good' GROUP BY 1, 2, 3, 4)
           SELECT coalesce(b.key, 'made_good:' || m.share_id) || ' booked ' || coalesce(b.minor, 0) || ', its row says '
                  || coalesce(m.amount_minor, 0)
             FROM booked b FULL JOIN payments_madegood m ON b.key = 'made_good:' || m.share_id
              AND b.owner_id = m.owner_id AND b.book = m.book AND b.currency = m.currency
            WHERE coalesce(b.minor, 0) <> coalesce(m.amount_minor, 0)"""
    )


INSIDE: dict[str, Check] = {
    "I1": postings_sum_to_zero,
    "I2": entries_balance,
    "I3": cached_balances_are_true,
    "I5": orders_are_paid_once,
    "I6": refunds_within_captured,
    "I6 shares": shares_are_given_back_as_laid_down,
    "I7": payouts_match_the_ledger,
    "C3 seats": seats_are_counted,
    "I10": rights_follow_the_money,
    "I7 bank": bank_payouts_match_the_answers,
    "escrow": escrow_is_what_its_rows_say,
    "tax": owed.breaks,
    "made good": what_was_made_good_is_what_was_given,
    "by hand": by_hand.breaks,
    "I8": unfinished.events_had_their_effect,
    "I11": unfinished.nothing_is_held_for_ever,
    "months of income": rollups.breaks,
    "instalments": holding.breaks,
    "memberships": months_held.breaks,
    "pool": pool_held.breaks,
    "papers": paper_checks.new_ones,
}
WITH_PROVIDER: dict[str, Check] = {"I7 provider": payouts_match_the_provider, "I12": clearing_matches_the_provider}


def breaks(*, ask_provider: bool = False) -> dict[str, list[str]]:
    """Every check with what it found; an empty list is a pass."""
    return {name: list(check()) for name, check in (INSIDE | (WITH_PROVIDER if ask_provider else {})).items()}


def _breaks(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]
