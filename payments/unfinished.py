"""What should have come to its end long ago: checks of the books for what every worker and sweeper has passed by.

By real time, not by the sandbox's: nobody works faster because the clock was moved.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from marketplace.lib import work

from .models import Payout, ProviderEvent, RailCode

# The tries of an event take less than two hours, those of a payout less than a day; what is dead has its own alert.
MOST = 100  # of each kind are named
EVENT_WITHIN, PAYOUT_WITHIN, LEASE_GONE_FOR = timedelta(hours=6), timedelta(days=2), timedelta(hours=1)


def events_had_their_effect() -> Iterator[str]:
    """I8: an event that we have acknowledged is done, or dead. What the provider is silent of waits for it however long
    that takes, and is told by a figure of its own: there the books have nothing wrong.
    """
    late = ProviderEvent.open_work().filter(received_at__lt=Now() - EVENT_WITHIN, silences=0)
    for event in late.order_by("pk")[:MOST]:
        said = event.last_error or "not tried"
        yield f"event {event.event_id} ({event.type}) waits since {event.received_at:%F %H:%M}: {said}"


def nothing_is_held_for_ever() -> Iterator[str]:
    """I11: no row of payments is in the hands of a worker long gone, and no payout is on its way without end."""
    for kind in work.kinds():
        if kind._meta.app_label == "payments":
            gone = kind.open_work().filter(lease_until__lt=Now() - LEASE_GONE_FOR)
            for pk in gone.order_by("pk").values_list("pk", flat=True)[:MOST]:
                yield f"{kind._meta.label} {pk} was taken and never given back"
    long_ago = Now() - PAYOUT_WITHIN
    asked = Payout.objects.filter(state=Payout.State.SUBMITTING, rail=RailCode.STRIPE_TRANSFER)
    for payout in asked.filter(Q(key_used_at__lt=long_ago) | Q(dead_at__lt=long_ago)).order_by("pk")[:MOST]:
        yield f"payout {payout.pk} of {payout.amount} was asked for, and nobody has found out what became of it"
