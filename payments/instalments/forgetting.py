"""The provider is told to forget customers that nothing needs any more."""

from datetime import timedelta

from django.conf import settings

from ..gateway import GatewayRefused, gateway
from ..models import CustomerRelease

OTHER_BOOK = timedelta(days=1)


def forget(row: CustomerRelease) -> None:
    """The worker's part. What the provider does not know is forgotten already; then nothing of it is kept here."""
    if row.book != settings.PAYMENTS_BOOK:
        row.wait_until_due(OTHER_BOOK)
        return
    try:
        gateway().forget_customer(row.customer_id)
    except GatewayRefused as refused:
        if not refused.is_unknown_there:
            raise
    with row.fenced() as held:
        held.delete()
