"""Quality gates: courses whose figures stand out are flagged, each night. Nothing is hidden by it."""

from collections.abc import Callable, Iterator
from datetime import datetime

from courses.models import Course
from marketplace.lib import sweeps
from moderation import flags
from moderation.flags import Finding

from . import figures, rules


def judge_all(now: datetime) -> int:
    """Flag what stands out, clear what no longer does. Run twice, the second time changes nothing.

    Returns how many flags are new.
    """
    return sum(sweeps.each("gates", _GATES, lambda code: flags.keep(code, list(_GATES[code](now)), now)))


def _outliers(
    code: str, rule: rules.Outlier, read: Callable[[datetime], Iterator[tuple[str, rules.Seen]]]
) -> Callable[[datetime], Iterator[Finding]]:
    def found(now: datetime) -> Iterator[Finding]:
        for slug, seen in read(now):
            if (told := rule.found(seen)) is not None:
                yield Finding(code, rule.version, "course", slug, told)

    return found


def _stale(now: datetime) -> Iterator[Finding]:
    rows = Course.objects.on_sale().filter(stale_at__isnull=False).order_by("pk")
    for slug, since, reason in rows.values_list("slug", "stale_at", "stale_reason").iterator(chunk_size=500):
        told = rules.stale((now - since).days, reason) if since else None
        if told is not None:
            yield Finding("stale", 1, "course", slug, told)


_GATES: dict[str, Callable[[datetime], Iterator[Finding]]] = {
    "refunds": _outliers("refunds", rules.REFUNDS, figures.refunds),
    "disputes": _outliers("disputes", rules.DISPUTES, figures.disputes),
    "leaving": _outliers("leaving", rules.LEAVING, figures.leaving),
    "ratings": _outliers("ratings", rules.RATINGS, figures.ratings),
    "stale": _stale,
}
