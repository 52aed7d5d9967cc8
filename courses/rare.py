"""The few courses that a choice of filters leaves, found by an index of all that filters ask for.

In the order of a list's own index they would lie far apart: to find ten of a million, all of them would be read.
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from .facets import HALF_HOUR, MONTH, THREE_HOURS, YEAR
from .models.rated import AT_LEAST_STARS, LEAST_SHOWN

# So many are found, read and put in order for one page; of more a walk in their order meets some soon (`listing`).
MOST = 5_000
_STARS = ", ".join(
    f"CASE WHEN rating_count >= {LEAST_SHOWN} AND rating_score >= {least} THEN 'r{name}' END"
    for name, least in AT_LEAST_STARS.items()
)
# What a course has one of, as words: the expression of the index course_facts, to the letter.
ONES = f"""array_remove(ARRAY['c' || category_id::text, 'i' || institution_id::text, 'l' || level, 'g' || language,
    CASE WHEN price_minor = 0 THEN 'pfree' ELSE 'ppaid' END,
    CASE WHEN duration_s < {HALF_HOUR} THEN 'nshort' WHEN duration_s < {THREE_HOURS} THEN 'nmedium' ELSE 'nlong' END,
    'm' || (extract(year FROM renewed_at AT TIME ZONE 'UTC') * 12
        + extract(month FROM renewed_at AT TIME ZONE 'UTC'))::integer::text,
    {_STARS}], NULL)"""
_LETTERS = {
    "category": "c", "institution": "i", "level": "l", "language": "g", "price": "p", "length": "n", "rating": "r",
}  # fmt: skip
# Each value stands in a SELECT of its own. Known to the planner, it would weigh the filters as if none had to do with
# another: expecting many courses, it would read them all.
_HOLDS = {
    "captions": "captions @> (SELECT ARRAY[%s]::varchar(12)[])",
    "skill": "skill_ids @> (SELECT ARRAY[%s]::bigint[])",
    "creator": "creator_id = (SELECT id FROM creators_creator WHERE slug = %s)",
}


def ids(asked: dict[str, Any], most: int = MOST) -> list[int] | None:
    """The live courses that may have all that is asked (facets as `filters.facets_of` names them, and a creator's
    slug), in no order; None where there are more than `most`. Those renewed in the calendar months that "in the last
    month" touches are among them: whoever lists them asks the rows themselves once more.
    """
    where, values = conditions(asked)
    sql = f"SELECT id FROM courses_course WHERE live_version_id IS NOT NULL AND {where} LIMIT {most + 1}"
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = [pk for (pk,) in cursor.fetchall()]
    return None if len(found) > most else found


def conditions(asked: dict[str, Any]) -> tuple[str, list[Any]]:
    """As SQL over courses_course, with its values."""
    where, values = [], list[Any]()
    if words := [f"{letter}{asked[name]}" for name, letter in _LETTERS.items() if name in asked]:
        where.append(f"{ONES} @> (SELECT %s::text[])")
        values.append(words)
    if "updated" in asked:
        where.append(f"{ONES} && (SELECT %s::text[])")
        values.append(_months(asked["updated"], timezone.now()))
    for name, holds in _HOLDS.items():
        if name in asked:
            where.append(holds)
            values.append(asked[name])
    return " AND ".join(where), values


def _months(value: str, now: datetime) -> list[str]:
    """The calendar months that the last month or year touches."""
    first = now - {"month": MONTH, "year": YEAR}[value]
    return [f"m{month}" for month in range(12 * first.year + first.month, 12 * now.year + now.month + 1)]
