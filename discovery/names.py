"""Keeps names of creators and institutions as they are: new ones at every refresh, changed ones by the hourly job."""

from collections.abc import Iterable

from django.db.models import Exists, Max, OuterRef

from creators.models import Creator, Institution
from discovery.models import Name
from discovery.models.name import Written
from marketplace.lib import words

BATCH = 1_000
# Of those that are found, the ones that the public may see: creators with a course in lists, verified institutions.
# So many are put in order, and the first of them looked up: asked for in that order, the database would read every name
# there is until four fit.
_MOST_FOUND, _LOOKED_UP = 1_000, 60
SHOWN = f"""
WITH named AS MATERIALIZED (SELECT id, kind, subject_id, name FROM discovery_name
    WHERE words @@ {{asked}} AND numnode({{asked}}) > 0 LIMIT {_MOST_FOUND}),
first AS MATERIALIZED (SELECT * FROM named ORDER BY kind DESC, length(name), id LIMIT {_LOOKED_UP})
SELECT n.kind, coalesce(k.name, i.name) AS name, coalesce(k.slug, i.slug) AS slug FROM first n
    LEFT JOIN creators_creator k ON n.kind = 'creator' AND k.id = n.subject_id AND k.suspended_at IS NULL
        AND EXISTS (SELECT 1 FROM courses_course c WHERE c.creator_id = k.id AND c.live_version_id IS NOT NULL
            AND NOT c.is_taken_down AND NOT c.is_limited)
    LEFT JOIN creators_institution i ON n.kind = 'institution' AND i.id = n.subject_id AND i.is_verified
    WHERE k.id IS NOT NULL OR i.id IS NOT NULL ORDER BY n.kind DESC, length(n.name), n.id LIMIT 4
"""


def refresh(*, everything: bool = False) -> None:
    for kind, model in ((Name.Kind.CREATOR, Creator), (Name.Kind.INSTITUTION, Institution)):
        known = Name.objects.filter(kind=kind)
        rows = model.objects.order_by("pk").values_list("pk", "name")  # type: ignore[attr-defined]  # both have objects
        if everything:
            rows = rows.exclude(Exists(known.filter(subject_id=OuterRef("pk"), name=OuterRef("name"))))
        else:
            rows = rows.filter(pk__gt=known.aggregate(last=Max("subject_id"))["last"] or 0)
        while batch := list(rows[:BATCH]):
            Name.objects.write(list(_written(kind, batch)))
            rows = rows.filter(pk__gt=batch[-1][0])


def _written(kind: str, rows: Iterable[tuple[int, str]]) -> Iterable[Written]:
    for pk, name in rows:
        line = words.normal(name)
        yield Written(
            kind, pk, name, " ".join(words.latin(line)), " ".join(words.indexed_signs(line, with_single=True))
        )
