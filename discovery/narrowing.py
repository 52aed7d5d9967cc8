"""What filters ask for, as words of the index: a course holds each of its facets as a word that nobody can ask for
("=lbeginner", "=pfree"), so the index itself finds the hits that a filter leaves. It only finds: whether a hit fits is
asked of the course's own row, so a word that is some seconds old never shows what does not fit.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from courses.facets import AT_LEAST, HALF_HOUR, MONTH, THREE_HOURS, YEAR
from courses.models.rated import AT_LEAST_STARS, LEAST_SHOWN
from discovery.questions import SQL

_RATED = " ".join(f"WHEN c.rating_score >= {milli} THEN ARRAY['=r{name}']" for name, milli in AT_LEAST_STARS.items())
# The words of a course `c`: those of which it has one each (PLACES), then captions, skills and rating.
FACTS = f"""ARRAY['=w' || c.creator_id, '=p' || CASE WHEN c.price_minor = 0 THEN 'free' ELSE 'paid' END,
    '=l' || c.level, '=g' || c.language, '=n' || CASE WHEN c.duration_s < {HALF_HOUR} THEN 'short'
        WHEN c.duration_s < {THREE_HOURS} THEN 'medium' ELSE 'long' END,
    '=m' || to_char(coalesce(c.renewed_at, c.started_at) AT TIME ZONE 'UTC', 'YYYYMM'),
    '=c' || coalesce(c.category_id, 0), '=i' || coalesce(c.institution_id, 0)]
    || ARRAY(SELECT '=k' || spoken FROM unnest(c.captions) AS spoken)
    || ARRAY(SELECT '=s' || skill FROM unnest(c.skill_ids) AS skill)
    || CASE WHEN c.rating_count < {LEAST_SHOWN} THEN ARRAY[]::text[] {_RATED} ELSE ARRAY[]::text[] END"""
# Where FACTS has what a course has one of, and where the rest of them begins.
PLACES = {"creator": 1, "price": 2, "level": 3, "language": 4, "length": 5, "category": 7, "institution": 8}
REST = 9
LETTERS = {
    "category": "c", "price": "p", "level": "l", "language": "g", "length": "n", "captions": "k", "skill": "s",
    "institution": "i", "rating": "r",
}  # fmt: skip


def asked(chosen: dict[str, Any], but: Collection[str | None] = ()) -> SQL:
    """A tsquery that courses answer which fit everything that is chosen, but for some; empty where nothing is asked."""
    parts, values = [], []
    for name, value in chosen.items():
        if name in but:
            continue
        if name == "creator":
            parts.append("('=w' || coalesce((SELECT id FROM creators_creator WHERE slug = %s), 0))::tsquery")
            values.append(value)
        else:
            parts.append("%s::tsquery")
            values.append(_any(_words(name, value)))
    return " && ".join(parts) or "''::tsquery", values


def lately(chosen: dict[str, Any], but: str | None = None) -> str:
    """A tsquery of the months in which a course may have been renewed; empty where that is not asked."""
    return _any(_words("updated", chosen["updated"])) if "updated" in chosen and but != "updated" else ""


def _any(words: list[str]) -> str:
    return " | ".join(f"'{word}'" for word in words)


def _words(name: str, value: Any) -> list[str]:
    """Any of these is enough."""
    if name == "updated":
        return _months(value, timezone.now())
    if value == 0:
        return ["=none"]  # nothing by that name is known; with 0 the index has what is of no category or institution
    return [f"={LETTERS[name]}{one}" for one in (AT_LEAST[value] if name == "rating" else [value])]


def _months(value: str, now: datetime) -> list[str]:
    """The calendar months that the last month or year touches."""
    first = (now - {"month": MONTH, "year": YEAR}[value]).date().replace(day=1)
    months: list[date] = []
    while first <= now.date():
        months.append(first)
        first = (first + timedelta(days=32)).replace(day=1)
    return [f"=m{month:%Y%m}" for month in months]
