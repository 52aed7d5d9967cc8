"""A question widened by words that mean the same. What has the very words of the question stands before what has only
others for them (asking).
"""

from collections import defaultdict
from dataclasses import replace

from discovery.models import Synonym
from discovery.questions import Question, Term
from marketplace.lib import window, words

MOST_OTHERS = 4
# Words of letters stand apart in a question; so many of them together are looked up as one.
MOST_TOGETHER = 3
Others = dict[str, tuple[str, ...]]


# What may stand for words in letters, as they are written; and for those with signs.
Known = tuple[Others, Others]


def widened(question: Question) -> Question:
    """The same question, with `wider` where another word would do as well for one of its own."""
    known = window.near("synonyms", _known)
    if not any(known) or not question.needs_all:
        return question
    terms = _terms(question.terms, known)
    return question if terms == question.terms else replace(question, wider=replace(question, terms=terms, wider=None))


def _known() -> Known:
    letters, signs = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for one, other in Synonym.objects.standing().order_by("pk").values_list("one", "other"):
        for word, means in ((one, other), (other, one)):
            (signs if words.runs(word) else letters)[word].append(means)
    few = [{word: tuple(found[:MOST_OTHERS]) for word, found in each.items()} for each in (letters, signs)]
    return few[0], few[1]


def _terms(terms: tuple[Term, ...], known: Known) -> tuple[Term, ...]:
    (letters, signs), found, at = known, list[Term](), 0
    while at < len(terms):
        count, others = _of_letters(terms[at : at + MOST_TOGETHER], letters)
        term = Term(" ".join(each.text for each in terms[at : at + count]), terms[at].others)
        others = others or _of_signs(term.text, signs)
        found.append(replace(term, others=(*term.others, *others)) if others else terms[at])
        at += count
    return tuple(found)


def _of_letters(terms: tuple[Term, ...], known: Others) -> tuple[int, tuple[str, ...]]:
    """How many of the first terms are known as one word, and what may stand for them; the most of them first."""
    for count in range(len(terms), 0, -1):
        if others := known.get(" ".join(each.text for each in terms[:count])):
            return count, others
    return 1, ()


def _of_signs(run: str, known: Others) -> tuple[str, ...]:
    """The run with another word in the place of one that it has."""
    if not any(word in run for word in known):
        return ()
    # A word is one that stands for itself there: what merely reads across two of them is none.
    cut = {run, *words.cut(run)}
    found = [run.replace(word, f" {other} ") for word, others in known.items() if word in cut for other in others]
    return tuple(" ".join(text.split()) for text in found[:MOST_OTHERS])
