"""A line that is left out of a statement is missed, since the seals count each account's lines; and a month's statement
is made of the month, whatever came before it.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from creators.models import Creator
from payments.models import LedgerEntry, LedgerSeal, SealedAccount
from payments.proof import canonical, papers, seals, statement
from tests.payments import sales, statements
from tests.payments.books import BOOK
from tests.payments.ended import booked_on
from tests.payments.test_invariants import break_in
from tests.payments.test_statement import VERIFY, found

pytestmark = pytest.mark.django_db


def first_of_month() -> datetime:
    today = statements.today()
    return datetime(today.year, today.month, 1, tzinfo=UTC)


def sold_on(ada: Creator, *days_before: float) -> list[int]:
    """A sale so many days before this month began each, and its entry's id; in order of time."""
    made = []
    for days in days_before:
        sales.sell(ada, fee=False)
        entry = booked_on(LedgerEntry.objects.latest("pk"), first_of_month() - timedelta(days=days))
        made.append(entry.pk)
    return made


def gone(*entries: int) -> None:
    """The site does as if these had never been booked; what was sealed it cannot change."""
    for pk in entries:
        break_in(f"DELETE FROM payments_ledgerposting WHERE entry_id = {pk}")
        break_in(f"DELETE FROM payments_ledgerentry WHERE id = {pk}")


def of_before(path: Path) -> None:
    """The same statement as it was written before seals counted lines."""
    told = json.loads(path.read_bytes())
    for one in (*told["accounts"], *told["end"]["accounts"]):
        for name in ("lines", "sealed"):
            one.pop(name, None)
    head = {name: value for name, value in told.items() if name not in ("lines", "end", "check")}
    head["format"] = VERIFY.STATEMENT_BEFORE
    head["check"] = check = canonical.digest("check", [canonical.START, head])
    for row in told["lines"]:
        del row["stands"], row["check"]
        row["check"] = check = canonical.digest("check", [check, row])
    path.write_bytes(b"".join(papers.laid_out(head, "lines", told["lines"], told["end"] | {"check": check})))


def papers_of(folder: Path, ada: Creator, *, month: datetime | None = None) -> tuple[Path, Path]:
    """The seals as they are, and her statement of this month or another."""
    month = month or first_of_month()
    files = folder / "seals.json", folder / f"{month:%Y-%m}.json"
    files[0].write_bytes(b"".join(papers.seals(BOOK)))
    files[1].write_bytes(b"".join(statement.month(ada, month.year, month.month)))
    return files


@pytest.fixture
def ada() -> Creator:
    return sales.creator_named("Ada")


