"""What follows a sale once its money is safe: the invoice, the buyer's receipt, the creators' notices, the
courses' count of learners.

Apart from the money's own transaction, which other sales wait for: numbers without gaps are given one after the other,
a popular course's count is one row for all its sales, and mails take long to write.
"""

from learners.models import Enrollment
from marketplace.lib import work

from . import invoices, order_mails
from .models import AfterSale, Order


def follow(row: AfterSale) -> None:
    """The worker's part. Done again, nothing happens: an invoice stays, and a mail is written once."""
    with row.fenced() as held:
        order = Order.objects.hold(pk=held.order_id)
        assert order is not None  # orders are never deleted
        invoices.issue(order)
        order_mails.receipt(order)
        Enrollment.objects.count_bought(order.number)
        held.finish()


def catch_up() -> int:
    """Do here and now what the workers have not done yet. Returns how many sales."""
    work.hear(AfterSale.TASK_FOR_ALL)
    due = AfterSale.due_work().order_by("due_at").values_list("pk", flat=True)
    return sum(work.run(AfterSale, pk, follow) for pk in due)
