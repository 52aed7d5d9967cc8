"""Paths for tests, through the verbs that makers and moderators use."""

from accounts.models import User
from courses.models import Course, Path, PathEdition, Stage
from tests import cast


def make_path(
    *stages: list[Course], title: str = "From clay to kiln", by: User | None = None, live: bool = True
) -> Path:
    """A path of Ada's through these courses, a stage each list; approved by Sam unless `live` is False."""
    by = by or cast.ada()
    path = Path.objects.start(title=title, language="en", by=by, creator=by.creator_or_none)
    write(path.shown_edition, *stages)
    if live:
        path.shown_edition.submit(by=by).approve(by=cast.sam(), reason="A good order.")
    return Path.objects.select_related("creator", "live_edition").get(pk=path.pk)


def write(edition: PathEdition, *stages: list[Course], **told: str) -> None:
    rows = [Stage(f"Stage {at}", "What it is for", tuple(courses)) for at, courses in enumerate(stages, 1)]
    by = edition.path.creator.user if edition.path.creator else cast.sam()
    edition.write({"promise": "You can fire a pot", **told}, rows, by=by, revision=edition.revision)