class TestALineLeftOut:
    @pytest.mark.parametrize("which", [0, 1, 2])
    def test_of_a_day_is_missed_by_the_day_s_seal(self, ada: Creator, tmp_path: Path, which: int) -> None:
        made = sold_on(ada, 0, 0, 0)
        seals.seal_closed_days(BOOK, through=statements.today())
        assert found(papers_of(tmp_path, ada)) == ""
        gone(made[which])
        files = papers_of(tmp_path, ada)
        said = found(files)
        assert said.startswith("line 3, entry ")
        assert said.endswith(f"creator_pending USD had 3 lines on {first_of_month():%Y-%m-%d}, 2 are told of")
        of_before(files[1])
        assert found(files).endswith("its day's seal counts lines, and the statement does not")

    def test_with_its_whole_day_is_missed_by_the_next(self, ada: Creator, tmp_path: Path) -> None:
        made = sold_on(ada, 5, 5, 3)
        seals.seal_closed_days(BOOK, through=statements.today())
        month = first_of_month() - timedelta(days=1)
        assert found(papers_of(tmp_path, ada, month=month)) == ""
        gone(*made[:2])
        assert "had 3 lines on" in found(papers_of(tmp_path, ada, month=month))

    def test_of_the_month_before_is_missed_by_the_opening(self, ada: Creator, tmp_path: Path) -> None:
        made = sold_on(ada, 5, 5, 0)
        seals.seal_closed_days(BOOK, through=statements.today())
        before = papers_of(tmp_path, ada, month=first_of_month() - timedelta(days=1))
        after = papers_of(tmp_path, ada)
        assert VERIFY.main([*map(str, before), str(after[1])]) == 0
        gone(*made[:2])
        before = papers_of(tmp_path, ada, month=first_of_month() - timedelta(days=1))
        assert found(before) == ""  # nothing of hers is in it, and nothing comes after
        assert VERIFY.main([*map(str, before), str(after[1])]) == 1

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            (lambda rows: rows[-1].update(stands=[]), "it does not say where accounts stood on"),
            (lambda rows: rows[0].update(stands=rows[-1]["stands"]), "had 2 lines"),
            (lambda rows: rows[-1]["stands"][0].update(lines=1), "it did not stand so on"),
            (lambda rows: rows[-1]["stands"][0].update(amount="-1"), "it did not stand so on"),
            (lambda rows: rows[-1]["stands"][0].update(path=["L" + "0" * 64]), "it did not stand so on"),
        ],
    )
    def test_cannot_be_hidden_by_another_count(
        self, ada: Creator, tmp_path: Path, change: Callable[[list[Any]], object], why: str
    ) -> None:
        sold_on(ada, 0, 0)
        seals.seal_closed_days(BOOK, through=statements.today())
        files = papers_of(tmp_path, ada)
        statements.refitted(files[1], change)
        assert why in found(files)

    def test_cannot_be_hidden_by_leaving_its_account_out(self, tmp_path: Path) -> None:
        files = statements.write(tmp_path, statements.busy_month())
        statements.refitted(files[1], lambda rows: rows[-1]["stands"].pop())
        assert found(files).endswith("an account moved on " + statements.today().isoformat() + " and is not told of")

    def test_that_is_not_sealed_yet_is_not_counted(self, ada: Creator, tmp_path: Path) -> None:
        sold_on(ada, 0)
        seals.seal_closed_days(BOOK, through=statements.today())
        sales.sell(ada)
        files = papers_of(tmp_path, ada)
        assert found(files) == ""
        statements.refitted(files[1], lambda rows: rows[-1].update(stands=rows[0]["stands"]))
        assert "nothing of that is sealed" in found(files)


