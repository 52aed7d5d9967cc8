"""The design's page "house", held by machine: sizes, names, who may save, how tasks and tests are written."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from marketplace.celery import app as celery
from marketplace.lib import work

ROOT = Path(__file__).parents[1]
APPS = [
    "accounts", "operating", "creators", "videos", "courses", "learners", "payments", "community", "discovery",
    "moderation",
]  # fmt: skip
LONGEST_MODULE = 300
LONGEST_FUNCTION = 45
LONGEST_VIEW = 25
DRAWERS = {"services", "selectors", "managers", "utils", "helpers", "common", "misc"}
SOURCES = {".py", ".ts", ".html", ".css", ".txt", ".md", ".toml", ".yaml", ".conf"}

# A worker's outer door, where every failure is recorded and raised again, and nowhere else.
OUTER_DOORS = {"marketplace/lib/work.py", "marketplace/lib/sweeps.py", "marketplace/local/guard.py"}


@cache
def modules() -> list[Path]:
    """The product's Python, without migrations and tests."""
    rooms = [ROOT / name for name in ("marketplace", *APPS)]
    return sorted(path for room in rooms for path in room.rglob("*.py") if "migrations" not in path.parts)


@cache
def python_of_tests() -> list[Path]:
    return sorted((ROOT / "tests").rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))


def body_lines(function: ast.FunctionDef) -> int:
    """Lines of the body, its docstring not counted."""
    has_doc = ast.get_docstring(function) is not None
    body = function.body[1:] if has_doc and len(function.body) > 1 else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def longer_than(limit: int, paths: list[Path]) -> dict[str, int]:
    return {f"{name_of(p)}:{f.name}": n for p in paths for f in functions(p) if (n := body_lines(f)) > limit}


def is_model_module(path: Path) -> bool:
    """Where rows are kept: an app's models, its querysets beside them, and the floor's own models."""
    return "models" in path.parts or path.stem in {"models", "querysets"} or defines_a_model(path)


def defines_a_model(path: Path) -> bool:
    bases = (base for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef) for base in node.bases)
    return any(ast.unparse(base) in {"models.Model", "work.Work", "Work"} for base in bases)


def test_modules_stay_short():
    too_long = {name_of(path): n for path in modules() if (n := len(path.read_text().splitlines())) > LONGEST_MODULE}
    assert not too_long, "split by noun or verb"


def test_functions_stay_short():
    assert not longer_than(LONGEST_FUNCTION, modules())


def test_views_stay_short():
    assert not longer_than(LONGEST_VIEW, [path for path in modules() if path.stem == "views" or "views" in path.parts])


def test_no_file_is_a_drawer():
    everywhere = [*modules(), *(ROOT / "frontend").rglob("*.ts")]
    assert not [name_of(path) for path in everywhere if path.stem in DRAWERS]


def test_the_list_of_apps_is_whole():
    assert {path.parent.name for path in ROOT.glob("*/apps.py")} == set(APPS)
    assert set(APPS) <= set(settings.INSTALLED_APPS)


def test_import_rules_know_every_app():
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert set(APPS) <= set(rules["root_packages"])
    layers = " ".join(rules["contracts"][0]["layers"])
    assert all(re.search(rf"\b{app}\b", layers) for app in APPS)


def test_nothing_says_that_it_is_unfinished():
    mark = re.compile(r"\b(?:TODO|FIXME)\b|\braise NotImplementedError\b")
    places = [ROOT / name for name in (*APPS, "marketplace", "templates", "frontend", "tests", "deploy", "docs", "bin")]
    files = [path for place in places for path in place.rglob("*") if path.suffix in SOURCES and path != Path(__file__)]
    assert not [name_of(path) for path in files if mark.search(path.read_text(encoding="utf-8"))]


def test_rows_are_saved_in_their_model_s_own_file():
    """Law (a), as far as a machine sees it: `.save(` and `.create(` of rows stand in model modules; forms may save."""
    found = []
    for path in modules():
        if is_model_module(path):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "save":
                owner = ast.unparse(node.func.value)
                if not re.search(r"form|super\(\)|storage|image|picture|document", owner, re.IGNORECASE):
                    found.append(f"{name_of(path)}:{node.lineno} {owner}.save()")
    assert not found, "give the model a verb"


def raises_again(handler: ast.ExceptHandler) -> bool:
    """Clears up and lets the failure pass: nothing is caught."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_failures_are_caught_at_outer_doors_only():
    found = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler) and name_of(path) not in OUTER_DOORS and not raises_again(node):
                kind = "" if node.type is None else ast.unparse(node.type)
                if kind in {"", "Exception", "BaseException"}:
                    found.append(f"{name_of(path)}:{node.lineno}")
    assert not found


def test_there_are_no_save_signals():
    mark = re.compile(r"\b(?:pre|post)_(?:save|delete)\b")
    assert not [name_of(path) for path in modules() if mark.search(path.read_text())]


def test_tests_patch_nothing_by_dotted_path():
    mark = re.compile(r"""mock\.patch\(|(?<!\.)\bpatch\(["']|monkeypatch\.setattr\(\s*["']|mocker\.""")
    assert not [name_of(path) for path in python_of_tests() if path != Path(__file__) and mark.search(path.read_text())]


def test_no_test_is_skipped_for_good():
    mark = re.compile(r"pytest\.mark\.(?:skip\b|xfail)")
    assert not [name_of(path) for path in python_of_tests() if path != Path(__file__) and mark.search(path.read_text())]


@pytest.fixture(scope="module")
def registered() -> set[str]:
    celery.loader.import_default_modules()
    return {name for name in celery.tasks if not name.startswith("celery.")}


def test_every_task_is_the_bell_of_a_row_or_is_rung_by_beat(registered):
    """A task that is neither would be work that a lost message loses."""
    bells = {kind.TASK for kind in work.kinds() if kind.__module__.partition(".")[0] in {"marketplace", *APPS}}
    clockwork = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert registered == bells | clockwork


def test_tasks_are_named_verb_noun(registered):
    assert not [name for name in registered if not re.fullmatch(r"[\w.]+\.tasks\.[a-z]+(?:_[a-z]+)+", name)]


INLINE = [
    re.compile(r"<script(?![^>]*\s(?:src|nonce|type=.application/(?:ld.)?json))[^>]*>"),
    re.compile(r"""<style\b|\sstyle=["']|\son[a-z]+=["']"""),
]


def test_templates_hold_no_inline_script_or_style():
    """The Content-Security-Policy would refuse them silently in the reader's browser. Mails are read elsewhere."""
    mails = ROOT / "templates" / "mail"
    pages = [path for path in (ROOT / "templates").rglob("*.html") if mails not in path.parents]
    assert not [name_of(path) for path in pages for mark in INLINE if mark.search(path.read_text())]
