"""The table of faults names tests that exist, and every row's name once."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.faults import rows

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