class TestTheOpening:
    def test_is_what_was_sealed_when_the_account_last_moved(self, ada: Creator, tmp_path: Path, capsys) -> None:
        sold_on(ada, 40, 5, 5, 0)
        seals.seal_closed_days(BOOK, through=statements.today())
        files = papers_of(tmp_path, ada)
        (account,) = json.loads(files[1].read_bytes())["accounts"]
        assert (account["opening"], account["lines"], account["sealed"]["lines"]) == ("4500", 3, 3)
        assert VERIFY.main([str(path) for path in files]) == 0
        assert "is believed" not in capsys.readouterr().out

    def test_with_a_line_of_the_last_moment_before_must_be_believed(self, ada: Creator, tmp_path: Path, capsys) -> None:
        """It was written behind the first entry of the month, and stands in the month's first seal."""
        sold_on(ada, 5, 0, 0.00001)
        seals.seal_closed_days(BOOK, through=statements.today())
        before = papers_of(tmp_path, ada, month=first_of_month() - timedelta(days=1))
        files = papers_of(tmp_path, ada)
        assert found(before) == ""
        assert VERIFY.main([str(path) for path in files]) == 0
        said = capsys.readouterr().out
        assert "What it opens with is believed, of creator_pending USD" in said
        assert "none of them was left out" not in said
        assert VERIFY.main([*map(str, before), str(files[1])]) == 0
        said = capsys.readouterr().out
        assert ("believed" in said, said.count("none of them was left out")) == (False, 2)

    def test_that_hides_a_line_left_out_is_not_said_to_be_counted(self, ada: Creator, tmp_path: Path, capsys) -> None:
        """The line of this month is told of as if it had been written in the last moment before."""
        made = sold_on(ada, 5, 0, 0)
        seals.seal_closed_days(BOOK, through=statements.today())
        before = papers_of(tmp_path, ada, month=first_of_month() - timedelta(days=1))
        gone(made[1])
        files = papers_of(tmp_path, ada)
        told = json.loads(files[1].read_bytes())
        told["accounts"][0].update(opening="3000", lines=2)
        (row,) = told["lines"]
        row["mine"][0]["balance"] = "4500"
        head = {name: value for name, value in told.items() if name not in ("lines", "end", "check")}
        head["check"] = canonical.digest("check", [canonical.START, head])
        row["check"] = canonical.digest("check", [head["check"], {k: v for k, v in row.items() if k != "check"}])
        end = {"count": 1, "check": row["check"], "accounts": told["end"]["accounts"]}
        end["accounts"][0].update(closing="4500", lines=3)
        files[1].write_bytes(b"".join(papers.laid_out(head, "lines", [row], end)))
        assert VERIFY.main([str(path) for path in files]) == 0
        said = capsys.readouterr().out
        assert ("may be hidden in it" in said, "none of them was left out" in said) == (True, False)
        assert VERIFY.main([*map(str, before), str(files[1])]) == 1

    @pytest.mark.parametrize(("opening", "lines"), [("2999", 2), ("3000", 1)])
    def test_that_was_changed_is_named(self, ada: Creator, tmp_path: Path, opening: str, lines: int) -> None:
        sold_on(ada, 5, 5, 0)
        seals.seal_closed_days(BOOK, through=statements.today())
        files = papers_of(tmp_path, ada)
        told = json.loads(files[1].read_bytes())
        (account,) = [one for one in told["accounts"] if one["account"] == "creator_pending"]
        account.update(opening=opening, lines=lines)
        head = {name: value for name, value in told.items() if name not in ("lines", "end", "check")}
        head["check"] = canonical.digest("check", [canonical.START, head])
        files[1].write_bytes(b"".join(papers.laid_out(head, "lines", told["lines"], told["end"])))
        assert found(files).startswith("line 1: creator_pending USD ")

    def test_is_made_without_reading_what_was_before(self, ada: Creator, tmp_path: Path) -> None:
        """All that was booked and sealed long before is taken away, and the statement is the same."""
        made = sold_on(ada, 40, 20, 19, 5, 0)
        seals.seal_closed_days(BOOK, through=statements.today())
        whole = json.loads(papers_of(tmp_path, ada)[1].read_bytes())
        gone(*made[:4])
        assert json.loads(papers_of(tmp_path, ada)[1].read_bytes())["lines"][0]["mine"] == whole["lines"][0]["mine"]
        assert [one["opening"] for one in whole["accounts"]] == ["6000"]

    def test_of_an_old_month_is_made_without_what_came_after(self, ada: Creator, tmp_path: Path) -> None:
        made = sold_on(ada, 20, 0)
        seals.seal_closed_days(BOOK, through=statements.today() + timedelta(days=3))
        month = first_of_month() - timedelta(days=1)
        edges = statement.edges.of(BOOK, month.replace(day=1), first_of_month())
        entry = LedgerEntry.objects.get(pk=made[1])
        assert edges.end_line is None or edges.end_line > entry.postings.earliest("pk").pk
        told = json.loads(papers_of(tmp_path, ada, month=month)[1].read_bytes())
        assert [row["entry"]["id"] for row in told["lines"]] == made[:1]


