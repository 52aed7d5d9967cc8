"""Keeps names of creators and institutions as they are: at every refresh all of them are compared."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Exists, OuterRef

from creators.models import Creator, Institution
from discovery.models import Name
from discovery.models.name import Written
from discovery.questions import SQL, Question
from marketplace.lib import prepared, words

BATCH = 1_000
Called = tuple[str, int, str]  # kind, id and name
# Of a kind, the names that are just what was asked for are taken, and so many that have the words; of these the
# first are shown whose owners the public may see, looked up one by one, in order, until there are enough. Asked for in
# their order from the start, the database would read every name there is. Where not all were taken and too few may be
# shown, which is rare, a row without a name says so, and many more are taken: a hot word stands in thousands of names.
_FEW_FOUND, _MOST_FOUND, _MOST_SHOWN = 200, 1_000, 4
_MOST_BEGUN = 50
_OF_A_KIND = f"""
(WITH exact AS MATERIALIZED (
    SELECT id, subject_id, name FROM discovery_name WHERE lower(name) = %s AND kind = '{{kind}}' AND {{mine}}
    LIMIT {_MOST_FOUND}),
few AS MATERIALIZED (SELECT TRUE AS is_exact, * FROM exact UNION ALL
    SELECT FALSE, n.* FROM discovery_named({{asked}}, '{{kind}}', {{among}}, {{most}}) n
    WHERE n.id NOT IN (SELECT id FROM exact)),
first AS MATERIALIZED (SELECT f.is_exact, f.name_at, o.name, o.slug FROM (
        SELECT *, row_number() OVER (ORDER BY is_exact DESC, length(name), id) AS name_at FROM few ORDER BY name_at
    ) f CROSS JOIN LATERAL ({{owner}} LIMIT 1) o ORDER BY f.name_at LIMIT {_MOST_SHOWN})
SELECT '{{kind}}' AS kind, name, slug, is_exact, row_number() OVER (ORDER BY name_at) AS place FROM first
UNION ALL SELECT '{{kind}}', '', '', FALSE, {_MOST_FOUND + 1}
    WHERE (SELECT count(*) FROM first) < {_MOST_SHOWN} AND (SELECT count(*) FROM few) >= {{most}})
"""
# The verified are few, and taken from the start: others cannot crowd them out. Creators need a course in lists.
_KINDS = {
    "institution": (
        "subject_id IN (SELECT id FROM creators_institution WHERE is_verified)",
        "ARRAY(SELECT id FROM creators_institution WHERE is_verified)",
        "SELECT i.name, i.slug FROM creators_institution i WHERE i.id = f.subject_id",
    ),
    "creator": (
        "TRUE",
        "NULL",
        """SELECT k.name, k.slug FROM creators_creator k WHERE k.id = f.subject_id AND k.suspended_at IS NULL
            AND EXISTS (SELECT 1 FROM courses_course c WHERE c.creator_id = k.id AND c.live_version_id IS NOT NULL
                AND NOT c.is_taken_down AND NOT c.is_limited)""",
    ),
}


def shown(question: Question, most: int = 0) -> SQL:
    """Kind, name and slug of the first names that answer, for `called`: those that are just the question before all
    others, and then one of each kind in turn.
    """
    return _found(question.asked(), question.line, most)


def beginning(line: str) -> list[tuple[str, str, str]]:
    """Kind, name and slug of those whose name has all words of a normal line, the last of them perhaps only begun."""
    letters, runs = words.latin(line), words.runs(line)
    signs = [f"'{sign}'" for run in runs for sign in words.asked_signs(run)]
    is_begun = bool(letters) and line.endswith(letters[-1])
    begun = [f"'{letters.pop()}':*"] if is_begun else []
    asked = ("(plainto_tsquery('english', %s) && %s::tsquery)", [" ".join(letters), " & ".join([*signs, *begun])])
    sql, values = _found(asked, line, _MOST_BEGUN)
    return [(kind, name, slug) for kind, name, slug in prepared.rows(connection, sql, values) if name]


def _found(asked_for: SQL, line: str, most: int) -> SQL:
    asked, words = asked_for
    parts = [
        _OF_A_KIND.format(kind=kind, asked=asked, mine=mine, among=among, owner=owner, most=most or _FEW_FOUND)
        for kind, (mine, among, owner) in _KINDS.items()
    ]
    every = f"SELECT kind, name, slug FROM ({' UNION ALL '.join(parts)}) every"
    values = [line, *words] * len(parts)
    return f"{every} ORDER BY is_exact DESC, place, kind DESC LIMIT {_MOST_SHOWN + len(parts)}", values


def called(question: Question, rows: Iterable[Iterable[str]]) -> list[tuple[str, str, str]]:
    """What rows of `shown` say; asked for anew where too few of those taken may be shown."""
    told = [(kind, name, slug) for kind, name, slug in rows]
    found = [one for one in told if one[1]]
    if len(found) < min(_MOST_SHOWN, len(told)):
        sql, values = shown(question, _MOST_FOUND)
        found = [(kind, name, slug) for kind, name, slug in prepared.rows(connection, sql, values) if name]
    return found[:_MOST_SHOWN]


def changed() -> list[Called]:
    """New names and changed ones, BATCH of them at most: whose they are, and how they read now."""
    found: list[Called] = []
    for kind, model in ((Name.Kind.CREATOR, Creator), (Name.Kind.INSTITUTION, Institution)):
        known = Name.objects.filter(kind=kind, subject_id=OuterRef("pk"), name=OuterRef("name"))
        rows = model.objects.exclude(Exists(known)).order_by("pk")  # type: ignore[attr-defined]  # both have objects
        found += [(kind, pk, name) for pk, name in rows.values_list("pk", "name")[: BATCH - len(found)]]
    return found


def creators(called: Iterable[Called]) -> list[int]:
    return [pk for kind, pk, _name in called if kind == Name.Kind.CREATOR]


def write(called: Iterable[Called]) -> None:
    Name.objects.write(list(_written(called)))


def refresh() -> None:
    """All of them, where no entry is made of them yet."""
    while called := changed():
        write(called)


def _written(called: Iterable[Called]) -> Iterable[Written]:
    for kind, pk, name in called:
        line = words.normal(name)
        yield Written(
            kind, pk, name, " ".join(words.latin(line)), " ".join(words.indexed_signs(line, with_single=True))
        )
