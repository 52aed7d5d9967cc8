"""What must hold once a run has come to rest: the books' own checks, and two that need the sandbox's record.

Source: the design's page on reliability. I4 and I13 stand here, since only the sandbox tells of every charge that ever
was, and only a test knows that nothing more is under way. I9 is asked where uploads are killed
(`tests/faults/test_upload_faults.go_on`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from django.conf import settings

from marketplace.lib.emails import Mail
from payments import invariants
from payments.models import LedgerEntry
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
AT_REST: dict[str, Callable[[], Iterator[str]]] = {"I4": charges_are_sales, "I13": mails_are_sent_once}


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
