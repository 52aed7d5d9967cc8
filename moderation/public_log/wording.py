"""An entry in the reader's words: the files have codes for machines, the page has none."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from learners.models import CertificateRevocation
from moderation import rulebook, targets
from moderation.models import Measure, RightsStep
from moderation.models.community import Verdict

from .entry import Entry

# Who acts, and what is judged beside the kinds that can be reported.
NAMED: dict[str, str | Promise] = {
    **targets.KINDS,
    "moderator": _("Moderator"),
    "claimant": _("Claimant"),
    "member": _("Member"),
    "path": _("Learning path"),
    "institution": _("Institution"),
    "certificate": _("Certificate"),
}
CLOCK = pgettext_lazy("who ended a decision", "The clock")


@dataclass(frozen=True)
class Named:
    """A pseudonym: what kind of thing or person has it, and the signs that mean nothing."""

    kind: str | Promise
    signs: str = ""


@dataclass(frozen=True)
class Row:
    entry: Entry
    label: str | Promise
    rules: list[tuple[str, str]]
    target: Named
    by: Named
    community: str


def row_of(entry: Entry) -> Row:
    return Row(entry, _label(entry), _titles(entry), named(entry.target), named(entry.by), community(entry.community))


def named(pseudonym: str) -> Named:
    if pseudonym == "clock":
        return Named(CLOCK)
    kind, _dash, signs = pseudonym.rpartition("-")
    return Named(NAMED[kind], signs)


def community(said: str) -> str:
    """Of "fine 4/5": what was recommended, and by how many of how many."""
    if not said:
        return ""
    verdict, _gap, counts = said.partition(" ")
    agreeing, _slash, votes = counts.partition("/")
    return gettext("%(verdict)s (%(agreeing)s of %(votes)s)") % {
        "verdict": Verdict(verdict).label, "agreeing": agreeing, "votes": votes,
    }  # fmt: skip


def _label(entry: Entry) -> Any:
    if entry.event == "certificate":
        return CertificateRevocation.Cause(entry.result).label
    names = RightsStep.Kind.choices if entry.event == "claim" else Measure.Action.choices
    return dict(names).get(entry.action, "")


def _titles(entry: Entry) -> list[tuple[str, str]]:
    """Each rule with its words of that time."""
    named_rules = [rule.rpartition("/") for rule in entry.rules]
    return [(code, rulebook.rule_title(code, int(number))) for code, _slash, number in named_rules]
