"""What people write for others to read."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.lib import fit_words


def clean_text(text: str, longest: int, name: str = "text") -> str:
    """Fit to be published. Raises ValidationError, under `name`, for what is too long, and for words that nobody may
    publish.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise ValidationError({name: _("This is too long: %(most)d characters at most.") % {"most": longest}})
    fit_words.must_be_fit(**{name: text})
    return text
