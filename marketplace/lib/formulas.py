"""Formulas in LaTeX's notation to MathML, which browsers draw and screen readers speak; the page needs no script."""

import re
from functools import lru_cache
from xml.etree import ElementTree

from django.utils.html import escape
from latex2mathml.converter import convert
from latex2mathml.exceptions import (
    DenominatorNotFoundError,
    DoubleSubscriptsError,
    DoubleSuperscriptsError,
    ExtraLeftOrMissingRightError,
    InvalidAlignmentError,
    InvalidStyleForGenfracError,
    InvalidWidthError,
    LimitsMustFollowMathOperatorError,
    MissingEndError,
    MissingSuperScriptOrSubscriptError,
    NoAvailableTokensError,
    NumeratorNotFoundError,
)

TAGS = {
    "math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac", "msqrt", "mroot",
    "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose",
}  # fmt: skip
ATTRIBUTES = {
    "math": {"display"},
    "mo": {"stretchy", "fence", "form", "separator", "minsize", "maxsize", "largeop", "movablelimits", "accent"},
    "mi": {"mathvariant"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mfrac": {"linethickness"},
    "mspace": {"width"},
    "mtd": {"columnalign"},
    "mtable": {"columnalign"},
    "mstyle": {"displaystyle", "scriptlevel"},
}
LONGEST, DEEPEST = 2000, 40
# What the library says of a formula that is none. Anything else is its bug, and shows the source as well.
_UNREADABLE = (
    DenominatorNotFoundError, DoubleSubscriptsError, DoubleSuperscriptsError, ExtraLeftOrMissingRightError,
    InvalidAlignmentError, InvalidStyleForGenfracError, InvalidWidthError, LimitsMustFollowMathOperatorError,
    MissingEndError, MissingSuperScriptOrSubscriptError, NoAvailableTokensError, NumeratorNotFoundError,
    IndexError, KeyError, ValueError, TypeError, AttributeError, StopIteration,
)  # fmt: skip


@lru_cache(maxsize=2048)
def mathml(source: str, *, is_block: bool) -> str:
    """MathML, to be cleaned by who shows it; a formula that cannot be read stays as it was written."""
    source = source.strip()
    if len(source) > LONGEST or _depth(source) > DEEPEST:
        return _as_written(source)
    try:
        math = convert(source, display="block" if is_block else "inline")
    except _UNREADABLE:
        return _as_written(source)
    return math if _is_whole(math) else _as_written(source)


def _is_whole(math: str) -> bool:
    """The library takes over some signs as they are: what a sign could turn into an element of its own is refused."""
    try:
        return all(each.tag.rpartition("}")[2] in TAGS for each in ElementTree.fromstring(math).iter())
    except ElementTree.ParseError:
        return False


def _as_written(source: str) -> str:
    return f"<code>{escape(source)}</code>"


def _depth(source: str) -> int:
    """How deep braces and environments stand in one another: the library goes down by recursion."""
    deepest = now = 0
    for sign in re.findall(r"\\begin|\\end|\\left|\\right|(?<!\\)[{}]", source):
        now += 1 if sign in ("{", r"\begin", r"\left") else -1
        deepest = max(deepest, now)
    return deepest + len(re.findall(r"[\^_]", source)) // 4
