"""What must always be true of the books, as checks that anybody may run. Source: the design's page on reliability.

Each check answers with the breaks it found, in words; no breaks, no list. They read, and write nothing.
"""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection

from marketplace.lib.money import Money

from . import finance, ledger
from .gateway import gateway
from .models import Payout

Check = Callable[[], Iterator[str]]


def postings_sum_to_zero() -> Iterator[str]:
    """I1: all postings of a book and currency sum to zero."""
    for trial in ledger.trial_balance():
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
    """I3: each kept balance is the sum of its account's postings, and each account that keeps one has it."""
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


def refunds_within_captured() -> Iterator[str]:
    """I6: an order gives back no more than it took, and each party no more than its share."""
    yield from _breaks(
        """SELECT 'order ' || o.number || ' gave back more than it took' FROM payments_order o
             JOIN payments_ledgerentry e ON e.meta->>'order' = o.number AND e.kind IN ('sale', 'refund', 'dispute_lost')
             JOIN payments_ledgerposting p ON p.entry_id = e.id
             JOIN payments_ledgeraccount a ON a.id = p.account_id
            GROUP BY o.number, a.currency,
                     CASE WHEN a.kind IN ('creator_pending', 'creator_available', 'affiliate_pending') THEN 'creator'
                          WHEN a.kind = 'dispute_hold' THEN 'stripe_clearing' ELSE a.kind END,
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
                  ('release', 'reserve_release', 'payout_hold', 'payout_void', 'payout_returned')
             JOIN payments_ledgeraccount a ON a.id = p.account_id AND a.kind = 'creator_available'
            GROUP BY a.id, a.owner_id, a.currency HAVING sum(-p.amount_minor) < 0"""
    )


def payouts_match_the_provider() -> Iterator[str]:
    """I7, against the provider: each payout has one transfer of its amount when sent, at most one while under way.

    Asks the provider once a payout that is sent or may have been asked for; not for every hour.
    """
    maybe_asked = Payout.objects.filter(book=settings.PAYMENTS_BOOK).exclude(state=Payout.State.CREATED)
    for payout in maybe_asked.iterator():
        found = gateway().find_transfers(payout.transfer_group)
        allowed = {Payout.State.SENT: (1, 1), Payout.State.SUBMITTING: (0, 1)}.get(Payout.State(payout.state), (0, 0))
        sent = Money.total((transfer.amount for transfer in found), payout.currency)
        if not allowed[0] <= len(found) <= allowed[1] or (found and sent != payout.amount):
            yield f"payout {payout.pk} is {payout.state} at {payout.amount}; the provider sent {sent} in {len(found)}"


def clearing_matches_the_provider() -> Iterator[str]:
    """I12: what our books say is at the provider is what the provider says, when nothing is under way."""
    for agreement in finance.agreements(ledger.trial_balance()):
        if agreement.difference:
            yield f"{agreement.currency}: our clearing is {agreement.ours}, the provider has {agreement.theirs}"


INSIDE: dict[str, Check] = {
    "I1": postings_sum_to_zero,
    "I2": entries_balance,
    "I3": cached_balances_are_true,
    "I6": refunds_within_captured,
    "I7": payouts_match_the_ledger,
}
WITH_PROVIDER: dict[str, Check] = {"I7 provider": payouts_match_the_provider, "I12": clearing_matches_the_provider}


def breaks(*, ask_provider: bool = False) -> dict[str, list[str]]:
    """Every check with what it found; an empty list is a pass."""
    checks = {**INSIDE, **(WITH_PROVIDER if ask_provider else {})}
    return {name: list(check()) for name, check in checks.items()}


def _breaks(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]
