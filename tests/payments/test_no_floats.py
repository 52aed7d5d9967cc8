"""No float comes near money: not written, not made, and not got by dividing. Held over the source, line by line."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MONEY = sorted(
    [path for path in (ROOT / "payments").rglob("*.py") if "migrations" not in path.parts]
    + [ROOT / "marketplace" / "lib" / "money.py", ROOT / "courses" / "pricing.py"]
)
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


@pytest.mark.parametrize("path", MONEY, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_of_money_has_no_float(path: Path) -> None:
    assert not list(floats_of(ast.parse(path.read_text())))


@pytest.mark.parametrize(
    "line",
    ["x = 0.25", "x = price / 4", "x = float(price)", "x /= 2", "x = models.FloatField()"],
)
def test_the_rule_sees_each_way_to_a_float(line: str) -> None:
    assert list(floats_of(ast.parse(line))) == [1]
