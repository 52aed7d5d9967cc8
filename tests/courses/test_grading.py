"""Grading: each kind of question, and what people type."""

from fractions import Fraction

import pytest

from courses.quizzes import code, grading
from courses.quizzes.grading import folded, number_of
from courses.quizzes.shape import Kind, Option, Question

A, B, C = Option("a", "A", True), Option("b", "B"), Option("c", "C", True)


def graded(question: Question, told: object) -> Fraction:
    return grading.share(question, grading.readable(question, told))


@pytest.mark.parametrize(
    ("told", "share"), [("a", 1), ("b", 0), ("nobody's", 0), (None, 0), (["a"], 0), ({}, 0), (1, 0)]
)
def test_one_answer_is_right_or_not(told, share) -> None:
    assert graded(Question("q", Kind.SINGLE, options=(A, B)), told) == share


@pytest.mark.parametrize(
    ("told", "share"),
    [
        (["a", "c"], 1), (["c", "a", "a"], 1), (["a"], Fraction(1, 2)), (["a", "b"], 0),
        (["a", "b", "c"], Fraction(1, 2)), (["b"], 0), ([], 0), ("a", 0), ([None], 0), (["x"], 0),
    ],
)  # fmt: skip
def test_of_several_answers_wrong_ones_cost_what_right_ones_bring(told, share) -> None:
    assert graded(Question("q", Kind.MULTIPLE, options=(A, B, C)), told) == share


@pytest.mark.parametrize(
    ("told", "share"),
    [(["a", "b", "c"], 1), (["a", "c", "b"], Fraction(1, 3)), (["c", "a", "b"], 0), (["a", "b"], 0), ("abc", 0)],
)
def test_an_order_counts_what_stands_in_its_place(told, share) -> None:
    assert graded(Question("q", Kind.ORDER, options=(A, B, C)), told) == share


@pytest.mark.parametrize(
    ("told", "is_right"),
    [
        ("0.333", True), ("0,333", True), (" .3335 ", True), ("０．３３３", True), ("3.33e-1", True), ("0.335", False),
        ("", False), ("one third", False), ("NaN", False), ("Infinity", False), ("1e999999999", False), ("--1", False),
        ("9" * 5000, False), ("²", False),
    ],
)  # fmt: skip
def test_a_number_is_right_within_its_tolerance(told, is_right) -> None:
    assert graded(Question("q", Kind.NUMBER, number="0.333", tolerance="0.001"), told) == is_right


def test_the_edge_of_a_tolerance_is_inside_and_no_float_moves_it() -> None:
    question = Question("q", Kind.NUMBER, number="0.3", tolerance="0.1")
    assert graded(question, "0.2") == graded(question, "0.4") == 1
    assert graded(question, "0.1999999999999999999") == 0


@pytest.mark.parametrize(
    ("told", "number"),
    [("1,000", "1000"), ("12,345,678.5", "12345678.5"), ("3,14", "3.14"), ("−2", "-2"), ("1,2,3", None)],
)
def test_numbers_are_read_as_people_type_them(told, number) -> None:
    assert (str(number_of(told)) if number_of(told) is not None else None) == number


@pytest.mark.parametrize("told", ["slip glaze", "  SLIP   GLAZE ", "ＳＬＩＰ　ｇｌａｚｅ", "化妆土", "化 妆 土"])
def test_case_width_and_spaces_of_a_short_text_do_not_count(told) -> None:
    assert graded(Question("q", Kind.TEXT, accepted=("Slip Glaze", "化妆土")), told) == 1


CODE = "def double(x):\n    x * 2\n\nprint(double(4))\n"


@pytest.mark.parametrize(
    ("told", "share"),
    [
        (["2"], Fraction(1, 2)), (["4", "2", "2"], 1), (["2", "3"], 0), (["1", "2", "4"], Fraction(1, 2)), ([], 0),
        (["9"], 0), (["02"], 0), ("2", 0), ([2], 0), (None, 0),
    ],
)  # fmt: skip
def test_of_marked_lines_wrong_ones_cost_what_right_ones_bring(told, share) -> None:
    assert graded(Question("q", Kind.LINES, code=CODE, lines="4, 2"), told) == share


@pytest.mark.parametrize(
    ("told", "is_right"),
    [
        ("  a  b\nC", True), ("  a  b  \r\nC\r\n\r\n", True), ("\n  a  b\nC", True), ("a  b\nC", False),
        ("  a b\nC", False), ("  a  b\nc", False), ("  a  b\n\nC", False), ("  a  bC", False), (" \n", False),
        (None, False), (["  a  b"], False), ("x" * 100_000, False),
    ],
)  # fmt: skip
def test_what_code_prints_is_compared_as_it_is_seen(told, is_right) -> None:
    assert graded(Question("q", Kind.OUTPUT, code="…", output="  a  b\nC\n"), told) == is_right


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.NUMBER, Kind.OUTPUT])
def test_what_no_database_keeps_is_left_out(kind) -> None:
    question = Question("q", kind, accepted=("12",), number="12", output="12")
    assert grading.readable(question, "1\0" + "\ud800" + "2") == "12"
    assert grading.readable(question, "\0") is None


@pytest.mark.parametrize(
    ("told", "numbers"),
    [
        ("3", [3]), ("3, 5-7", [3, 5, 6, 7]), ("５～７、３", [3, 5, 6, 7]), ("3 4", [3, 4]), ("5 – 7", [5, 6, 7]),
        ("", None), ("0", None), ("7-5", None), ("3,", None), ("two", None), ("-3", None), ("99999", None), ("²", [2]),
    ],
)  # fmt: skip
def test_lines_are_named_as_people_name_them(told, numbers) -> None:
    assert code.numbers(told) == numbers


def test_a_space_between_latin_words_counts() -> None:
    assert folded("slip glaze") != folded("slipglaze")


def test_a_percent_is_cut_and_never_rounded_up() -> None:
    questions = [Question(key, Kind.SINGLE, options=(A, B)) for key in "qrs"]
    grade = grading.grade(questions, {"q": "a", "r": "a"})
    assert grade.percent == 66
    assert grade.exact_percent < Fraction(200, 3) + Fraction(1, 10**9)


def test_points_weigh() -> None:
    heavy, light = (Question(key, Kind.SINGLE, options=(A, B), points=points) for key, points in (("q", 3), ("r", 1)))
    assert grading.grade([heavy, light], {"q": "a", "r": "b"}).percent == 75
