"""The document of a quiz: written and read back, its draws, what it lacks, its words for a comparison."""

import random
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from courses.quizzes import completeness, drawing, plain, shape
from courses.quizzes.shape import Kind, Option, Question, Quiz, Reveal

OPTIONS = (Option("a", "A", True, "Because"), Option("b", "B"), Option("c", "C"))
WHOLE = Quiz(
    intro="Ready?", pass_percent=80, attempts=3, wait_minutes=10, limit_minutes=20, reveal=Reveal.FINAL, shuffle=False,
    draws={"loops": 1},
    questions=(
        Question("1", Kind.SINGLE, "Which?", options=OPTIONS),
        Question("2", Kind.NUMBER, "How many?", number="3", pool="loops"),
        Question("3", Kind.TEXT, "Name it", accepted=("x",), pool="loops", code="for x in y:", language="python"),
        Question("4", Kind.ORDER, "Sort", options=OPTIONS),
        Question("5", Kind.LINES, "Which?", code="x\ny\nz", lines="2-3"),
        Question("6", Kind.OUTPUT, "What?", code="print(1)", output="1\n"),
    ),
)  # fmt: skip


def test_a_quiz_is_written_and_read_back_as_it_was() -> None:
    assert shape.read(shape.written(WHOLE)) == WHOLE
    assert shape.read(None) == Quiz()


def test_a_draw_takes_as_many_of_a_pool_as_it_says_and_all_others() -> None:
    for seed in range(20):
        drawn = drawing.draw(WHOLE, random.Random(seed))
        keys = [each["question"] for each in drawn]
        assert keys in (["1", "2", "4", "5", "6"], ["1", "3", "4", "5", "6"])
    assert WHOLE.asked == 5


def test_a_draw_never_shows_an_order_as_it_should_be() -> None:
    for seed in range(50):
        last = drawing.draw(WHOLE, random.Random(seed))[-3]
        assert sorted(last["options"]) == ["a", "b", "c"]
        assert last["options"] != ["a", "b", "c"]


def test_what_is_graded_is_what_was_written_and_what_is_shown_is_what_was_drawn() -> None:
    drawn = drawing.draw(WHOLE, random.Random(1))
    assert drawing.graded(WHOLE, drawn)[-3].right_ids == ["a", "b", "c"]
    assert [option.id for option in drawing.shown(WHOLE, drawn)[-3].options] == drawn[-3]["options"]


def test_options_stay_in_place_unless_they_are_to_be_shuffled() -> None:
    first = drawing.draw(WHOLE, random.Random(1))[0]
    assert first["options"] == ["a", "b", "c"]
    orders = {tuple(drawing.draw(replace(WHOLE, shuffle=True), random.Random(n))[0]["options"]) for n in range(50)}
    assert len(orders) == 6


@pytest.mark.parametrize(
    "question",
    [
        Question("q", Kind.SINGLE, "", options=OPTIONS),
        Question("q", Kind.SINGLE, "Which?", options=OPTIONS[:1]),
        Question("q", Kind.SINGLE, "Which?", options=OPTIONS[1:]),
        Question("q", Kind.SINGLE, "Which?", options=(OPTIONS[0], Option("x", "X", True))),
        Question("q", Kind.SINGLE, "Which?", options=(OPTIONS[0], Option("x", " ａ "))),
        Question("q", Kind.MULTIPLE, "Which?", options=OPTIONS[1:]),
        Question("q", Kind.NUMBER, "How many?", number="some"),
        Question("q", Kind.NUMBER, "How many?", number="3", tolerance="-1"),
        Question("q", Kind.TEXT, "Name it", accepted=(" ",)),
        Question("q", Kind.LINES, "Which line?", code="one line", lines="1"),
        Question("q", Kind.LINES, "Which line?", code="x\n" * 101, lines="1"),
        Question("q", Kind.LINES, "Which line?", code="x\ny", lines=""),
        Question("q", Kind.LINES, "Which line?", code="x\ny", lines="3"),
        Question("q", Kind.LINES, "Which line?", code="x\ny", lines="1-2"),
        Question("q", Kind.OUTPUT, "What?", code="print(1)", output=" \n"),
        Question("q", Kind.OUTPUT, "What?", output="1"),
    ],
)
def test_a_question_that_cannot_be_answered_keeps_the_quiz_back(question) -> None:
    assert completeness.is_complete(WHOLE)
    assert list(completeness.lacks(replace(WHOLE, questions=(*WHOLE.questions, question)))) == ["q"]
    assert not completeness.is_complete(Quiz())


@pytest.mark.parametrize(
    "quiz",
    [
        replace(WHOLE, pass_percent=0),
        replace(WHOLE, attempts=0),
        replace(WHOLE, limit_minutes=601),
        replace(WHOLE, wait_minutes=-1),
        replace(WHOLE, questions=WHOLE.questions * 17),
        replace(WHOLE, questions=(Question("q", Kind.TEXT, "x" * 4001),)),
        replace(WHOLE, questions=(Question("q", Kind.TEXT, "x", points=0),)),
        replace(WHOLE, questions=(Question("q", Kind.SINGLE, "x", options=OPTIONS * 5),)),
        replace(WHOLE, questions=(Question("q", Kind.LINES, "x", lines="1," * 300),)),
        replace(WHOLE, questions=(Question("q", Kind.OUTPUT, "x", output="x" * 2001),)),
    ],
)
def test_even_a_draft_has_bounds(quiz) -> None:
    with pytest.raises(ValidationError):
        shape.must_hold(quiz)


def test_words_for_a_comparison_change_with_every_fact() -> None:
    question = WHOLE.questions[0]
    others = [
        replace(WHOLE, pass_percent=81),
        replace(WHOLE, attempts=4),
        replace(WHOLE, draws={"loops": 2}),
        *(
            replace(WHOLE, questions=(changed, *WHOLE.questions[1:]))
            for changed in (
                replace(question, text="Who?"),
                replace(question, points=2),
                replace(question, explanation="So"),
                replace(question, options=(replace(OPTIONS[0], is_right=False), *OPTIONS[1:])),
                replace(question, options=(replace(OPTIONS[0], explanation="No"), *OPTIONS[1:])),
            )
        ),
    ]
    lines, output = WHOLE.questions[-2:]
    others.append(replace(WHOLE, questions=(*WHOLE.questions[:-2], replace(lines, lines="1"), output)))
    others.append(replace(WHOLE, questions=(*WHOLE.questions[:-2], lines, replace(output, output="2"))))
    texts = [plain.as_text(quiz) for quiz in (WHOLE, *others)]
    assert len(set(texts)) == len(texts)


def test_another_wording_is_another_item_and_another_explanation_is_not() -> None:
    question = WHOLE.questions[0]
    assert replace(question, text="Who?").fingerprint != question.fingerprint
    assert replace(question, explanation="So").fingerprint == question.fingerprint


def test_a_question_of_before_there_was_code_to_mark_stays_the_item_that_it_was() -> None:
    # Figures of difficulty and review cards go by it: worked out once, it must never change.
    assert Question("q", Kind.SINGLE, "Which?", options=OPTIONS).fingerprint == "6377751304841a73"
    lines = WHOLE.questions[-2]
    assert replace(lines, lines="1").fingerprint != lines.fingerprint
