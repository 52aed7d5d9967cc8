"""Why somebody is not paid is said to her in a sentence, whatever the reason and the language."""

import pytest
from django.utils import translation

from marketplace.lib.money import Money
from payments.models import SkipReason


@pytest.mark.parametrize("reason", list(SkipReason))
def test_each_reason_has_its_sentence_in_both_languages(reason: SkipReason) -> None:
    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said[language] = reason.words(Money(1234, "USD"))
    assert said["en"].endswith(".")
    assert said["zh-hans"].endswith("。")
    assert not [words for words in said.values() if "%(" in words]
