"""Reports that were given out against the ledger: hash, and figures reckoned anew; the first that differs is named."""

from collections.abc import Iterator

from ..models import YearReport
from ..models.month_close import written
from ..models.year_report import hash_of
from . import figures


def breaks(book: str) -> Iterator[str]:
    """What is wrong, in words, of every version's text and of each newest version's figures."""
    rows = YearReport.objects.filter(book=book).order_by("year", "creator_id", "currency", "version")
    for report in rows.iterator(chunk_size=500):
        if hash_of(report.content) != report.hash or written(report.facts) != report.content:
            yield f"{_name(report)}: its content does not make its hash"
            return
    for year in sorted(set(rows.order_by().values_list("year", flat=True))):
        made = figures.of_year(book, year)
        for report in YearReport.objects.newest(book, year).order_by("creator_id", "currency"):
            yield from _differs(report, made.get((report.creator_id, report.currency)))


def _differs(report: YearReport, quarters: list[figures.Quarter] | None) -> Iterator[str]:
    kept = report.facts["quarters"]
    now = [quarter.as_facts() for quarter in quarters or [figures.Quarter() for _quarter in figures.QUARTERS]]
    for number, (was, is_now) in enumerate(zip(kept, now, strict=True), 1):
        for name, made in is_now.items():
            if was.get(name) != made:
                words = f"{was.get(name)} was given out, the ledger makes {made}"
                yield f"{_name(report)}: quarter {number} {name}: {words}"


def _name(report: YearReport) -> str:
    return f"year {report.year} of creator {report.creator_id} in {report.currency}, version {report.version}"
