"""Words that nobody may publish. The apps below ask here when a public text is written; moderation, which keeps the
word lists, answers. With nobody to answer, every text is fit.
"""

from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError

# From texts by any name to what is refused of them: by the same name a sentence with the word and the rule.
Judge = Callable[[Mapping[str, str]], dict[str, str]]
_judges: list[Judge] = []


def answer_with(judge: Judge) -> None:
    """Moderation's, once, when the process starts."""
    _judges.append(judge)


def refused(texts: Mapping[str, str]) -> dict[str, str]:
    """What is refused of these texts, each as a sentence for its writer; empty when all are fit."""
    found: dict[str, str] = {}
    for judge in _judges:
        found |= judge(texts)
    return found


def must_be_fit(**texts: str) -> None:
    """Raises ValidationError by field name, which names the word and the rule."""
    if found := refused(texts):
        raise ValidationError(found)
