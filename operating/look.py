"""How the site looks now, as pages, mails and papers ask for it: read once in two seconds a process."""

import hashlib
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from marketplace.lib import spoken
from marketplace.lib.spoken import reads_chinese

from . import colors
from .held import held
from .models import Look

NAME = "operating look"


def now() -> dict[str, Any]:
    """The present look by the names of its fields, pictures as {"url", "width", "height"}; empty: it is Kezhan's."""
    return held(NAME, _read)


def edition() -> str:
    known = now()
    return f"{known['number']} {known['at']}" if known else ""


def name(language: str = "") -> str:
    """What the site is called, in the language that is active or in this one."""
    known = now()
    if not known:
        return gettext("Kezhan") if not language else {"en": "Kezhan", "zh": "课栈"}[language[:2]]
    return str(known["name_zh" if reads_chinese(language) else "name_en"])


def name_on_papers(moment: datetime) -> str:
    """What the site was called then, in the language that is active: a paper that was issued does not change."""
    found = Look.objects.at(moment)
    if found is None:
        return "Kezhan"
    return found.name_zh if reads_chinese() else found.name_en


def names() -> str:
    """In both languages, as it stands where one line is for everybody."""
    return " ".join(dict.fromkeys([name("en"), name("zh")]))


def tagline() -> str:
    """Its own line under the name, in the language that is active; "" where it has none."""
    return str(now().get("tagline_zh" if reads_chinese() else "tagline_en", ""))


def default_language() -> str:
    """For browsers that ask for none of the site's."""
    return str(now().get("language", spoken.SOURCE))


def stylesheet_address() -> str:
    """ "" where the look needs none: then no page asks for one."""
    known = now()
    return reverse("look", args=[known["number"], known["sheet"]]) if known and known["sheet"] else ""


def digest(sheet: str) -> str:
    """In its address: another release may make another sheet of the same look."""
    return hashlib.sha256(sheet.encode()).hexdigest()[:8]


def stylesheet(look: Look) -> str:
    """What a look changes of frontend/css: tints of its accent, and where its logos stand."""
    return "\n".join([*_tints(look.accent), *_logos(bool(look.logo_dark))]) + "\n"


def _tints(accent: str) -> list[str]:
    if not accent:
        return []
    made = colors.tints(accent)
    return [
        ":root {",
        f"  --seal: light-dark({made.accent_light}, {made.accent_dark});",
        f"  --seal-press: light-dark({made.press_light}, {made.press_dark});",
        f"  --seal-ink: light-dark({made.ink_light}, {made.ink_dark});",
        "}",
    ]


def _logos(has_two: bool) -> list[str]:
    """Which of two logos is shown follows the reader's switch, and without one her system."""
    rules = [".brand__logo { block-size: 2.2rem; inline-size: auto; max-inline-size: 10rem; object-fit: contain; }"]
    if has_two:
        rules += [
            ".brand__logo--dark { display: none; }",
            '[data-theme="dark"] .brand__logo--dark { display: block; }',
            '[data-theme="dark"] .brand__logo--light { display: none; }',
            "@media (prefers-color-scheme: dark) {",
            '  :root:not([data-theme="light"]) .brand__logo--dark { display: block; }',
            '  :root:not([data-theme="light"]) .brand__logo--light { display: none; }',
            "}",
        ]
    return rules


def _read() -> dict[str, Any]:
    found = Look.objects.present()
    if found is None:
        return {}
    words = ("number", "name_en", "name_zh", "tagline_en", "tagline_zh", "accent", "logo_has_name", "language")
    told = {each: getattr(found, each) for each in words}
    told["at"] = found.at.timestamp()
    has_sheet = bool(found.accent or found.logo)
    told["sheet"] = digest(stylesheet(found)) if has_sheet else ""
    return told | {each: _picture(found, each) for each in ("logo", "logo_dark", "icon")}


def _picture(found: Look, name: str) -> dict[str, Any] | None:
    """Its address and size, from the row alone: the store of files may be away."""
    file = getattr(found, name)
    width, height = found.sizes.get(name, (None, None))
    return {"url": file.url, "width": width, "height": height} if file else None
