"""What must hold once a run has come to rest: the books' own checks, and those that need a run that is over.

Source: the design's page on reliability. I4 and I13 stand here, since only the sandbox tells of every charge that ever
was, and only a test knows that nothing more is under way. For the same reason I8, I11 and the comparison of I12 are
asked once more without the hours and days that production grants. I9 is asked where uploads are killed
(`tests/faults/test_upload_faults.go_on`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from django.conf import settings

from marketplace.lib import clock, work
from marketplace.lib.emails import Mail
from payments import invariants
from payments.models import LedgerEntry, Payout, ProviderEvent, RailCode, ReconBreak
from payments.reconciliation import running
from payments.reconciliation.balances import LISTED_WITHIN
from payments.sandbox import oracle


def charges_are_sales() -> Iterator[str]:
    """I4: each charge that succeeded is booked by one sale, and each sale is of a charge that succeeded."""
    sales = LedgerEntry.objects.filter(kind="sale", book=settings.PAYMENTS_BOOK)
    booked = Counter(sales.values_list("idem_key", flat=True))
    charged = {f"sale:{charge}" for charge in oracle.charges()}
    for key in sorted(charged | booked.keys()):
        if key not in charged:
            yield f"{key} is booked, and the provider knows no such charge"
        elif booked[key] != 1:
            yield f"{key} is booked {booked[key]} times"


def events_are_done() -> Iterator[str]:
    """I8: each event that was acknowledged has had its effect, or was given up."""
    for event in ProviderEvent.open_work().order_by("pk"):
        yield f"{event} was taken in, and nobody has worked it off: {event.last_error or 'not tried'}"


def nothing_is_in_hand() -> Iterator[str]:
    """I11: no row of payments is in a worker's hands, and of no transfer that was asked for the outcome is open."""
    for kind in work.kinds():
        if kind._meta.app_label == "payments":
            for pk in kind.open_work().exclude(lease_until=None).order_by("pk").values_list("pk", flat=True):
                yield f"{kind._meta.label} {pk} is still in somebody's hands"
    for payout in Payout.objects.filter(state=Payout.State.SUBMITTING, rail=RailCode.STRIPE_TRANSFER).order_by("pk"):
        yield f"payout {payout.pk} of {payout.amount} was asked for, and nobody has found out what became of it"


def the_provider_lists_the_same() -> Iterator[str]:
    """I12: its list and ours, compared as when all the time that either may take is over, leave no open break."""
    running.run(clock.now() + LISTED_WITHIN + running.GRACE)
    for left in ReconBreak.objects.open().filter(book=settings.PAYMENTS_BOOK).order_by("pk"):
        yield f"{left.kind} of {left.key}: {left.amount}, {left.note}"


def mails_are_sent_once() -> Iterator[str]:
    """I13: a cause mails once: no key twice, and nobody the same words under two keys, weekly ones apart."""
    mails = list(Mail.objects.values_list("key", "to", "subject", "text"))
    for key, count in Counter(key for key, *_rest in mails).items():
        if count > 1:
            yield f"{key} was mailed {count} times"
    for (to, subject, _text), keys in _by_words(mails).items():
        if len(keys) > 1:
            yield f"{to} was told {subject!r} by {', '.join(sorted(keys))}"


def _by_words(mails: list[tuple[str, str, str, str]]) -> dict[tuple[str, str, str], set[str]]:
    """The keys of each mail's words. What is told anew each week names the week, and is one cause here; so is a bank
    that first asks and then takes the money, which are two things to tell in the same words.
    """
    found: dict[tuple[str, str, str], set[str]] = {}
    for key, *words in mails:
        cause = _OPENED.sub(r"\1", _WEEK.sub("", key))
        found.setdefault((words[0], words[1], words[2]), set()).add(cause)
    return found


_WEEK = re.compile(r":\d{4}-\d{1,2}$")
_OPENED = re.compile(r"^(dispute:\d+:opened):(?:warning_)?needs_response\b")
AT_REST: dict[str, Callable[[], Iterator[str]]] = {
    "I4": charges_are_sales,
    "I8, at rest": events_are_done,
    "I11, at rest": nothing_is_in_hand,
    "I12, compared": the_provider_lists_the_same,
    "I13": mails_are_sent_once,
}


def books_hold() -> bool:
    """The books' own checks alone: where money came in beside the provider, or something is still under way."""
    found = {name: breaks for name, breaks in invariants.breaks(ask_provider=True).items() if breaks}
    assert not found, found
    return True


def entries_hold() -> bool:
    """The checks that look at entries alone, where a test books what is of no order and no payout."""
    found = {name: breaks for name in ("I1", "I2", "I3") if (breaks := list(invariants.INSIDE[name]()))}
    assert not found, found
    return True


def broken() -> dict[str, list[str]]:
    """Each check that found something, with what it found; nothing when all holds."""
    found = invariants.breaks(ask_provider=True) | {name: list(check()) for name, check in AT_REST.items()}
    return {name: breaks for name, breaks in found.items() if breaks}


def all_holds() -> bool:
    found = broken()
    assert not found, found
    return True
