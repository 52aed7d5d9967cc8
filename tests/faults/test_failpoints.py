"""Every named place where a process may be killed is killed there by a test."""

import ast
from pathlib import Path

from tests.test_house import modules, name_of, python_of_tests, tree

KILLERS = ("dies_at", "KEZHAN_FAILPOINTS", "worker_environment(")


def reached(parsed: ast.AST) -> list[str]:
    """The names that a module passes to `failpoints.reach`; "" for one that cannot be read here."""
    calls = [node for node in ast.walk(parsed) if isinstance(node, ast.Call)]
    return [
        str(call.args[0].value) if call.args and isinstance(call.args[0], ast.Constant) else ""
        for call in calls
        if ast.unparse(call.func) == "failpoints.reach"
    ]


def killed(parsed: ast.AST) -> set[str]:
    """The words of a test module that may name a place; what the module itself reaches, it does not kill by that."""
    own = {
        id(node.args[0])
        for node in ast.walk(parsed)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "failpoints.reach"
    }
    words = (node for node in ast.walk(parsed) if isinstance(node, ast.Constant) and id(node) not in own)
    return {str(node.value) for node in words if isinstance(node.value, str)}


def places() -> dict[str, str]:
    return {name: name_of(path) for path in modules() for name in reached(tree(path))}


def kills(paths: list[Path]) -> set[str]:
    murderous = [path for path in paths if any(word in path.read_text(encoding="utf-8") for word in KILLERS)]
    return set().union(*(killed(tree(path)) for path in murderous if path != Path(__file__)))


def test_every_place_has_a_name_that_can_be_read_where_it_stands() -> None:
    assert "" not in places()


def test_every_place_is_one_at_which_a_test_kills() -> None:
    known = kills(python_of_tests())
    assert not {name for name in places() if name not in known}


def test_a_place_that_no_test_kills_at_is_found() -> None:
    """The negative control: a new place, and a test that only mentions or only reaches it."""
    product = ast.parse('from x import failpoints\ndef send():\n    failpoints.reach("mail.after_call")\n')
    assert reached(product) == ["mail.after_call"]
    for test in ('failpoints.reach("mail.after_call")', '"""Nobody dies at mail.after_call."""'):
        assert "mail.after_call" not in killed(ast.parse(test))
    assert "mail.after_call" in killed(ast.parse('dies_at("mail.after_call", send)'))
    assert reached(ast.parse("failpoints.reach(place)")) == [""]
