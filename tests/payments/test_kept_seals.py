"""A copy of the seals that somebody kept: today's file must begin as it does; the first day that differs is named."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from marketplace.lib import clock
from payments.models import RevenueRule
from payments.proof import canonical, papers, seals
from tests.payments import sales, statements
from tests.payments.books import BOOK
from tests.payments.test_nightly import THREE, day
from tests.payments.test_seals import on

pytestmark = pytest.mark.django_db
VERIFY = statements.verifier()


@pytest.fixture
def copies(tmp_path: Path) -> tuple[Path, Path]:
    """Today's file of three sealed days, and the one of a day before, when there were two."""
    today, kept = tmp_path / "seals.json", tmp_path / "old.json"
    with time_machine.travel(THREE, tick=False):
        for age in (3, 2, 1):
            on(day(age), f"sale:{age}")
        seals.seal_closed_days(BOOK, through=day(2))
        kept.write_bytes(b"".join(papers.seals(BOOK)))
        seals.seal_closed_days(BOOK)
        today.write_bytes(b"".join(papers.seals(BOOK)))
    return today, kept


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    status = VERIFY.main([str(each) for each in arguments])
    return status, capsys.readouterr().out


def forged(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Somebody changes the chain or its rules, and all hashes of the file fit again."""
    told = json.loads(path.read_bytes())
    change(told)
    head = {name: told[name] for name in ("format", "book", "rules")}
    head["check"], previous = canonical.digest("head", head), canonical.START
    for seal in told["seals"]:
        facts = [seal[name] for name in ("day", "entries", "first_id", "last_id", "root")]
        made = canonical.seal_hash(told["book"], *facts, previous, seal.get("accounts", ""))
        seal.update(previous=previous, hash=made)
        previous = seal["hash"]
    end = {"count": len(told["seals"]), "newest": previous}
    path.write_bytes(b"".join(papers.laid_out(head, "seals", told["seals"], end)))


def test_the_seals_alone_can_be_checked(copies, capsys) -> None:
    assert said(capsys, copies[0]) == (0, f"{copies[0]}: 3 days are sealed, one after the other.\n")
    forged(copies[0], lambda told: told["seals"][1].update(first_id=1))
    assert said(capsys, copies[0])[0] == 1


def test_a_file_that_goes_on_from_the_copy_is_right(copies, capsys) -> None:
    status, words = said(capsys, copies[0], "--kept", copies[1])
    assert (status, words.splitlines()[1]) == (
        0, f"{copies[1]}: its 2 days and its rules stand there as they were kept."
    )  # fmt: skip
    assert said(capsys, "--kept", copies[1], copies[0])[0] == 0
    assert said(capsys, copies[0], "--kept", copies[1], "--kept", copies[0])[0] == 0


def test_a_statement_is_checked_with_them(tmp_path, capsys) -> None:
    ada = sales.creator_named("Ada")
    sales.sell(ada)
    seals_file, statement_file = statements.write(tmp_path, ada)
    status, words = said(capsys, seals_file, "--kept", seals_file, statement_file)
    assert status == 0
    assert "1 lines are right" in words
    assert "none of them was left out" in words


def test_without_a_file_it_says_how_it_is_used(copies, capsys) -> None:
    for arguments in ([], ["--kept"], ["--kept", copies[1]], [copies[0], "--keep", copies[1]], [copies[0], "--kept"]):
        status, words = said(capsys, *arguments)
        assert (status, "--kept" in words) == (2, True)


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "another root": (lambda told: told["seals"][0].update(root="0" * 64), f"the seal of {day(3)} is not the one"),
    "one entry more": (lambda told: told["seals"][1].update(entries=2), f"the seal of {day(2)} is not the one"),
    "a day less": (lambda told: told["seals"].__delitem__(slice(1, None)), f"has a seal of {day(2)}, it has none"),
    "a rule less": (lambda told: told["rules"].pop(), "is not the rule that was kept"),
    "another rule": (lambda told: told["rules"][0].update(platform_bps=1), "is not the rule that was kept"),
    "another book": (lambda told: told.update(book="live"), "is of another book"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_history_that_was_written_anew_is_named(copies, capsys, what) -> None:
    change, why = CHANGES[what]
    forged(copies[0], change)
    assert said(capsys, copies[0])[0] == 0  # by itself it is right
    status, words = said(capsys, copies[0], "--kept", copies[1])
    assert status == 1
    assert words.splitlines()[-1].startswith(f"WRONG: {copies[0]}, ")
    assert why in words


def test_a_rule_that_came_since_is_right_and_one_for_the_time_before_is_not(copies, capsys) -> None:
    def add(starts_at: str) -> Callable[[dict[str, Any]], object]:
        return lambda told: told["rules"].append({**told["rules"][0], "starts_at": starts_at})

    forged(copies[0], add(f"{day(1)}T00:00:00.000000Z"))
    assert said(capsys, copies[0], "--kept", copies[1])[0] == 0
    forged(copies[0], add(f"{day(2)}T00:00:00.000000Z"))
    status, words = said(capsys, copies[0], "--kept", copies[1])
    assert (status, "is for days of the copy that was kept, and is not in it" in words) == (1, True)


def test_a_copy_that_is_broken_itself_is_named(copies, capsys) -> None:
    copies[1].write_bytes(copies[1].read_bytes()[:-2])
    status, words = said(capsys, copies[0], "--kept", copies[1])
    assert (status, f"WRONG: {copies[1]}, " in words) == (1, True)


def test_the_site_s_own_later_rule_is_no_change_of_the_copy(copies, capsys, fay) -> None:
    begins = clock.now() + timedelta(days=400)
    RevenueRule.objects.introduce("tip", starts_at=begins, platform_bps=400, by=fay, reason="From then on")
    copies[0].write_bytes(b"".join(papers.seals(BOOK)))
    assert said(capsys, copies[0], "--kept", copies[1])[0] == 0
