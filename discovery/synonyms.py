"""A question widened by words that mean the same. What has the very words of the question stands before what has only
others for them (asking).
"""

from collections import defaultdict
from dataclasses import replace

from discovery.models import Synonym
from discovery.questions import Part, Question, Widened
from marketplace.lib import window, words

MOST_OTHERS = 4
# Words of letters stand apart in a question; so many of them together are looked up as one.
MOST_TOGETHER = 3
Others = dict[str, tuple[str, ...]]
# What may stand for words in letters, as they are written; and for those in signs.
Known = tuple[Others, Others]


def widened(question: Question) -> Question:
    """The same question, with `wider` where another word would do as well for one of its own."""
    known = window.near("synonyms", _known)
    if not any(known) or not question.needs_all:
        return question
    # What regions write otherwise is among them.
    parts = tuple(part for part in question.wider if not isinstance(part, Widened))
    terms = _terms(parts or question.looked_for, known)
    return replace(question, wider=terms) if any(isinstance(term, Widened) for term in terms) else question


def _known() -> Known:
    letters, signs = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for one, other in Synonym.objects.standing().order_by("pk").values_list("one", "other"):
        for word, means in ((one, other), (other, one)):
            (signs if words.runs(word) else letters)[word].append(means)
    few = [{word: tuple(found[:MOST_OTHERS]) for word, found in each.items()} for each in (letters, signs)]
    return few[0], few[1]


def _terms(terms: tuple[Part, ...], known: Known) -> tuple[Part | Widened, ...]:
    (letters, signs), found, at = known, list[Part | Widened](), 0
    while at < len(terms):
        count, others = _of_letters(terms[at : at + MOST_TOGETHER], letters)
        others = others or _of_signs(terms[at].text, signs)
        found.append(Widened(terms[at : at + count], others) if others else terms[at])
        at += count
    return tuple(found)


def _of_letters(terms: tuple[Part, ...], known: Others) -> tuple[int, tuple[tuple[str, str], ...]]:
    """How many of the first terms are known as one word, and what may stand for them; the most of them first."""
    for count in range(len(terms), 0, -1):
        if others := known.get(" ".join(each.text for each in terms[:count])):
            return count, tuple(("", other) for other in others)
    return 1, ()


def _of_signs(run: str, known: Others) -> tuple[tuple[str, str], ...]:
    """What is left of the run without a word that it has, and what may stand for that."""
    within = [word for word in known if word in run]
    if not within:
        return ()
    # A word begins and ends where words do: what merely reads across two of them is none.
    ends = [0]
    for piece in words.cut(run):
        ends.append(ends[-1] + len(piece))
    found = []
    for word in within:
        start = run.find(word)
        if word == run or {start, start + len(word)} <= set(ends):
            found += [(f"{run[:start]} {run[start + len(word) :]}".strip(), other) for other in known[word]]
    return tuple(found[:MOST_OTHERS])
