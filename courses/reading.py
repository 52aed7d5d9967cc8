"""How long a text takes to read: product page L3 (240 words a minute) and its like for Chinese signs."""

import re

WORDS_A_MINUTE = 240
SIGNS_A_MINUTE = 400
_SIGN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W_]+")


def reading_seconds(text: str) -> int:
    """Whole seconds, 0 for an empty text."""
    signs = len(_SIGN.findall(text))
    words = len(_WORD.findall(_SIGN.sub(" ", text)))
    return -(-(words * 60) // WORDS_A_MINUTE) + -(-(signs * 60) // SIGNS_A_MINUTE)
