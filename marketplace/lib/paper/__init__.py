"""Paper: a sheet (typst), what stands on it and a language become a PDF.

The sheet lays out, the caller finds the words; `house.typ` here is the look of every letter.

What stands on a sheet arrives as JSON and is only ever set as text, so no name or title can be read as markup. Only the
fonts of requirements.txt are used: the same document on every machine, in any script that a name may be written in.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

# Sheets lie beside the code that fills them, and take the look from here by an address that begins at this folder.
ROOT = Path(__file__).resolve().parents[3]
# The second one holds Chinese, Japanese and Korean, the first one everything else that a name may be written in.
FONT_PACKS = ("manimgx_fonts", "manimgx_fonts_cjk")


def render(sheet: Path, data: dict[str, Any], lang: str, *, at: datetime | None = None) -> bytes:
    """The PDF of `sheet` with `data` (plain JSON; the sheet says what it needs).

    `lang`: a language of the site; it decides hyphenation and the shape of Chinese characters, the words are the
    caller's. `at` is the document's own date: with it the same data is the same file, byte for byte.
    """
    return _set(sheet, data, lang, _for_the_archive, at)


def pages(sheet: Path, data: dict[str, Any], lang: str, *, dots_per_inch: int = 110) -> list[bytes]:
    """The same sheet as one PNG a page, for the eye."""
    drawn = _set(sheet, data, lang, lambda told: typst.compile(**told, format="png", ppi=dots_per_inch), None)
    return drawn if isinstance(drawn, list) else [drawn]


def _for_the_archive(told: dict[str, Any]) -> Any:
    try:
        # PDF/A-2a: readable for decades, with its text and the order of reading inside.
        return typst.compile(**told, format="pdf", pdf_standards=["a-2a"])
    except typst.TypstError:
        # The standard forbids a character that no font can draw. A name may still have one: it prints as a box, is
        # copied out as what it is, and the file is an ordinary PDF. Another mistake of the sheet rises here again.
        return typst.compile(**told, format="pdf")


def _set(sheet: Path, data: dict[str, Any], lang: str, compile_: Callable[[dict[str, Any]], Any], at: Any) -> Any:
    dated = at or datetime.now(UTC)
    told = {"lang": "zh" if lang.startswith("zh") else lang[:2], "date": dated.date().isoformat(), **data}
    return compile_(
        {
            "input": str(sheet),
            "root": str(ROOT),
            "font_paths": _fonts(),
            "sys_inputs": {"told": json.dumps(told, ensure_ascii=False)},
            "timestamp": int(dated.timestamp()),
        }
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    packs = [str(files(pack)) for pack in FONT_PACKS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=packs)
