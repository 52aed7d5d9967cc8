"""How Chinese signs sound, without their tones: one table, read once a process."""

import json
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path


@lru_cache(maxsize=1)
def _sounds() -> dict[str, str]:
    """How each sign sounds by itself, without its tone.

    Only the table of signs is read: the package itself would load its dictionary of phrases, 60 MB, into every process.
    """
    spec = find_spec("pypinyin")
    assert spec is not None, "requirements.txt names it"
    assert spec.submodule_search_locations
    table = json.loads((Path(spec.submodule_search_locations[0]) / "pinyin_dict.json").read_text(encoding="utf-8"))
    known: dict[str, str] = {}
    found: dict[str, str] = {}
    for number, readings in table.items():
        if 0x4E00 <= int(number) <= 0x9FFF:
            sound = _toneless(readings.partition(",")[0])
            found[chr(int(number))] = known.setdefault(sound, sound)
    return found


def _toneless(reading: str) -> str:
    parts = unicodedata.normalize("NFD", reading)
    return "".join(part for part in parts if unicodedata.category(part) != "Mn" or part == "\u0308").replace(
        "u\u0308", "v"
    )


def sound(sign: str) -> str:
    """The sound of a Chinese sign without its tone, or empty."""
    return _sounds().get(sign, "")


@lru_cache(maxsize=1)
def syllables() -> frozenset[str]:
    return frozenset(_sounds().values()) - {""}
