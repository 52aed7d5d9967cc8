"""The table of faults names tests that exist, and every row's name once."""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.faults import rows
from tests.faults.row import Row
from tests.faults.test_failpoints import places
from tests.test_house import tree

ROOT = Path(__file__).parents[2]


@cache
def defined(path: str) -> set[str]:
    return {node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("part", rows.PARTS)
def test_every_row_names_tests_that_exist(part: str) -> None:
    named = [test for row in rows.PARTS[part] for test in (*row.tests, *row.controls)]
    gone = [test for test in named if test.split("::")[-1] not in defined(test.split("::")[0])]
    assert not gone


@pytest.mark.parametrize("part", rows.PARTS)
def test_every_row_stands_once(part: str) -> None:
    names = [row.name for row in rows.PARTS[part]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("part", rows.PARTS)
def test_every_row_has_a_control_or_is_made_of_them(part: str) -> None:
    controls = {test for row in rows.PARTS[part] for test in row.controls}
    assert not [row.name for row in rows.PARTS[part] if not row.controls and not set(row.tests) <= controls]


def found_of(test: str) -> tuple[ast.Module, ast.AST]:
    """The test's module, and the test in it."""
    path, *way = test.split("::")
    module = found = tree(ROOT / path)
    for name in way:
        (found,) = [node for node in ast.iter_child_nodes(found) if getattr(node, "name", "") == name]
    return module, found


def kills(test: str) -> set[str]:
    """The words of a test, of its parameters, and of the lists of its module that it names."""
    module, found = found_of(test)
    named = {node.id for node in ast.walk(found) if isinstance(node, ast.Name)}
    lists = [
        node.value
        for node in module.body
        if isinstance(node, ast.Assign) and {ast.unparse(target) for target in node.targets} & named
    ]
    return {
        node.value
        for part in (found, *lists)
        for node in ast.walk(part)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def left_out(tests: Iterable[str]) -> set[str]:
    of_payments = {place for place, module in places().items() if module.startswith("payments/")}
    return of_payments - set().union(*map(kills, tests))


def row_named(name: str) -> Row:
    (row,) = [row for row in rows.PAYMENTS if row.name == name]
    return row


def test_every_place_of_payments_is_one_at_which_k1_kills() -> None:
    assert not left_out(row_named("K1").tests)


def test_a_place_that_k1_leaves_out_is_found() -> None:
    """The negative control: the row without its tests of kept cards."""
    without = [test for test in row_named("K1").tests if "TestKilled" not in test]
    assert {"kept_charge.after_call", "month.before_begin_commit"} <= left_out(without)


# --- What every run is judged by ------------------------------------------------------------------------------------

ASKING = {"all_holds", "held.all_holds", "held.broken", "books_hold", "entries_hold", "invariants.breaks"}
# Rows of which something else is asked: controls break, mutants and invariants have tests of their own, lives are asked
# after each step, and the row I is the asking itself.
ASKED_OTHERWISE = {"C7", "I", "F2", "M1"}
# Tests that move no money through our books, and so leave nothing to be asked.
ASKED_NOTHING = {
    "tests/faults/test_failpoints.py": "reads sources",
    "tests/faults/test_rows.py": "reads sources",
    "tests/faults/test_every_call_failing.py": "calls the gateway alone; what we book of calls is asked by act",
    "tests/faults/test_every_act_failing.py::test_every_operation_that_we_use_fails_in_some_story": "reads names",
}


def named_in(module: ast.Module, name: str) -> ast.AST | None:
    return next((node for node in module.body if getattr(node, "name", "") == name), None)


def home_of(module: ast.Module, name: str) -> str:
    """The module of tests that a name was imported from; "" for one of its own or of the product."""
    imports = [node for node in module.body if isinstance(node, ast.ImportFrom) and node.module]
    found = [str(node.module) for node in imports if name in {alias.name for alias in node.names}]
    return next((f"{home.replace('.', '/')}.py" for home in found if home.startswith("tests.")), "")


def calls(node: ast.AST) -> set[str]:
    return {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}


def asks(path: str, node: ast.AST, seen: frozenset[str] = frozenset()) -> bool:
    """Whether it calls one of the checks, itself or by what it calls of the tests."""
    called = calls(node)
    if called & ASKING:
        return True
    for name in called - seen:
        home = home_of(tree(ROOT / path), name) or path
        inner = named_in(tree(ROOT / home), name) if (ROOT / home).is_file() else None
        if inner is not None and asks(home, inner, seen | called):
            return True
    return False


def is_asked(test: str) -> bool:
    module, found = found_of(test)
    always = [
        node for node in module.body if "autouse=True" in "".join(map(ast.unparse, getattr(node, "decorator_list", [])))
    ]
    return any(asks(test.split("::")[0], node) for node in (found, *always))


def unasked(tests: Iterable[str]) -> set[str]:
    told = [test for test in tests if not {test, test.split("::")[0]} & ASKED_NOTHING.keys()]
    return {test for test in told if not is_asked(test)}


def test_after_every_run_of_a_row_the_books_are_asked() -> None:
    assert not unasked(test for row in rows.PAYMENTS if row.name not in ASKED_OTHERWISE for test in row.tests)


def test_a_test_that_asks_nothing_is_found() -> None:
    """The negative control."""
    plain = "tests/payments/test_webhook.py::test_events_are_posted_and_nothing_else"
    assert unasked([plain]) == {plain}
