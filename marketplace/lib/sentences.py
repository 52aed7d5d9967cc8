"""Sentences that were kept in English with their facts in them, said in the reader's language.

What a machine notes for people stands once, as logs and mails of many languages need it. `Sentences` knows the forms of
such notes: whoever reads one has it in her language, with the facts as they were noted. What has none of these forms, a
person's own words or another's, is left as it stands.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext

# What a fact looks like, where it is not any text.
_FORMS = {"type": r"[a-z_]+", "new_type": r"[a-z_]+", "id": r"\S+", "other_id": r"\S+"}


class Sentences:
    """Forms with `%(fact)s`, the first that fits counts. The fact `why` may be one of the sentences itself."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._forms = [(re.compile(_pattern(form), re.DOTALL), form) for form in forms]

    def said(self, text: str) -> str:
        for pattern, form in self._forms:
            found = pattern.fullmatch(text)
            if found:
                facts = found.groupdict()
                return gettext(form) % (facts | {"why": self.said(facts["why"])} if "why" in facts else facts)
        return text


def _pattern(form: str) -> str:
    parts = re.split(r"%\((\w+)\)s", form)  # words, fact, words, fact, words
    return "".join(
        re.escape(part) if at % 2 == 0 else f"(?P<{part}>{_FORMS.get(part, '.+?')})" for at, part in enumerate(parts)
    )
