"""Checks of what was paid by hand: an order is paid by what came in at the bank, and by nothing else."""

from collections.abc import Iterator

from django.db import connection

_CHECKS = (
    # An order that is paid by hand, and the arrivals that were booked for it.
    """SELECT 'order ' || o.number || ' is paid by hand with ' || coalesce(sum(a.amount_minor), 0) || ' of '
              || o.total_minor
         FROM payments_order o
         LEFT JOIN payments_arrivalstep s ON s.order_id = o.id AND s.state = 'booked'
         LEFT JOIN payments_arrival a ON a.id = s.arrival_id AND a.currency = o.currency AND a.book = o.book
        WHERE o.charge_id LIKE 'hand\\_%' GROUP BY o.id HAVING coalesce(sum(a.amount_minor), 0) <> o.total_minor""",
    """SELECT 'arrival ' || s.arrival_id || ' is booked for order ' || o.number || ', which was not paid by hand'
         FROM payments_arrivalstep s JOIN payments_order o ON o.id = s.order_id
        WHERE s.state = 'booked' AND (o.paid_at IS NULL OR o.charge_id NOT LIKE 'hand\\_%')""",
    """SELECT 'order ' || o.number || ' is to be paid by hand and on the page of the provider'
         FROM payments_handpayment h JOIN payments_order o ON o.id = h.order_id
        WHERE o.checkout_session_id IS NOT NULL""",
    """SELECT 'order ' || o.number || ' was led to ' || w.code || ' v' || w.version || ', to which nobody said yes'
         FROM payments_handpayment h JOIN payments_order o ON o.id = h.order_id
         JOIN payments_paymentway w ON w.id = h.way_id
         LEFT JOIN payments_paymentwayverdict v ON v.way_id = w.id WHERE v.approves IS NOT TRUE""",
    # The books: a sale by hand is at the bank, every other at the provider; and so is what goes back.
    """SELECT e.idem_key || ' is booked against ' || a.kind FROM payments_ledgerentry e
         JOIN payments_ledgerposting p ON p.entry_id = e.id JOIN payments_ledgeraccount a ON a.id = p.account_id
        WHERE e.kind IN ('sale', 'refund') AND a.kind IN ('bank', 'stripe_clearing')
          AND (a.kind = 'bank') <> (e.idem_key LIKE 'sale:hand\\_%' OR e.idem_key LIKE 'refund:hand\\_%')""",
    """SELECT 'refund ' || r.id || ' of what was paid by hand is ' || r.state || ', sent: ' || (h.refund_id IS NOT NULL)
         FROM payments_refund r JOIN payments_order o ON o.id = r.order_id AND o.charge_id LIKE 'hand\\_%'
         LEFT JOIN payments_handrefund h ON h.refund_id = r.id
        WHERE r.amount_minor > 0 AND (r.state = 'done') <> (h.refund_id IS NOT NULL)""",
)


def breaks() -> Iterator[str]:
    for query in _CHECKS:
        with connection.cursor() as cursor:
            cursor.execute(query)
            yield from (row[0] for row in cursor.fetchall())
