"""Which files may lie beside a lesson, or be handed in: by their name and by what is in them. Nothing that a click
could run.
"""

import re
import unicodedata
from collections.abc import Collection
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

MB = 1024 * 1024
MOST_BYTES = 100 * MB
MOST_BYTES_A_COURSE = 1024 * MB
MOST_NAME = 120

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Ending: what it is sent as, and how its bytes begin (None: words, or too many beginnings to tell).
TYPES: dict[str, tuple[str, tuple[bytes, ...] | None]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "epub": ("application/epub+zip", (_ZIP,)),
    "zip": ("application/zip", (_ZIP,)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (_ZIP,)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (_ZIP,)),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (_ZIP,)),
    "odt": ("application/vnd.oasis.opendocument.text", (_ZIP,)),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", (_ZIP,)),
    "odp": ("application/vnd.oasis.opendocument.presentation", (_ZIP,)),
    "png": ("image/png", (b"\x89PNG\r\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "webp": ("image/webp", (b"RIFF",)),
    "gif": ("image/gif", (b"GIF8",)),
    "mp3": ("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    "wav": ("audio/wav", (b"RIFF",)),
    "flac": ("audio/flac", (b"fLaC",)),
    "mid": ("audio/midi", (b"MThd",)),
    "txt": ("text/plain", None),
    "md": ("text/markdown", None),
    "csv": ("text/csv", None),
    "tsv": ("text/tab-separated-values", None),
    "json": ("application/json", None),
    "geojson": ("application/geo+json", None),
    "ipynb": ("application/x-ipynb+json", None),
    "py": ("text/x-python", None),
    "sql": ("application/sql", None),
    "tex": ("application/x-tex", None),
    "srt": ("application/x-subrip", None),
    "stl": ("model/stl", None),
    "gpx": ("application/gpx+xml", None),
}
# Programs of Windows, Linux and macOS, whatever they call themselves.
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


def checked(upload: File, endings: Collection[str] = (), most_mb: int = MOST_BYTES // MB) -> tuple[str, str]:
    """The name to show and the type to send it as. `endings`: those that are wanted here; empty, all of TYPES.

    Raises ValidationError with what to do.
    """
    name = name_of(upload.name or "")
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if endings and ending not in endings:
        raise ValidationError({"file": _("Only files of these kinds: %(kinds)s.") % {"kinds": ", ".join(endings)}})
    if ending not in TYPES:
        raise ValidationError({"file": _("Files of this kind are not offered for download. Pack it as ZIP or PDF.")})
    if not upload.size:
        raise ValidationError({"file": _("This file is empty.")})
    if upload.size > most_mb * MB:
        raise ValidationError({"file": _("This file is larger than %(most)s MB.") % {"most": most_mb}})
    media_type, beginnings = TYPES[ending]
    start = upload.read(512)
    upload.seek(0)
    if start.startswith((*_PROGRAMS, _OLE)) or (beginnings and not start.startswith(beginnings)):
        raise ValidationError({"file": _("What is inside this file is not what its name says.")})
    if beginnings is None and b"\x00" in start and ending != "stl":
        raise ValidationError({"file": _("What is inside this file is not what its name says.")})
    return name, media_type


def name_of(told: str) -> str:
    """The last part of a path, without signs that a file system or a header could read as more than a name."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", told))[-1]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*;')
    stem, ending = PurePath(plain.strip(" .") or "file").stem, PurePath(plain).suffix[:10]
    return stem[: MOST_NAME - len(ending)] + ending


def words_of(told: str) -> str:
    """A picture's name as words, for who cannot see it, until its creator writes better ones."""
    stem = PurePath(name_of(told)).stem
    return " ".join(re.sub(r"[_\-\[\]()]+", " ", stem).split())[:MOST_NAME]
