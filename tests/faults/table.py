"""A plugin of pytest that prints what the tests of `rows` found as one table: row, seed, rounds, control, result.

It also repeats the crowds, a round each: what a race breaks it need not break the first time.
"""

from collections import defaultdict
from typing import Any

import pytest

from . import rows

_outcomes: dict[str, list[str]] = defaultdict(list)
_seconds: dict[str, float] = defaultdict(float)
_told: list[str] = []


@pytest.fixture
def fault_round(request: pytest.FixtureRequest) -> int:
    """The number of the round; the test does not ask for it."""
    return int(request.param)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.nodeid in rows.REPEATED and "seed" not in metafunc.fixturenames:
        metafunc.fixturenames.append("fault_round")
        metafunc.parametrize("fault_round", range(rows.ROUNDS), indirect=True, ids=lambda n: f"round {n + 1}")


def pytest_runtest_logreport(report: Any) -> None:
    """Called where the table is printed, for every worker's tests."""
    test = report.nodeid.partition("[")[0]
    _seconds[test] += report.duration
    if report.when == "call" or report.outcome != "passed":
        _outcomes[test].append(report.outcome)
    if report.when == "call":
        # What a test says about its load, under the name "fault": how much and how fast, for people to read.
        _told.extend(text for name, text in report.user_properties if name == "fault")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    write = terminalreporter.write_line
    terminalreporter.section("faults")
    write(f"seed {rows.SEED}, rounds of crowds and of seeded tests: {rows.ROUNDS}")
    write(f"{'row':<4} {'what is done':<58} {'runs':>5} {'control':>8} {'seconds':>8}  result")
    for part in rows.PARTS.values():
        for row in part:
            ran = [outcome for test in row.tests for outcome in _outcomes[test]]
            if ran:
                write(_line(row, ran))
    for text in sorted(_told):
        write(text)


def _line(row: rows.Row, ran: list[str]) -> str:
    controlled = [outcome for test in row.controls for outcome in _outcomes[test]]
    # The long loads are run without the rest of their rows.
    asked = row.tests if not rows.IS_LONG else [test for test in row.tests if test in rows.LONG]
    control = "—" if rows.IS_LONG or not row.controls else "breaks" if _all_passed(controlled) else "HOLDS"
    spent = sum(_seconds[test] for test in (*row.tests, *row.controls))
    fine = _all_passed(ran) and control != "HOLDS" and all(_outcomes[test] for test in asked)
    return f"{row.name:<4} {row.what:<58} {len(ran):>5} {control:>8} {spent:>8.1f}  {'pass' if fine else 'FAIL'}"


def _all_passed(outcomes: list[str]) -> bool:
    return bool(outcomes) and all(outcome == "passed" for outcome in outcomes)
