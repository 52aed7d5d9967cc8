"""Paper: text arrives as text, in any script, and the same data is the same file."""

import io
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest

from payments import documents

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NAMES = [
    "上海龘龘文化有限公司",
    "Łódź Ñandú",
    "Ελλάδα",
    "Привет",
    "렉스",
    "こんにちは",
    "臺灣",
    "ไทย",
    "#strong[x] *a* $b$ \\n",
]


def plain_sheet(**more: Any) -> dict[str, Any]:
    """An invoice's sheet with one line; `more` replaces parts of it."""
    sheet = {
        "title": "Invoice", "number": "2026-000042", "author": "Kezhan Ltd", "house": "Kezhan", "footer": "Kezhan Ltd",
        "page_of": "Page {page} of {pages}", "parties": [{"title": "From", "lines": ["Kezhan Ltd"]}],
        "facts": [["Order", "K7F3A2B9CX"]], "columns": [{"label": "Course", "is_amount": False}],
        "rows": [[{"text": "Pottery", "note": "by Ada"}]], "totals": [], "notes": [],
    }  # fmt: skip
    return {**sheet, **more}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def is_for_the_archive(pdf: bytes) -> bool:
    return b"<pdfaid:part>2</pdfaid:part>" in pdf


@pytest.mark.parametrize("lang", ["en", "zh-hans"])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_stands_on_paper_as_it_was_written(name: str, lang: str):
    pdf = documents.render("invoice", plain_sheet(parties=[{"title": "To", "lines": [name]}]), lang)
    assert name in text_of(pdf)


@pytest.mark.parametrize("name", NAMES)
def test_every_character_of_a_name_has_a_glyph(name: str):
    """The archive's standard refuses a file in which one is missing."""
    assert is_for_the_archive(documents.render("invoice", plain_sheet(notes=[name]), "en"))


@pytest.mark.parametrize("rare", ["ᚠᚢᚦ", "\ue000", "\x07", "\U0010fffe"])
def test_a_character_without_a_glyph_spoils_no_document(rare: str):
    pdf = documents.render("invoice", plain_sheet(notes=[f"Studio {rare} of Ada"]), "en")
    assert "Studio" in text_of(pdf)
    assert not is_for_the_archive(pdf)


def test_the_same_data_is_the_same_file():
    assert documents.render("invoice", plain_sheet(), "en", at=AT) == documents.render(
        "invoice", plain_sheet(), "en", at=AT
    )


def test_a_long_document_counts_its_pages():
    pdf = documents.render(
        "invoice", plain_sheet(rows=[[{"text": f"Course {n}", "note": "by Ada"}] for n in range(60)]), "en"
    )
    assert "Page 2 of 3" in text_of(pdf)


def test_a_file_says_what_it_is():
    info = pypdf.PdfReader(io.BytesIO(documents.render("invoice", plain_sheet(), "en", at=AT))).metadata
    assert info is not None
    assert info.title == "Invoice 2026-000042"
    assert info.author == "Kezhan Ltd"
    assert info.creation_date == AT.replace(microsecond=0)
