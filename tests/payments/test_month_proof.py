"""A closed month's proof and the stand-alone verifier: it agrees with what was closed, and names whatever is not so."""

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from payments.closing import act, papers, reckoning
from payments.models import LedgerEntry
from payments.proof import canonical, seals
from payments.proof import papers as proof_papers
from tests import cast
from tests.payments import statements
from tests.payments.books import BOOK
from tests.payments.ended import APRIL, MARCH, booked_on, checked, two_months

pytestmark = pytest.mark.django_db
VERIFY = statements.verifier()
Papers = tuple[Path, Path]


def written(folder: Path, *rows: Any) -> list[Path]:
    """The seals and the proofs of these closed months, as files."""
    paths = [folder / "seals.json", *(folder / f"month-{row.month:%Y-%m}.json" for row in rows)]
    paths[0].write_bytes(b"".join(proof_papers.seals(BOOK)))
    for path, row in zip(paths[1:], rows, strict=True):
        path.write_bytes(b"".join(papers.proof(row)))
    return paths


def found(paths: list[Path]) -> str:
    """What the verifier says is wrong; nothing when all is right."""
    try:
        head, days = VERIFY.read_seals(paths[0])
        before = None
        for path in paths[1:]:
            before, _count = VERIFY.check_month(path, head, days, before)
    except VERIFY.Wrong as wrong:
        return str(wrong)
    return ""


@pytest.fixture
def both(tmp_path: Path) -> list[Path]:
    two_months()
    return written(tmp_path, act.close(MARCH, by=cast.fay()), act.close(APRIL, by=cast.fay()))


def test_two_months_one_after_the_other_are_right(both: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert found(both) == ""
    assert VERIFY.main([str(path) for path in both]) == 0
    said = capsys.readouterr().out
    assert "2 entries are right; the frozen figures of 2026-03 are made of them." in said
    assert "1 entries are right; the frozen figures of 2026-04" in said


def test_a_month_in_which_everything_happened_is_right(tmp_path: Path) -> None:
    """Four currencies, refunds, a lost dispute, payouts, a reserve: moved into March whole."""
    statements.busy_month()
    for at, entry in enumerate(LedgerEntry.objects.order_by("pk")):
        booked_on(entry, datetime(2026, 3, 1 + at // 20, 12, at % 20, tzinfo=UTC))
    seals.seal_closed_days(BOOK, through=date(2026, 4, 2))
    checked()
    row = act.close(MARCH, by=cast.fay())
    assert {one["currency"] for one in row.facts["currencies"]} == {"USD", "JPY", "KWD", "TWD"}
    assert int(row.facts["currencies"][-1]["figures"]["disputes"]) > 0
    assert int(row.facts["currencies"][-1]["figures"]["payouts"]) > 0
    assert found(written(tmp_path, row)) == ""


def test_both_make_figures_by_the_same_rules() -> None:
    assert VERIFY.FIGURES == reckoning.FIGURES


def test_any_changed_byte_is_named(both: list[Path]) -> None:
    raw, draw = both[1].read_bytes(), random.Random(84)
    for at in {draw.randrange(len(raw)) for _n in range(300)}:
        both[1].write_bytes(raw[:at] + bytes([raw[at] ^ draw.randrange(1, 256)]) + raw[at + 1 :])
        line = raw.count(b"\n", 0, at) + 1
        said = found(both[:2])
        assert any(said.startswith(f"line {n}{mark}") for n in (line, line + 1) for mark in ":,"), (at, said)


def forged(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Somebody changes the file and makes its own checks fit again."""
    paper = json.loads(path.read_text())
    change(paper)
    head = {name: paper[name] for name in ("format", "close", "hash")}
    head["check"] = check = canonical.digest("check", [canonical.START, head])
    rows = []
    for row in paper["entries"]:
        row["check"] = check = canonical.digest("check", [check, {k: v for k, v in row.items() if k != "check"}])
        rows.append(row)
    path.write_bytes(b"".join(proof_papers.laid_out(head, "entries", rows, {"count": len(rows), "check": check})))


def changed_figure(paper: dict[str, Any]) -> None:
    paper["close"]["currencies"][0]["figures"]["revenue"] = "1"
    paper["hash"] = canonical.digest("month", paper["close"])


def changed_account(paper: dict[str, Any]) -> None:
    row = paper["close"]["currencies"][0]["accounts"][0]
    row["debits"] = str(int(row["debits"]) + 1)
    paper["hash"] = canonical.digest("month", paper["close"])


def changed_opening(paper: dict[str, Any]) -> None:
    for row, by in zip(paper["close"]["currencies"][0]["accounts"], (5, -5), strict=False):
        row["opening"], row["closing"] = (str(int(row[name]) + by) for name in ("opening", "closing"))
    paper["hash"] = canonical.digest("month", paper["close"])


def taken_out(paper: dict[str, Any]) -> None:
    paper["entries"].pop(0)
    paper["entries"][0]["n"] = 1


FORGERIES: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "a figure": (changed_figure, "line 1: USD revenue was closed at 1, the entries make 1499"),
    "an account": (changed_account, "line 1: USD creator_pending debits was closed at 1, the entries make 0"),
    "a note": (lambda paper: paper["close"].update(note="x"), "line 1: the month's facts do not make its hash"),
    "an amount": (lambda paper: paper["entries"][1]["lines"][0].update(amount="1"), "line 3, entry"),
    "an owner": (lambda paper: paper["entries"][1]["lines"][1].update(owner=7), "line 3, entry"),
    "a kind": (lambda paper: paper["entries"][0]["entry"].update(kind="refund"), "line 2, entry"),
    "no proof": (lambda paper: paper["entries"][0].update(proof=None), "line 2, entry"),
    "a line less": (lambda paper: paper["entries"][0]["lines"].pop(), "line 2, entry"),
    "an entry less": (taken_out, "the end: 2026-03-05 has 1 entries, the file 0"),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forgery_is_named(both: list[Path], what: str) -> None:
    change, said = FORGERIES[what]
    forged(both[1], change)
    assert found(both[:2]).startswith(said)


def test_an_opening_that_does_not_follow_is_named(both: list[Path]) -> None:
    forged(both[2], changed_opening)
    assert "does not open with what the month before closed with" in found(both)


def test_the_seals_of_another_ledger_do_not_fit(both: list[Path]) -> None:
    both[0].write_bytes(b"".join(proof_papers.seals("live")))
    assert found(both) == "line 1: it is of another book"
