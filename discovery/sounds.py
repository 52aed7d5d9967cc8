"""How words of signs sound, for those who type pinyin: whole ("jiqi") and by first letters ("jq")."""

import unicodedata

from marketplace.lib import words

LONGEST_WORD = 12
_TONES = dict.fromkeys(map(ord, "\u0304\u0301\u030c\u0300"))


def pinyin(word: str) -> tuple[str, str]:
    """(whole, first letters), both empty for what is no word of signs."""
    if not word or len(word) > LONGEST_WORD or not all("\u4e00" <= sign <= "\u9fff" for sign in word):
        return "", ""
    # Takes 60 MB and a seventh of a second: only the worker that writes the index needs it.
    from pypinyin import lazy_pinyin

    sounds = [sound.replace("ü", "v") for sound in lazy_pinyin(word)]
    return "".join(sounds), "".join(sound[0] for sound in sounds)


def typed(letters: str) -> str:
    """Pinyin as dictionaries write it ("lǚyóu") as people type it ("lvyou"), which is how words are kept."""
    if letters.isascii():
        return letters
    plain = unicodedata.normalize("NFD", letters).translate(_TONES)
    return unicodedata.normalize("NFC", plain).replace("ü", "v")


def readings(letters: str, known: dict[str, list[str]]) -> list[list[str]]:
    """`letters` as a row of known sounds, the fewest of them: for each sound its words. Empty when it is no pinyin."""
    return [known[sound] for sound in words.fewest(letters, known, 6 * LONGEST_WORD)]
