"""How each question of a quiz does: who answers it rightly, and whether it tells those apart who know the rest."""

import uuid
from dataclasses import dataclass

from django.db import connection

# Fewer people could be told apart by name: those who answered, and of them those who were right.
FEWEST = 5
# How answers go together says more of each than how many there are.
FEWEST_TO_COMPARE = 10

# First attempts only: later ones have seen the answers. `rest` is what the same attempt got without this question.
_SQL = """
SELECT lesson_key, question::text, fingerprint, count(*),
       CASE WHEN count(*) FILTER (WHERE share = 1) >= %(fewest)s THEN avg((share = 1)::int) END,
       CASE WHEN count(*) >= %(to_compare)s THEN corr(share, rest) END
FROM (
    SELECT item.lesson_key, item.question, item.fingerprint, item.share,
           sum(item.share) OVER (PARTITION BY item.attempt_id) - item.share AS rest
    FROM learners_itemanswer item JOIN learners_quizattempt attempt ON attempt.id = item.attempt_id
    WHERE item.lesson_key = ANY(%(keys)s) AND attempt.number = 1
) AS each
GROUP BY lesson_key, question, fingerprint HAVING count(*) >= %(fewest)s
"""


@dataclass(frozen=True)
class ItemFigures:
    """`right_share` up to 1, None where fewer than five were right; `discrimination` from -1 to 1, None where all
    answered alike, or fewer than ten.
    """

    people: int
    right_share: float | None
    discrimination: float | None

    @property
    def percent(self) -> int | None:
        return None if self.right_share is None else round(self.right_share * 100)

    @property
    def is_doubtful(self) -> bool:
        """Who knows the rest gets this one wrong: the question, or its key, may be at fault."""
        return self.discrimination is not None and self.discrimination < 0


OfQuiz = dict[tuple[str, str], ItemFigures]


def of_quiz(lesson_key: uuid.UUID) -> OfQuiz:
    """By the question's id and its fingerprint: a question with a new wording begins anew. One query."""
    return of_quizzes([lesson_key])[lesson_key]


def of_quizzes(lesson_keys: list[uuid.UUID]) -> dict[uuid.UUID, OfQuiz]:
    """The same of several quizzes, in one query; in none without quizzes."""
    found: dict[uuid.UUID, OfQuiz] = {key: {} for key in lesson_keys}
    if not lesson_keys:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"keys": lesson_keys, "fewest": FEWEST, "to_compare": FEWEST_TO_COMPARE})
        rows = cursor.fetchall()
    for key, question, fingerprint, people, right, corr in rows:
        discrimination = None if corr is None else round(float(corr), 2)
        right_share = None if right is None else float(right)
        found[key][question, fingerprint] = ItemFigures(people, right_share, discrimination)
    return found
