"""The file that proves a claim: to take away, never to open in place."""

from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404

from learners.views.downloads import HARMLESS
from moderation.models import RightsClaim


def download(pk: int, reader: Any) -> FileResponse:
    """For both sides and for moderators; for everybody else, and where no file is, Http404."""
    rows = RightsClaim.objects.all() if reader.has_role("moderator") else RightsClaim.objects.of_party(reader)
    found = get_object_or_404(rows.exclude(proof_file=""), pk=pk)
    return FileResponse(
        found.proof_file.open("rb"), as_attachment=True, filename=found.proof_name, content_type=found.proof_type,
        headers={**HARMLESS, "Cache-Control": "private, no-store"},
    )  # fmt: skip
