"""A month that is over waits to be closed: finance is told once, when a few days have passed."""

from datetime import UTC, timedelta

from django.conf import settings
from django.utils import timezone

from . import mails, months

# Late events, fees and the provider's own list of the last days have come in by then.
DAYS = timedelta(days=3)


def remind() -> None:
    """Of the first month that waits; of the next one when that is closed."""
    book = settings.PAYMENTS_BOOK
    today = timezone.now().astimezone(UTC)
    for month in months.waiting(book)[:1]:
        if today >= months.end_of(month) + DAYS:
            mails.to_be_closed(book, month)
