"""A creator's statement and the stand-alone verifier: it agrees with what is so, and names whatever is not."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.lib import clock
from marketplace.lib.money import CURRENCIES, Money
from payments import checkout, ledger, pricing
from payments.models import LedgerEntry, RefundRule, RevenueRule
from payments.proof import canonical, statement
from payments.sandbox.models import SandboxTransfer
from tests.payments import sales, shop, statements
from tests.payments.books import BOOK
from tests.payments.test_invariants import break_in

VERIFY = statements.verifier()
Papers = tuple[Path, Path]


_KEPT: list[bytes] = []


@pytest.fixture
def fresh_month(db: None, tmp_path: Path) -> Papers:
    """The papers of a month, and the books that they were made from."""
    return statements.write(tmp_path, statements.busy_month())


@pytest.fixture
def month(request: pytest.FixtureRequest, tmp_path: Path) -> Papers:
    """The papers alone, which no longer need the books: made once."""
    if not _KEPT:
        _KEPT.extend(path.read_bytes() for path in request.getfixturevalue("fresh_month"))
    papers = tmp_path / "seals.json", tmp_path / "statement.json"
    for path, raw in zip(papers, _KEPT, strict=True):
        path.write_bytes(raw)
    return papers


def found(papers: Papers) -> str:
    """What the verifier says is wrong; nothing when all is right."""
    try:
        head, seals = VERIFY.read_seals(papers[0])
        VERIFY.check_statement(papers[1], head, seals, None)
    except VERIFY.Wrong as wrong:
        return str(wrong)
    return ""


def line_of(raw: bytes, at: int) -> int:
    return raw.count(b"\n", 0, at) + 1


class TestTheVerifier:
    def test_agrees_with_a_month_in_which_everything_happened(self, month) -> None:
        assert found(month) == ""
        kinds = [line["entry"]["kind"] for line in json.loads(month[1].read_text())["lines"]]
        assert {"sale", "refund", "dispute_lost", "release", "payout_hold", "payout_sent"} <= set(kinds)

    def test_is_one_file_that_python_runs_alone(self, month) -> None:
        command = [sys.executable, "-I", "-S", str(statements.VERIFIER), *map(str, month)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert "lines are right" in ran.stdout
        month[1].write_bytes(month[1].read_bytes().replace(b'"amount":"-', b'"amount":"-1', 1))
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stdout.splitlines()[-1].startswith("WRONG: ")) == (1, True)

    def test_says_how_it_is_used(self, capsys) -> None:
        assert VERIFY.main([]) == 2
        assert VERIFY.main(["no.json", "such.json"]) == 2
        assert "python kezhan_verify.py" in capsys.readouterr().out

    def test_says_which_lines_are_not_sealed_yet(self, db, tmp_path, capsys) -> None:
        papers = statements.write(tmp_path, statements.busy_month(), sealed=False)
        assert VERIFY.main([str(path) for path in papers]) == 0
        assert "0 of them are sealed" in capsys.readouterr().out

    def test_holds_where_rules_began_between_the_quote_and_its_order(self, lin, fay, tmp_path) -> None:
        ada = sales.creator_named("Ada")
        courses, now = [sales.course_of(ada, Money(4999, "USD"))], clock.now()
        seen = pricing.price_up(lin, courses, at=now)
        begin = {"starts_at": now + timedelta(seconds=30), "by": fay, "reason": "While she pays"}
        RevenueRule.objects.introduce("organic", platform_bps=4000, **begin)
        RefundRule.objects.introduce(whole_days=1, whole_bps=100, part_days=2, part_bps=200, **begin)
        clock.advance(timedelta(minutes=1))
        order = checkout.begin(lin, courses, seen)
        shop.pay(order)
        shop.deliver_all()
        assert (order.placed_at, order.refund_rule.introduced_by) == (now, None)
        assert order.items.get().rule == RevenueRule.objects.in_force(at=order.placed_at)
        assert found(statements.write(tmp_path, ada)) == ""

    def test_shows_nobody_else_s_amounts(self, month) -> None:
        statement_of_ada = json.loads(month[1].read_text())
        amounts = {line["salt"] for row in statement_of_ada["lines"] for line in row["mine"]}
        assert len(amounts) == sum(len(row["mine"]) for row in statement_of_ada["lines"])
        assert all(set(row["entry"]["lines"]) for row in statement_of_ada["lines"])
        assert "Bea" not in month[1].read_text()


class TestAByte:
    """Any byte changed anywhere is found, and the line in which it was changed is named."""

    @pytest.mark.parametrize("which", [0, 1], ids=["seals", "statement"])
    def test_changed_anywhere_is_named(self, month, which) -> None:
        papers, raw = month, month[which].read_bytes()

        @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.integers(0, len(raw) - 1), st.integers(1, 255))
        def every_flip(at: int, by: int) -> None:
            papers[which].write_bytes(raw[:at] + bytes([raw[at] ^ by]) + raw[at + 1 :])
            said = found(papers)
            papers[which].write_bytes(raw)
            assert said
            # A line end that is gone makes one line of two; a new one makes two of one.
            at_line = line_of(raw, at)
            assert any(said.startswith(f"line {n}{mark}") for n in (at_line, at_line + 1) for mark in ":,"), said

        every_flip()

    @pytest.mark.parametrize("which", [0, 1], ids=["seals", "statement"])
    def test_line_broken_in_two_is_named(self, month, which) -> None:
        raw = month[which].read_bytes()
        for at in (place for place in {*range(0, len(raw), 37), *range(len(raw) - 500, len(raw))} if raw[place] != 10):
            month[which].write_bytes(raw[:at] + b"\n" + raw[at + 1 :])
            said = found(month)
            assert said.startswith((f"line {line_of(raw, at)}", f"line {line_of(raw, at) + 1}:")), (at, said)

    @pytest.mark.parametrize("which", [0, 1], ids=["seals", "statement"])
    def test_every_byte_of_the_last_line_is_named(self, month, which) -> None:
        raw = month[which].read_bytes()
        last = raw.count(b"\n")
        for at in range(raw.rindex(b"\n", 0, -1) + 1, len(raw) - 1):
            month[which].write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
            assert found(month).startswith((f"line {last}:", f"line {last},")), at

    def test_cut_off_or_added_is_named(self, month) -> None:
        raw = month[1].read_bytes()
        for changed in (raw[:-1], raw + b"\n", raw[: len(raw) // 2], b"", raw.replace(b"\n", b"\r\n")):
            month[1].write_bytes(changed)
            assert found(month)


FORGERIES = {
    "an amount": lambda row, draw: row["mine"][0].update(amount=str(int(row["mine"][0]["amount"]) + draw)),
    "a balance": lambda row, draw: row["mine"][0].update(balance=str(int(row["mine"][0]["balance"]) + draw)),
    "an account": lambda row, _draw: row["mine"][0].update(account="creator_reserve"),
    "a currency": lambda row, _draw: row["mine"][0].update(currency="EUR"),
    "a key": lambda row, _draw: row["entry"].update(key="sale:another"),
    "a kind": lambda row, _draw: row["entry"].update(kind="adjustment"),
    "a time": lambda row, _draw: row["entry"].update(occurred_at="2026-01-01T00:00:00.000000Z"),
    "an id": lambda row, draw: row["entry"].update(id=row["entry"]["id"] + draw),
    "an order": lambda row, _draw: row["entry"].update(order="K000000000"),
    "another's line": lambda row, _draw: row["entry"]["lines"].append("0" * 64),
    "no proof": lambda row, _draw: row.update(proof=None),
    "a proof of another day": lambda row, _draw: row["proof"].update(day="2020-01-01"),
    "a part's amount": lambda row, draw: row["parts"][0].update(amount=str(int(row["parts"][0]["amount"]) + draw)),
    "no parts": lambda row, _draw: row.update(parts=[]),
}
OF_A_SALE = {
    name: (lambda row, draw, name=name: row["parts"][0].update({name: str(int(row["parts"][0][name]) + draw)}))
    for name in ("list", "discount", "net", "tax", "price", "promotion")
} | {
    "the rule": lambda row, draw: row["parts"][0]["rule"].update(platform_bps=2500 + draw),
    "the fixed part": lambda row, draw: row["parts"][0]["rule"].update(fixed_minor=str(draw)),
    "the rule's day": lambda row, _draw: row["parts"][0]["rule"].update(starts_at="2999-01-01T00:00:00.000000Z"),
    "the split": lambda row, draw: row["parts"][0].update(bps=row["parts"][0]["bps"] - draw),
}  # fmt: skip


class TestAForgery:
    """Somebody changes a line and makes the file's own checks fit again: the seal or the arithmetic still says no."""

    @pytest.mark.parametrize("what", FORGERIES)
    def test_of_any_line_is_named(self, month, what) -> None:
        for seed in range(6):
            forge(month, FORGERIES[what], seed, lambda row: row["parts"])

    @pytest.mark.parametrize("what", OF_A_SALE)
    def test_of_what_a_sale_was_reckoned_from_is_named(self, month, what) -> None:
        for seed in range(6):
            forge(month, OF_A_SALE[what], seed, lambda row: row["entry"]["kind"] == "sale")

    @pytest.mark.parametrize("left", ["tax", "promotion", "shares"])
    def test_of_what_was_left_before_a_refund_is_named(self, month, left) -> None:
        def change(row: Any, draw: int) -> None:
            part = row["parts"][0]
            # So much that the proportion moves; a unit more or less may round to the same share.
            if left == "shares":
                part["left"]["shares"][part["mine"]] = str(int(part["left"]["shares"][part["mine"]]) + 500 * draw)
            else:
                part["left"][left] = str(int(part["left"][left]) + 900 * draw)

        forge(month, change, 1, lambda row: row["entry"]["kind"] == "refund")

    def test_that_leaves_a_line_out_is_named(self, month) -> None:
        rows = month[1].read_text().splitlines()
        del rows[3]
        month[1].write_text("\n".join(rows) + "\n")
        assert found(month).startswith("line 4, ")

    def test_of_the_books_themselves_is_named_once_they_are_sealed(self, fresh_month) -> None:
        """What was sealed stays as it was sealed: a statement made from books changed later does not fit."""
        entry = LedgerEntry.objects.filter(kind="payout_sent").earliest("pk")
        hers = entry.postings.exclude(account__owner_id=None).select_related("account").get()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        break_in(f"UPDATE payments_ledgerposting SET amount_minor = amount_minor + 1 WHERE id = {hers.pk}")
        today = statements.today()
        made = statement.month(_Creator(hers.account.owner_id), today.year, today.month)
        fresh_month[1].write_bytes(b"".join(made))
        assert f"entry {entry.pk} " in found(fresh_month)


