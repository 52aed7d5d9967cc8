"""An assignment as lines of text, for comparing two versions word by word."""

from collections.abc import Iterator

from .shape import Assignment


def as_text(assignment: Assignment) -> str:
    """Every fact that a learner or a mark could notice."""
    return "\n".join(_lines(assignment))


def _lines(assignment: Assignment) -> Iterator[str]:
    if assignment.task:
        yield assignment.task
    yield f"{assignment.pass_percent} % · {assignment.answer} · {assignment.reviewing}"
    yield f"files={assignment.most_files} × {assignment.most_mb} MB {' '.join(assignment.endings)}".rstrip()
    limits = {
        "attempts": assignment.attempts, "due_days": assignment.due_days, "own_reviews": assignment.owed,
        "fallback_days": assignment.fallback_days if assignment.is_by_peers else None,
    }  # fmt: skip
    yield " ".join(f"{name}={value}" for name, value in limits.items() if value)
    for criterion in assignment.criteria:
        yield ""
        yield f"[{criterion.most}] {criterion.title}"
        if criterion.text:
            yield criterion.text
        for level in criterion.levels:
            yield f"{level.points}: {level.title}" + (f" ({level.text})" if level.text else "")
