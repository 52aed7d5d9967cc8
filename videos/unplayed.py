"""Removing what lies among the films and is played by nobody: attempts whose worker was killed or had lost its work,
and the files of films and excerpts that are gone.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from . import shelves, strays
from .models import Excerpt, Video

AT_ONCE = 1000


def forget_output(asset: Any, output: str) -> None:
    """One attempt's folder, and the film's own where nothing else lies in it."""
    place = shelves.film_folder(asset, output)
    shutil.rmtree(place, ignore_errors=True)
    with suppress(OSError):  # it holds what is played, or is gone
        place.parent.rmdir()


def sweep() -> None:
    """All outputs that no row names, unless somebody may still be making them, or what is named is not here: then the
    rows may be those of an earlier moment. And what no row knows, a day later.

    What lies here is read before the rows are: what an attempt brings meanwhile is not looked at.
    """
    films = shelves.root() / "films"
    here = shelves.changed(films.glob("*"))
    outputs = {asset: _names(films / asset) for asset in here}
    known = set()
    for asset, played, former, is_in_work in _rows(sorted(here)):
        known.add(asset)
        is_whole = not played or played in outputs[asset]
        for output in outputs[asset] - {played, former} if is_whole and not is_in_work else ():
            forget_output(asset, output)
    for asset in strays.unknown(here, known, "films"):
        shelves.forget_excerpt(asset)


def _names(folder: Any) -> set[str]:
    with suppress(FileNotFoundError):  # it went this moment
        return {one.name for one in folder.iterdir()}
    return set()


def _rows(assets: list[str]) -> Iterator[tuple[str, str, str, bool]]:
    """(asset, output, former output, whether somebody may bring another one) of each that is known."""
    fields = ("asset", "output", "former_output", "state", "being_remade__state")
    for at in range(0, len(assets), AT_ONCE):
        some = assets[at : at + AT_ONCE]
        for asset, output, former, *states in Video.objects.sent().filter(asset__in=some).values_list(*fields):
            yield str(asset), output, former, not set(states).isdisjoint(Video.IN_WORK)
        for cut in Excerpt.objects.filter(asset__in=some).only("asset", "output", "state"):
            yield str(cut.asset), cut.output, "", not cut.is_settled
