"""Signs of fraud: each hour all accounts are looked at at once; what passes a rule is flagged for a moderator.

Nothing is taken from anybody by it. The person hears of it with a decision, and can appeal against that.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from creators.models import Creator
from marketplace.lib import sweeps
from moderation import flags
from moderation.flags import Finding

from . import rules, signals


def judge_all(now: datetime) -> int:
    """Flag what passes a rule, note what no longer does. Run twice, the second time changes nothing.

    Returns how many flags are new.
    """
    return sum(sweeps.each("fraud", DETECTORS, lambda code: flags.keep(code, list(DETECTORS[code](now)), now)))


def self_purchases(now: datetime) -> Iterator[Finding]:
    """One finding a creator: the tie with the most purchases that passes."""
    seen = set()
    for slug, tied in signals.tied_purchases(now):
        if slug not in seen and (figures := rules.self_purchase(tied)) is not None:
            seen.add(slug)
            yield Finding("self_purchase", rules.VERSION, "creator", slug, figures)


def rings(now: datetime) -> Iterator[Finding]:
    yield from _of_creators("rings", rules.rings(signals.edges(now)))


def rating_rings(now: datetime) -> Iterator[Finding]:
    yield from _of_creators("rating_rings", rules.rating_rings(signals.rated(now)))


def coupon_farms(now: datetime) -> Iterator[Finding]:
    """One finding a group, at its oldest account; an account heads one group at most, its largest."""
    groups = sorted(signals.redeemed(now), key=lambda seen: (-len(seen.accounts), seen.accounts))
    named: set[int] = set()
    for seen in groups:
        figures = rules.coupon_farming(seen)
        if figures is not None and not named & set(seen.accounts):
            named |= set(seen.accounts)
            yield _of_account("coupon_farming", seen.accounts[0], figures)


def card_tests(now: datetime) -> Iterator[Finding]:
    seen = set()
    for account, counts in signals.tried(now):
        if account not in seen and (figures := rules.card_testing(**counts)) is not None:
            seen.add(account)
            yield _of_account("card_testing", account, figures)


def shared_accounts(now: datetime) -> Iterator[Finding]:
    for account, counts in signals.played(now):
        if (figures := rules.account_sharing(**counts)) is not None:
            yield _of_account("account_sharing", account, figures)


def _of_creators(code: str, found: dict[int, rules.Figures]) -> Iterator[Finding]:
    slugs = dict(Creator.objects.filter(pk__in=found).values_list("pk", "slug"))
    for pk, figures in sorted(found.items()):
        yield Finding(code, rules.VERSION, "creator", slugs[pk], figures)


def _of_account(code: str, account: int, figures: rules.Figures) -> Finding:
    return Finding(code, rules.VERSION, "account", str(account), figures)


DETECTORS: dict[str, Callable[[datetime], Iterator[Finding]]] = {
    "self_purchase": self_purchases,
    "rings": rings,
    "rating_rings": rating_rings,
    "coupon_farming": coupon_farms,
    "card_testing": card_tests,
    "account_sharing": shared_accounts,
}
