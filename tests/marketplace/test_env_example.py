"""`.env.example` names every variable that is read, and no other."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READERS = [
    "marketplace/settings.py",
    "marketplace/content_policy.py",
    "marketplace/pictures.py",
    "marketplace/rights_terms.py",
    "marketplace/switch_terms.py",
    "marketplace/tip_terms.py",
    "deploy/gunicorn.conf.py",
]


def names_read(path: Path) -> set[str]:
    """First arguments of `env.text("…")` and its siblings, and of `os.environ.get("…")`."""
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and node.args)
    asked = (call for call in calls if re.match(r"env\.\w+$|os\.environ\.get$", ast.unparse(call.func)))
    return {call.args[0].value for call in asked if isinstance(call.args[0], ast.Constant)}


def test_the_example_and_the_readers_name_the_same_variables():
    named = set(re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert named == set().union(*(names_read(ROOT / reader) for reader in READERS))
