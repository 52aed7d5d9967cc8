"""How long a lesson without a film takes. Learners see it as the length of a course, refunds go by it."""

from .assignments.shape import Assignment
from .quizzes.shape import Quiz
from .reading import reading_seconds

# What we reckon for a look through one file, and for thinking about one question.
FILE_S, QUESTION_S = 120, 30
# For doing what an assignment asks, and for the look at one work of somebody else.
TASK_S, OTHERS_WORK_S = 1800, 300


def of_text(text: str) -> int:
    return reading_seconds(text)


def of_files(count: int) -> int:
    return FILE_S * count


def of_quiz(quiz: Quiz) -> int:
    """Of one attempt: what it asks, read at the usual pace, and time to think."""
    words = [" ".join([each.text, each.code, *(option.text for option in each.options)]) for each in quiz.questions]
    reading = sum(reading_seconds(text) for text in words)
    return QUESTION_S * quiz.asked + (reading * quiz.asked // len(words) if words else 0)


def of_assignment(assignment: Assignment) -> int:
    """The task read, done, and the works of others reviewed."""
    return reading_seconds(assignment.task) + TASK_S + OTHERS_WORK_S * assignment.owed
