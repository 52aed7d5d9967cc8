"""Pages that are public at once, read again each night: what a person should judge opens a case, once a wording."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import transaction

from creators.models import Creator
from marketplace.lib import sweeps
from moderation import priority, rulebook, targets
from moderation.models import Case, Evidence, Report
from moderation.models.rule import UnknownRule

from . import reading
from .finding import PERSON, REFUSE, Hit

# Stands for the lists where a report names an address that nobody may know.
SENDER = "word-lists"
BATCH = 200


def open_cases() -> int:
    """How many cases were opened."""
    return sum(sweeps.each("public_pages", _grave_pages(), lambda page: open_case("creator", page.slug, page.hits)))


class _Page(NamedTuple):
    slug: str
    hits: list[Hit]

    def __str__(self) -> str:
        return self.slug


def _grave_pages() -> Iterator[_Page]:
    rows = Creator.objects.order_by("pk").values_list("slug", "name", "headline", "bio")
    for batch in _batches(rows.iterator(chunk_size=BATCH)):
        hits = reading.read("\n".join(words) for _slug, *words in batch)
        for (slug, *_words), its in zip(batch, hits, strict=True):
            grave = [hit for hit in its if hit.word.severity in (REFUSE, PERSON)]
            if grave:
                yield _Page(slug, grave)


@transaction.atomic
def open_case(kind: str, key: str, hits: list[Hit]) -> bool:
    """Whether a report was added: not for a wording that was reported or judged before, nor under a rule that ended."""
    target = targets.find(kind, key)
    if (
        target is None
        or Evidence.objects.filter(case__kind=kind, case__key=key, digest=Case.digest_of(target)).exists()
    ):
        return False
    try:
        rule = rulebook.book().rule(hits[0].word.rule)
    except UnknownRule:
        return False
    case = Case.objects.hold_open(target)
    case.keep_evidence(target)
    if case.reports.filter(sender=SENDER).exists():
        return False
    told = ", ".join(sorted({f"{hit.written} ({hit.word.text})" for hit in hits}))
    Report.objects.create(case=case, sender=SENDER, rule=rule, text=told[:2000], weight=priority.NEUTRAL)
    case.count(rule=rule, reach=target.reach, weight=priority.NEUTRAL, kept=True)
    return True


def _batches(rows: Iterable[tuple[str, ...]]) -> Iterable[list[tuple[str, ...]]]:
    batch: list[tuple[str, ...]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
