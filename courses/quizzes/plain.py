"""A quiz as lines of text, for comparing two versions word by word."""

from collections.abc import Iterator

from .shape import Kind, Question, Quiz


def as_text(quiz: Quiz) -> str:
    """Every fact that a learner or a grade could notice."""
    return "\n".join([*_rules(quiz), *(line for question in quiz.questions for line in _lines(question))])


def _rules(quiz: Quiz) -> Iterator[str]:
    if quiz.intro:
        yield quiz.intro
    yield f"{quiz.pass_percent} %"
    limits = {"attempts": quiz.attempts, "wait": quiz.wait_minutes, "limit": quiz.limit_minutes}
    yield " ".join(f"{name}={value}" for name, value in limits.items() if value)
    yield " ".join(["reveal=" + quiz.reveal, *(f"{pool}={n}" for pool, n in quiz.draws.items())])


def _lines(question: Question) -> Iterator[str]:
    yield ""
    yield f"[{question.kind}{' · ' + question.pool if question.pool else ''} · {question.points}] {question.text}"
    if question.code:
        yield question.code
    for number, option in enumerate(question.options, 1):
        mark = f"{number}." if question.kind == Kind.ORDER else "[x]" if option.is_right else "[ ]"
        yield f"{mark} {option.text}" + (f" ({option.explanation})" if option.explanation else "")
    if question.kind == Kind.NUMBER:
        yield f"= {question.number} ± {question.tolerance}"
    yield from (f"= {each}" for each in question.accepted)
    if question.lines:
        yield f"# {question.lines}"
    yield from (f"> {each}" for each in question.output.splitlines())
    if question.explanation:
        yield f"→ {question.explanation}"
