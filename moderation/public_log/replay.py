"""What is in force, told by the log alone. Pure: it reads entries as the downloaded file has them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LASTING = frozenset(
    {
        "limit", "hide", "hide_clip", "hide_rating", "hide_post", "hide_work", "unpublish", "suspend", "hold", "mute",
        "bar", "uphold",
    }
)  # fmt: skip


@dataclass(frozen=True)
class State:
    """`in_force`: pairs of an action and whose state it is. `published`: courses and paths that a review has let
    through. `verified`: institutions that have the badge.
    """

    in_force: frozenset[tuple[str, str]] = field(default=frozenset())
    published: frozenset[str] = field(default=frozenset())
    verified: frozenset[str] = field(default=frozenset())


class LogBroken(ValueError):
    """An entry speaks of one that the log does not have before it, or ends one twice.

    An appeal may be answered after its decision has ended: the answer still speaks of what the log has.
    """


def replay(entries: Iterable[Mapping[str, Any]]) -> State:
    """Entries as JSON, the oldest first. Raises LogBroken."""
    standing: dict[str, tuple[str, str]] = {}
    known: set[str] = set()
    ended: set[str] = set()
    published: set[str] = set()
    verified: set[str] = set()
    for entry in entries:
        event, action, subject = entry["event"], entry["action"], entry["subject"]
        if event in ("review", "path") and action == "approve":
            published.add(subject)
        elif event == "institution":
            (verified.add if action == "verified" else verified.discard)(subject)
        elif event == "certificate" or event == "measure":
            known.add(entry["id"])
            if event == "certificate" or action in LASTING:
                standing[entry["id"]] = (action, subject)
        elif event in ("reversal", "appeal", "refund") and entry["about"] not in known:
            raise LogBroken(entry["id"])
        elif event == "reversal":
            if entry["about"] in ended:
                raise LogBroken(entry["id"])
            standing.pop(entry["about"], None)
            ended.add(entry["about"])
    return State(frozenset(standing.values()), frozenset(published), frozenset(verified))