class TestSealsOfBefore:
    @pytest.fixture
    def changed_over(self, ada: Creator) -> None:
        """A day that was sealed before seals said anything of accounts, and one since."""
        sold_on(ada, 2, 2)
        (old, *_rest) = seals.seal_closed_days(BOOK, through=(first_of_month() - timedelta(days=2)).date())
        facts = (old.day.isoformat(), old.entries, old.first_id, old.last_id, old.root, old.previous)
        break_in("DELETE FROM payments_sealedaccount")
        break_in(f"UPDATE payments_ledgerseal SET accounts = '', hash = '{canonical.seal_hash(BOOK, *facts)}'")
        sold_on(ada, 1, 0)
        seals.seal_closed_days(BOOK, through=statements.today())

    def test_stand_as_they_are_and_the_next_counts_all_lines(self, changed_over: None, ada: Creator, tmp_path) -> None:
        assert seals.verify(BOOK).wrong is None
        rows = SealedAccount.objects.filter(account__kind="creator_pending").order_by("pk")
        assert list(rows.values_list("lines", flat=True)) == [3, 4]
        assert [bool(seal.accounts) for seal in LedgerSeal.objects.of(BOOK)][:2] == [False, True]
        month = first_of_month() - timedelta(days=1)
        assert found(papers_of(tmp_path, ada, month=month)) == ""
        assert found(papers_of(tmp_path, ada)) == ""

    def test_of_which_one_stops_counting_is_told(self, changed_over: None, ada: Creator, tmp_path, capsys) -> None:
        path = papers_of(tmp_path, ada)[0]
        _head, days = VERIFY.read_seals(path)
        last = list(days)[-1]
        VERIFY.tell_silent_days(days)
        assert capsys.readouterr().out == ""
        del days[last]["accounts"]
        VERIFY.tell_silent_days(days)
        assert f"The seal of {last} counts no lines" in capsys.readouterr().out

    def test_a_silent_seal_between_is_no_gap_in_the_count(self, changed_over: None, ada: Creator) -> None:
        """An older release sealed a day again: what moved on it is counted by the next that says something."""
        newest = LedgerSeal.objects.newest(BOOK)
        assert newest is not None
        facts = (newest.day.isoformat(), newest.entries, newest.first_id, newest.last_id, newest.root, newest.previous)
        break_in(f"DELETE FROM payments_sealedaccount WHERE seal_id = {newest.pk}")
        break_in(
            f"UPDATE payments_ledgerseal SET accounts = '', hash = '{canonical.seal_hash(BOOK, *facts)}'"
            f" WHERE id = {newest.pk}"
        )
        sales.sell(ada, fee=False)
        seals.seal_closed_days(BOOK, through=statements.today() + timedelta(days=1))
        assert seals.verify(BOOK).wrong is None
        assert SealedAccount.objects.filter(account__kind="creator_pending").latest("pk").lines == 5


class TestVerifyingThemselves:
    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ("UPDATE payments_sealedaccount SET lines = lines + 1", "its list of accounts was changed"),
            ("DELETE FROM payments_sealedaccount", "its list of accounts was changed"),
            ("UPDATE payments_ledgerseal SET accounts = ''", "its hash is"),
        ],
    )
    def test_names_accounts_that_were_changed(self, ada: Creator, change: str, why: str) -> None:
        sold_on(ada, 0, 0)
        seals.seal_closed_days(BOOK, through=statements.today())
        assert seals.verify(BOOK).wrong is None
        break_in(change)
        assert why in str(seals.verify(BOOK).wrong)

    def test_names_an_account_that_was_sealed_wrongly(self, ada: Creator) -> None:
        sold_on(ada, 0, 0)
        (seal,) = seals.seal_closed_days(BOOK, through=statements.today())
        break_in("UPDATE payments_sealedaccount SET lines = 1")
        (row,) = SealedAccount.objects.select_related("account")
        account, secret = row.account, bytes(seal.secret)
        made = canonical.root([
            canonical.account_hash(
                account.kind, account.owner_id, account.currency, 1, row.amount_minor,
                canonical.salt(secret, "account", account.pk),
            )
        ])  # fmt: skip
        facts = (seal.day.isoformat(), seal.entries, seal.first_id, seal.last_id, seal.root, seal.previous, made)
        break_in(f"UPDATE payments_ledgerseal SET accounts = '{made}', hash = '{canonical.seal_hash(BOOK, *facts)}'")
        assert str(seals.verify(BOOK).wrong).endswith("stood otherwise than was sealed")
