"""The finance team's knobs on the sandbox: what happens to events on their way, which calls fail, what is forgotten."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from marketplace.lib.money import Money, as_told

from .models import (
    SandboxEvent,
    SandboxFault,
    SandboxKey,
    SandboxPayment,
    SandboxSession,
    SandboxTransaction,
    SandboxTransfer,
    SandboxWeather,
)
from .operations import names

MODES = SandboxFault.Mode.choices
HELD_BACK = timedelta(minutes=10)
ON_EVENTS = ("resend", "duplicate", "drop", "delay", "shuffle")
STATES = ("all", "waiting", "delivered", "lost")
ROWS = 8


@dataclass(frozen=True)
class Held:
    currency: str
    available: Money
    pending: Money


def view(words: str = "") -> dict[str, Any]:
    """What the console shows beside the events: money, charges, transfers, and everything that is planned."""
    return {
        "money": _money(),
        "late_sessions": SandboxSession.objects.waiting().order_by("-created")[:ROWS],
        "charges": SandboxPayment.objects.charged(words)[:ROWS],
        "transfers": SandboxTransfer.objects.select_related("destination").prefetch_related("reversals")
        .order_by("-created", "-pk")[:ROWS],
        "faults": SandboxFault.objects.planned(),
        "weather": SandboxWeather.objects.current(),
        "keys": SandboxKey.objects.count(),
    }  # fmt: skip


def _money() -> list[Held]:
    """What the platform holds, one row a currency."""
    available = SandboxTransaction.objects.balances(available=True)
    pending = SandboxTransaction.objects.balances(available=False)
    return [
        Held(
            code.upper(), as_told(available.get(code, 0), code),
            as_told(pending.get(code, 0), code),
        )
        for code in sorted(available.keys() | pending.keys())
    ]  # fmt: skip


def events(state: str) -> QuerySet[SandboxEvent]:
    """Newest first; `state` is one of STATES."""
    rows = SandboxEvent.objects.all()
    known = {"waiting": rows.waiting(), "lost": rows.lost(), "delivered": rows.delivered()}
    return known.get(state, rows).order_by("-created", "-pk")


def event_counts() -> dict[str, int]:
    lost = Q(dropped_at__isnull=False) | Q(dead_at__isnull=False)
    waiting = Q(finished_at=None, dead_at=None)
    return SandboxEvent.objects.aggregate(
        all=Count("pk"), lost=Count("pk", filter=lost), waiting=Count("pk", filter=waiting),
        delivered=Count("pk", filter=~lost & ~waiting),
    )  # fmt: skip


def act(chosen: Iterable[SandboxEvent], what: str) -> int:
    """Do one of ON_EVENTS with each of these events; shuffled, they are sent again in an order that chance gives."""
    if what not in ON_EVENTS:
        raise Http404
    rows = list(chosen)
    if what == "shuffle":
        random.shuffle(rows)
    for event in rows:
        if what == "drop":
            event.drop()
        elif what == "delay":
            event.hold_back(HELD_BACK)
        else:
            event.send_again(copies=3 if what == "duplicate" else 1)
    return len(rows)


def chosen(ids: list[str], every: str = "") -> QuerySet[SandboxEvent]:
    """The events of these ids, or all that wait, or all that were lost."""
    if every == "waiting":
        return SandboxEvent.objects.waiting()
    if every == "lost":
        return SandboxEvent.objects.lost()
    return SandboxEvent.objects.filter(pk__in=ids)


def change_weather(*, drop_percent: int, copies: int, delay_s: int, is_shuffled: bool) -> None:
    SandboxWeather.objects.become(drop_percent=drop_percent, copies=copies, delay_s=delay_s, is_shuffled=is_shuffled)


def plan_fault(operation: str, mode: str, times: int) -> SandboxFault:
    return SandboxFault.objects.plan(operation, mode, times)


def prune_keys() -> int:
    """Forget all idempotency keys, as the provider may after a day."""
    return SandboxKey.objects.prune()


def grouped_operations() -> list[tuple[str, list[str]]]:
    """The operations by what they are about: ("disputes", ["disputes.close", …])."""
    return [(about, list(calls)) for about, calls in groupby(names(), key=lambda name: name.partition(".")[0])]
