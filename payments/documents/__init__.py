"""The papers of money: invoices, credit notes, receipts, statements. How paper is set: `marketplace.lib.paper`."""

from datetime import datetime
from pathlib import Path
from typing import Any

from marketplace.lib import paper

SHEETS = Path(__file__).resolve().parent / "sheets"


def render(template: str, data: dict[str, Any], lang: str, *, at: datetime | None = None) -> bytes:
    """The PDF of `sheets/<template>.typ` with `data`, as `paper.render` takes it."""
    return paper.render(SHEETS / f"{template}.typ", data, lang, at=at)


def pages(template: str, data: dict[str, Any], lang: str, *, dots_per_inch: int = 110) -> list[bytes]:
    """The same sheet as one PNG a page, for the eye."""
    return paper.pages(SHEETS / f"{template}.typ", data, lang, dots_per_inch=dots_per_inch)
