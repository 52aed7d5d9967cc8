"""No float comes near money: not written, not made, and not got by dividing. Held over the source, line by line."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHOLE_ROOMS = ("payments", "docs/verify")
# In every other app and in the project itself somebody may reckon with money; a module that names an amount is held.
ROOMS = ("marketplace", *sorted({path.parent.name for path in ROOT.glob("*/apps.py")} - set(WHOLE_ROOMS)))
NAMES_AMOUNTS = re.compile(r"\bMoney\b|_minor\b|lib\.money\b")
# They name amounts and have fractions of something else: of lengths, stars and counts.
NOT_OF_MONEY = {"marketplace/lib/templatetags/ui.py"}


def names_amounts(path: Path) -> bool:
    return bool(NAMES_AMOUNTS.search(path.read_text(encoding="utf-8")))


MONEY = sorted(
    path
    for room in (*WHOLE_ROOMS, *ROOMS)
    for path in (ROOT / room).rglob("*.py")
    if "migrations" not in path.parts and (room in WHOLE_ROOMS or names_amounts(path))
)
HELD = [path for path in MONEY if path.relative_to(ROOT).as_posix() not in NOT_OF_MONEY]
FIELDS = {"FloatField"}


def floats_of(tree: ast.Module) -> Iterator[int]:
    """The lines that write, make or divide to a float, or keep one in the database."""
    for node in ast.walk(tree):
        is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        is_made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
        is_divided = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div) and not is_path(node)
        is_kept = isinstance(node, ast.Attribute) and node.attr in FIELDS
        if is_literal or is_made or is_divided or is_kept:
            yield node.lineno


def is_path(node: ast.BinOp | ast.AugAssign) -> bool:
    """`folder / "name"` joins a path; nobody divides an amount by words or by a file."""
    parts = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.value]
    return any(
        isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        or (isinstance(part, ast.Name) and part.id.isupper() and part.id.endswith(("DIR", "ROOT", "FOLDER", "SHEETS")))
        for part in parts
    )


@pytest.mark.parametrize("path", HELD, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_of_money_has_no_float(path: Path) -> None:
    assert not list(floats_of(ast.parse(path.read_text())))


def test_what_is_not_held_has_a_fraction_indeed() -> None:
    """Else it would stand among the held ones."""
    loose = [path for path in MONEY if path not in HELD]
    assert {path.relative_to(ROOT).as_posix() for path in loose} == NOT_OF_MONEY
    assert all(list(floats_of(ast.parse(path.read_text()))) for path in loose)


@pytest.mark.parametrize(
    "module",
    ["moderation/measures/effects.py", "moderation/measures/refund_limit.py", "moderation/rights/income.py",
     "moderation/models/wave.py", "courses/price_history.py", "marketplace/lib/rest.py",
     "docs/verify/kezhan_verify.py", "learners/journeys.py",
     "operating/mail_words.py"],
)  # fmt: skip
def test_money_outside_of_payments_is_held_too(module: str) -> None:
    assert ROOT / module in HELD


@pytest.mark.parametrize(
    "line",
    ["x = 0.25", "x = price / 4", "x = float(price)", "x /= 2", "x = models.FloatField()"],
)
def test_the_rule_sees_each_way_to_a_float(line: str) -> None:
    assert list(floats_of(ast.parse(line))) == [1]
