"""Pictures that people send are decoded, bounded and written anew, so that only pixels survive."""

import io
import uuid
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000


def path_of_cover(row: Any, name: str) -> str:
    return f"covers/{uuid.uuid4().hex}.webp"


def path_of_portrait(row: Any, name: str) -> str:
    return f"portraits/{uuid.uuid4().hex}.webp"


def cleaned(upload: IO[bytes], max_side: int, ratio: float | None = None, form: str = "WEBP") -> ContentFile:
    """The picture as WebP (or PNG, by `form`), at most `max_side` pixels a side; `ratio` (width / height) crops around
    the middle.

    Raises ValidationError with what to do when the file is no picture, or too large.
    """
    if getattr(upload, "size", 0) > MOST_BYTES:
        raise ValidationError(_("This picture is larger than 10 MB. Choose a smaller one."), code="too_large")
    try:
        picture: Image.Image = Image.open(upload, formats=("JPEG", "PNG", "WEBP", "GIF"))
        if picture.width * picture.height > MOST_PIXELS:
            raise ValidationError(_("This picture has too many pixels. Choose one up to 40 megapixels."), code="pixels")
        picture = ImageOps.exif_transpose(picture)
        picture = picture.convert("RGBA" if "A" in picture.getbands() else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError, ValueError):
        raise ValidationError(
            _("This is not a picture we can read. Send JPEG, PNG or WebP."), code="no_image"
        ) from None
    if ratio:
        width = min(picture.width, round(picture.height * ratio))
        picture = ImageOps.fit(picture, (max(width, 1), max(round(width / ratio), 1)))
    picture.thumbnail((max_side, max_side))
    out = io.BytesIO()
    picture.save(out, form, **({"quality": 84, "method": 4} if form == "WEBP" else {"optimize": True}))
    return ContentFile(out.getvalue())
