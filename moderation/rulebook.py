"""The rule book as it reads at one moment: which wording of each rule holds, and which is announced."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from accounts import audit, notices
from accounts.models import User
from creators.models import Creator
from marketplace.lib import links, window
from marketplace.lib.emails import Mail

from . import targets
from .models import ChangeAnnouncement, ChangeRecall, RuleVersion, RuleWithdrawal
from .models.rule import UnknownRule

BATCH = 200


@dataclass(frozen=True)
class Book:
    """Every wording that was not withdrawn, and the moment at which the book is read."""

    wordings: tuple[RuleVersion, ...]
    at: datetime

    @property
    def rules(self) -> list[RuleVersion]:
        """In force: the newest wording of each rule, but for rules that have ended."""
        held: dict[str, RuleVersion] = {}
        for wording in self.wordings:
            if wording.in_force_at <= self.at:
                held[wording.code] = wording
        return [rule for rule in held.values() if not rule.is_end]

    @property
    def coming(self) -> list[RuleVersion]:
        """Announced and not yet in force, the nearest first."""
        return sorted((w for w in self.wordings if w.in_force_at > self.at), key=lambda wording: wording.in_force_at)

    @property
    def edition(self) -> str:
        """The book's name: the day on which its latest wording came into force."""
        days = [wording.in_force_at for wording in self.wordings if wording.in_force_at <= self.at]
        return f"{max(days):%Y-%m-%d}".removesuffix("-01") if days else ""

    def rule(self, code: str) -> RuleVersion:
        """Raises UnknownRule."""
        for rule in self.rules:
            if rule.code == code:
                return rule
        raise UnknownRule(rule_code=code)

    def history(self, code: str) -> list[RuleVersion]:
        """All wordings of one rule, the newest first."""
        return [wording for wording in reversed(self.wordings) if wording.code == code]

    def wording(self, code: str, number: int | None) -> RuleVersion | None:
        """The one of that number; without a number, the newest that holds or held."""
        for found in self.history(code):
            if found.number == number or (number is None and found.in_force_at <= self.at):
                return found
        return None

    def for_target(self, kind: str) -> list[RuleVersion]:
        """What somebody can report of such a thing, the gravest first."""
        fitting = [rule for rule in self.rules if kind in rule.applies_to]
        return sorted(fitting, key=lambda rule: -rule.severity)


def book(at: datetime | None = None) -> Book:
    """The book as it reads now, or as it read at some moment."""
    return Book(window.drawn("rule book", _wordings), at or timezone.now())


def _wordings() -> tuple[RuleVersion, ...]:
    return tuple(RuleVersion.objects.standing().order_by("id"))


def history_or_404(code: str) -> list[RuleVersion]:
    if found := book().history(code):
        return found
    raise Http404


def announced() -> QuerySet[RuleVersion]:
    """The wordings that are not yet in force, with what was said of each."""
    return RuleVersion.objects.filter(pk__in=[rule.pk for rule in book().coming]).prefetch_related("comments__by")


def announced_or_404(code: str) -> RuleVersion:
    """The wording of this rule that is not yet in force."""
    for wording in book().coming:
        if wording.code == code:
            return wording
    raise Http404


def must_be_kinds(kinds: list[str]) -> list[str]:
    """Raises ValidationError where one is no kind of thing that can be reported."""
    known = dict(targets.choices())
    unknown = set(kinds) - set(known)
    if unknown or not kinds:
        raise ValidationError(gettext("Name what the rule is about: %(kinds)s.") % {"kinds": ", ".join(known)})
    return sorted(set(kinds))


def choices(rules: Iterable[RuleVersion]) -> list[tuple[str, str]]:
    return [(rule.code, rule.title) for rule in rules]


def rule_title(code: str, number: int | None = None) -> str:
    """The rule's title in the words of that wording; the bare code for a rule that the book never had."""
    found = book().wording(code, number)
    return found.title if found else code


@transaction.atomic
def announce(code: str, *, by: User, in_force_at: datetime, words: dict[str, Any]) -> RuleVersion:
    """A change with its time for comments; every creator is written of it. Raises what `RuleVersion.announce` does."""
    row = RuleVersion.objects.announce(code, by=by, in_force_at=in_force_at, **words)
    ChangeAnnouncement.objects.begin(row)
    return row


@transaction.atomic
def withdraw(rule: RuleVersion, *, by: User, reason: str) -> RuleWithdrawal:
    """An announced wording does not come; who was written that it does hears so. Raises what `withdraw` of it does."""
    is_again = RuleWithdrawal.objects.filter(rule=rule).exists()
    row = rule.withdraw(by=by, reason=reason)
    # Withdrawn before such was told at all: withdrawn again it is, and that is an act of whoever does it.
    if ChangeRecall.objects.begin(rule) and is_again:
        audit.record(by, "rule.withdraw", rule, reason=reason)
    return row


def tell(row: ChangeAnnouncement) -> None:
    """The worker's part: a mail to every creator. Interrupted, it goes on where it was; withdrawn, it stops."""
    rule, waiting = row.rule, Creator.objects.select_related("user").order_by("pk")
    while batch := list(waiting.filter(pk__gt=row.through_creator_id)[:BATCH]):
        if RuleWithdrawal.objects.filter(rule=rule).exists():
            return
        for creator in batch:
            page = reverse("rules:rule", args=[rule.code])
            _write_to(creator, rule, "rule_announced", page, gettext_lazy("Read the change and comment on it"))
        row.reach(batch[-1].pk)


def recall(row: ChangeRecall) -> None:
    """The worker's part: a mail to each creator who has the announcement, which comes to its end first."""
    rule, waiting = row.rule, Creator.objects.select_related("user").order_by("pk")
    if ChangeAnnouncement.open_work().filter(rule=rule).exists():
        return row.wait_until_due(timedelta(minutes=1))
    while batch := list(waiting.filter(pk__gt=row.through_creator_id)[:BATCH]):
        keys = {_key(rule, creator, "rule_announced"): creator for creator in batch}
        for key in Mail.objects.filter(key__in=keys).values_list("key", flat=True):
            _write_to(keys[key], rule, "rule_recalled", reverse("rules:book"), gettext_lazy("The rules as they are"))
        row.reach(batch[-1].pk)


def _write_to(creator: Creator, rule: RuleVersion, template: str, page: str, label: Any) -> None:
    context = {"rule": rule, "action_url": links.absolute(page), "action_label": label}
    notices.tell(_key(rule, creator, template), creator.user, f"moderation/{template}", context)


def _key(rule: RuleVersion, creator: Creator, template: str) -> str:
    kind = {"rule_announced": "rule-change", "rule_recalled": "rule-recall"}[template]
    return f"{kind}:{rule.pk}:{creator.pk}"
