"""Countries by name in the reader's language, for who is paid where."""

from collections.abc import Mapping

from babel import Locale
from django.utils.translation import gettext as _

from marketplace.lib.spoken import reads_chinese

# Codes that name no country: groups of countries, test values, places without people of their own.
_NO_COUNTRY = frozenset(
    ["AQ", "BV", "CP", "CQ", "DG", "EA", "EU", "EZ", "HM", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)


def name_of(code: str) -> str:
    """The country's name in the reader's language; "" for none, the code itself for one that has no name."""
    return code if code in _NO_COUNTRY else _territories().get(code, code)


def choices() -> list[tuple[str, str]]:
    """(ISO 3166 code, name), by name, with an empty one first."""
    chinese = reads_chinese()
    known = [(code, name) for code, name in _territories().items() if len(code) == 2 and code not in _NO_COUNTRY]
    # GB 18030 keeps the common characters in the order of their pinyin, in which Chinese readers look names up.
    return [("", _("Not said")), *sorted(known, key=lambda pair: pair[1].encode("gb18030") if chinese else pair[1])]


def _territories() -> Mapping[str, str]:
    return Locale.parse("zh_Hans_CN" if reads_chinese() else "en").territories