class _Creator:
    def __init__(self, pk: int) -> None:
        self.pk = pk


def forge(papers: Papers, change: Callable[[Any, int], object], seed: int, fits: Callable[[Any], Any]) -> None:
    """Change one line that fits, make every check of the file fit again, and see it named; then put all back."""
    raw = papers[1].read_bytes()
    lines = raw.decode().splitlines()
    rows = {n: json.loads(text.removesuffix(",")) for n, text in enumerate(lines[1:-1], 2)}
    draw = random.Random(seed)
    number = draw.choice([n for n, row in rows.items() if fits(row)])
    change(rows[number], draw.randint(1, 9))
    head = json.loads(lines[0] + "]}")
    check = head["check"]
    for row in rows.values():
        row["check"] = check = canonical.digest("check", [check, {k: v for k, v in row.items() if k != "check"}])
    end = {**json.loads(lines[-1].removeprefix('],"end":').removesuffix("}")), "check": check}
    body = b",\n".join(canonical.text(row) for row in rows.values())
    papers[1].write_bytes(lines[0].encode() + b"\n" + body + b'\n],"end":' + canonical.text(end) + b"}\n")
    said = found(papers)
    papers[1].write_bytes(raw)
    assert said.startswith(f"line {number}, entry "), said


class TestMonths:
    def test_follow_each_other(self, fresh_month, tmp_path) -> None:
        today = statements.today()
        following = tmp_path / "next.json"
        creator = _Creator(json.loads(fresh_month[1].read_text())["creator"])
        after = (today.year + today.month // 12, today.month % 12 + 1)
        following.write_bytes(b"".join(statement.month(creator, *after)))
        assert VERIFY.main([str(fresh_month[0]), str(fresh_month[1]), str(following)]) == 0
        assert VERIFY.main([str(fresh_month[0]), str(following), str(fresh_month[1])]) == 1

    def test_without_a_sale_have_no_lines(self, fresh_month, tmp_path) -> None:
        ada = _Creator(json.loads(fresh_month[1].read_text())["creator"])
        told = json.loads(b"".join(statement.month(ada, 2020, 1)))
        assert (told["lines"], told["end"]["count"]) == ([], 0)

    def test_close_with_what_the_books_say(self, fresh_month) -> None:
        told = json.loads(fresh_month[1].read_text())
        standing = {
            (kind.value, currency): amount.minor
            for (kind, currency), amount in ledger.balances_of(told["creator"], BOOK).items()
        }
        assert {(a["account"], a["currency"]): int(a["closing"]) for a in told["end"]["accounts"]} == standing

    def test_say_as_paid_what_the_provider_sent(self, fresh_month) -> None:
        told = json.loads(fresh_month[1].read_text())
        paid = sum(
            int(line["amount"])
            for row in told["lines"]
            for line in row["mine"]
            if row["entry"]["kind"] == "payout_sent" and line["currency"] == "USD"
        )
        sent = SandboxTransfer.objects.filter(currency="usd", destination__metadata__creator=str(told["creator"]))
        assert paid > 0
        assert paid == sum(transfer.amount for transfer in sent)

    def test_take_as_many_queries_for_many_lines_as_for_few(self, db, django_assert_max_num_queries) -> None:
        ada, today = sales.creator_named("Ada"), statements.today()
        for _n in range(8):
            sales.sell(ada)
        with django_assert_max_num_queries(25):
            list(statement.month(ada, today.year, today.month))


def test_the_verifier_knows_each_currency_s_steps() -> None:
    """It stands alone and cannot ask; a currency that is added here without it would make true statements wrong."""
    assert {code: one.charge_multiple for code, one in CURRENCIES.items() if one.charge_multiple > 1} == VERIFY.STEPS
