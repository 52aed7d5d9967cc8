"""A person's whole record as one zip: everything as JSON, each table as CSV, files as they are."""

import csv
import io
import json
import tempfile
import zipfile
from typing import IO, Any

from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import notices
from accounts.models import RecordExport, User
from marketplace.lib import links

from . import parts

# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@transaction.atomic
def ask(person: Any) -> RecordExport:
    """Raises RecordUnderWay."""
    return RecordExport.objects.ask(person)


def make(export: RecordExport) -> None:
    """The worker's part: gather, pack, keep, and tell the person by mail."""
    person = export.person
    with tempfile.TemporaryFile() as out:
        pack(person, out)
        export.keep(File(out, name="record.zip"))
    notices.tell(
        f"record:{export.pk}",
        person,
        "record_ready",
        {
            "action_url": links.absolute(reverse("accounts:privacy")),
            "action_label": gettext_lazy("To your data"),
        },
    )


def pack(person: User, out: IO[bytes]) -> None:
    """Write the zip. Her files go through it piece by piece, however large they are."""
    told = {part.name: part.tell(person) for part in parts.every()}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", _readme(person))
        packed.writestr("record.json", _json(person, told))
        for name, part in sorted(told.items()):
            for table, rows in part.tables.items():
                packed.writestr(f"{name}/{table}.csv", as_csv(rows))
            for file, content in part.files.items():
                _add(packed, f"{name}/{file}", content)


def _add(packed: zipfile.ZipFile, name: str, content: str | File) -> None:
    if isinstance(content, str):
        packed.writestr(name, content)
        return
    with content.open("rb"), packed.open(name, "w", force_zip64=True) as entry:
        for piece in content.chunks():
            entry.write(piece)


def _json(person: User, told: dict[str, parts.Told]) -> str:
    record = {"format": "kezhan-record-1", "made_at": timezone.now(), "account": person.pk}
    record |= {name: part.tables for name, part in sorted(told.items())}
    return json.dumps(record, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def as_csv(rows: parts.Rows) -> str:
    """With a head; text that a spreadsheet would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([[as_cell(row.get(name)) for name in names] for row in rows])
    return out.getvalue()


def as_cell(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    plain: str = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).strip('"')
    return plain


def _readme(person: User) -> str:
    with translation.override(person.language):
        return _(
            "This is everything that this site keeps about you.\n\n"
            "record.json holds all of it; the folders hold the same as tables (CSV, UTF-8), one file a kind, and your\n"
            "notes and credentials as files. Times are UTC; amounts are in the smallest unit of their currency.\n"
        )
