"""Answers for bin/translate: every word that people read is in locale/, has its Chinese, and is compiled.

Without arguments it collects the words (with xgettext of GNU gettext) and compiles them. With --check it only says what
is missing, and needs no gettext for that.
"""

from __future__ import annotations

import ast
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib

from .checks import PRODUCTION
from .chores import ask
from .home import ROOT, LocalError, fail, home, say

CATALOG = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
COMPILED = CATALOG.with_suffix(".mo")
HOW_TO_MEND = f"Run bin/translate, write the Chinese into {CATALOG.relative_to(ROOT)}, and run bin/translate again."
# Nobody who reads Chinese meets what is written here.
NOT_FOR_PEOPLE = ("node_modules", "var", "tests", "bench", "static", "docs")
HEADER = {
    "Project-Id-Version": "Kezhan",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
MARKERS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"\b(p?n?p?gettext|_)\(((?:{LITERAL}(?:,\s*)?)+)", re.DOTALL)
# What a sentence must keep when it changes its language: %(name)s, {name}, %%, and the tags of HTML.
KEPT = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|</?[a-z][^>]*>")

Word = tuple[str | None, str]


def words_of_python(source: str) -> Iterator[Word]:
    """(context, words) of each marked literal; what is put together at run time cannot be seen, here as by xgettext."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        literals = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if name in MARKERS and literals and isinstance(node.args[0], ast.Constant):
            yield None, literals[0]
        elif name in WITH_CONTEXT and len(literals) > 1:
            yield literals[0], literals[1]


def words_of_template(source: str) -> Iterator[Word]:
    # Its stubs know nothing of the module; it only rewrites text and needs no settings.
    from django.utils.translation.template import templatize

    for name, arguments in CALL.findall(templatize(source)):
        literals = ast.literal_eval(f"({arguments.rstrip(', ')},)")
        yield (literals[0], literals[1]) if "p" in name.split("gettext")[0] else (None, literals[0])


def words(root: Path = ROOT) -> set[Word]:
    """Every word that the code marks for translation."""
    found: set[Word] = set()
    for path in root.rglob("*"):
        parts = path.relative_to(root).parts
        if parts[0] in NOT_FOR_PEOPLE or any(part.startswith(".") for part in parts):
            continue
        if path.suffix == ".py":
            found.update(words_of_python(path.read_text()))
        elif "templates" in parts and path.suffix in {".html", ".txt"}:
            found.update(words_of_template(path.read_text()))
    return found


def kept(text: str) -> set[str]:
    return set(KEPT.findall(text))


def _said(entry: Any) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def faults(catalog: Path = CATALOG, compiled: Path = COMPILED, marked: set[Word] | None = None) -> list[str]:
    """What is wrong with the catalog, one sentence each; `marked` are the words that it must hold."""
    entries = polib.pofile(str(catalog))
    missing = (marked or set()) - {(entry.msgctxt, entry.msgid) for entry in entries}
    found = [f"not collected: {text!r}" for _context, text in sorted(missing, key=lambda word: word[1])]
    for entry in entries:
        if entry.fuzzy or not all(_said(entry)):
            found.append(f"not translated: {entry.msgid!r}")
        elif any(kept(said) != kept(entry.msgid_plural or entry.msgid) for said in _said(entry)):
            found.append(f"placeholders or tags differ: {entry.msgid!r}")
    if not compiled.exists() or compiled.read_bytes() != entries.to_binary():
        found.append(f"{compiled.name} is older than {catalog.name}")
    return found


def tidy(catalog: Path = CATALOG) -> Any:
    """One order and one header, so that a change of one string is a change of one place."""
    entries = polib.pofile(str(catalog), wrapwidth=0)
    entries.metadata, entries.header = (
        dict(HEADER),
        "Simplified Chinese. docs/glossary.md says which word stands for what.",
    )
    entries.metadata_is_fuzzy = None
    entries.sort(key=lambda entry: (entry.msgid.casefold(), entry.msgid, entry.msgctxt or ""))
    catalog.write_text(f"{entries}\n")
    return entries


def collect() -> None:
    if not shutil.which("xgettext") or not shutil.which("msgmerge"):
        raise LocalError(
            "bin/translate collects words with GNU gettext, which is missing. On Debian: apt-get install gettext"
        )
    ignored = [part for folder in NOT_FOR_PEOPLE for part in ("--ignore", folder)]
    options = ["--locale", "zh_Hans", "--no-location", "--no-obsolete", "--no-wrap", *ignored]
    say(ask(["makemessages", *options], PRODUCTION | {"KEZHAN_HOME": str(home())}))


def main(arguments: list[str]) -> int:
    try:
        if "--check" not in arguments:
            collect()
            tidy().save_as_mofile(str(COMPILED))
        wrong = faults(marked=words())
    except LocalError as error:
        return fail(error)
    for sentence in wrong:
        say(sentence)
    if wrong:
        say(f"\n{len(wrong)} to mend. {HOW_TO_MEND}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
