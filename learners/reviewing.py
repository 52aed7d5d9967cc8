"""Spaced review: questions of quizzes that a learner has taken come back when she is about to forget them."""

import random
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Func, JSONField, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Lesson, Restriction
from courses.quizzes import drawing, grading
from courses.quizzes.grading import Graded
from courses.quizzes.shape import Question
from marketplace.lib.errors import DomainError

from . import spacing
from .goal import zone_of
from .models import Enrollment, ItemAnswer, QuizAttempt, ReviewCard, WatchMeter

MOST_SHOWN = 200


class NotDue(DomainError):
    code = "not_due"
    message = _("You have answered this question already. It comes back when it is time.")


@dataclass(frozen=True)
class Due:
    """One question that is due, with the live lesson that it stands in."""

    card: ReviewCard
    lesson: Lesson
    question: Question

    @property
    def shown(self) -> Question:
        """With its options shuffled, in the same way until it is answered."""
        return drawing.alone(self.lesson.questions, self.question, random.Random(f"{self.card.pk}:{self.card.answers}"))


def follow(learner_id: int, course_id: int, lesson_key: uuid.UUID) -> None:
    """Make the cards of this quiz from all answers that were given; with the learner's meter held."""
    histories: dict[uuid.UUID, list[tuple[float, datetime]]] = defaultdict(list)
    for answer in ItemAnswer.objects.history(learner_id, lesson_key):
        histories[answer.question].append((answer.share, answer.answered_at))
    for question, history in histories.items():
        if (spaced := spacing.after(history)) is not None:
            ReviewCard.objects.write(
                ReviewCard(
                    learner_id=learner_id, course_id=course_id, lesson_key=lesson_key, question=question,
                    stability=spaced.stability, difficulty=spaced.difficulty, answers=spaced.answers,
                    lapses=spaced.lapses, answered_at=spaced.answered_at, due_at=spaced.due_at,
                )
            )  # fmt: skip


def end_of_today(learner: User, now: datetime) -> datetime:
    """Midnight of the learner's own day: what falls due during it may be answered at any hour."""
    here = now.astimezone(zone_of(learner))
    return datetime.combine(here.date() + timedelta(days=1), datetime.min.time(), tzinfo=here.tzinfo)


def due(learner: User, now: datetime | None = None) -> list[Due]:
    """What is due today, the longest due first: of courses that she has, of questions that are still asked, and of no
    quiz that a moderator has hidden.

    A quiz that she is in the middle of asks nothing here, so that no answer is found out beside it.
    """
    return _asked(_due_cards(learner, now or timezone.now()), MOST_SHOWN)


def due_count(learner: User) -> int:
    """How many those are, for who reads the number alone."""
    return _due_cards(learner, timezone.now())[:MOST_SHOWN].count()


def _due_cards(learner: User, now: datetime) -> QuerySet[ReviewCard]:
    open_quizzes = QuizAttempt.objects.of(learner).open().values("lesson_key")
    return _cards(learner).filter(due_at__lt=end_of_today(learner, now)).exclude(lesson_key__in=open_quizzes)


def next_due(learner: User) -> ReviewCard | None:
    """What falls due next, for a day on which nothing is."""
    later = _cards(learner).filter(due_at__gte=end_of_today(learner, timezone.now()))
    return next((each.card for each in _asked(later, 1)), None)


def _asked(cards: QuerySet[ReviewCard], most: int) -> list[Due]:
    """The longest due of these, with lesson and question."""
    page = list(cards.order_by("due_at", "lesson_key", "question")[:most])
    lessons = {lesson.key: lesson for lesson in _live({card.lesson_key for card in page})}
    found = []
    for card in page:
        lesson = lessons.get(card.lesson_key)
        question = lesson.questions.question(str(card.question)) if lesson else None
        # Taken out since the cards were read.
        if lesson is not None and question is not None:
            found.append(Due(card, lesson, question))
    return found


def _cards(learner: User) -> QuerySet[ReviewCard]:
    """Of what she may open now, in lessons that the courses still have, of questions that these still ask.

    Cards of questions that a creator took out stay, always the longest due: the database leaves them out, since whoever
    read on past them would read ever more.
    """
    hers = Enrollment.objects.watchable().of(learner).values("course")
    cards = ReviewCard.objects.of(learner).filter(course__in=hers)
    stands = Lesson.objects.live().filter(key=OuterRef("lesson_key"), quiz__contains=_QUIZ_WITH_IT)
    return cards.filter(Exists(stands)).exclude(lesson_key__in=Restriction.objects.hidden_keys())


# {"questions": [{"id": the card's question}]}, as `courses.quizzes.shape` writes it.
_QUIZ_WITH_IT = JSONObject(
    questions=Func(
        JSONObject(id=Cast(OuterRef("question"), TextField())),
        function="jsonb_build_array",
        output_field=JSONField(),
    )
)


def _live(keys: set[uuid.UUID]) -> Any:
    return Lesson.objects.live().filter(key__in=keys).select_related("version__course", "section")


@transaction.atomic
def answer(learner: User, pk: int, told: Any, *, answers_seen: int) -> ItemAnswer:
    """Answer what is due. `answers_seen`: the card's number of answers when it was asked. Raises NotDue.

    With the meter held: two tabs with the same question give one answer.
    """
    WatchMeter.objects.hold(learner.pk)
    now = timezone.now()
    asked = next((each for each in due(learner, now) if each.card.pk == pk), None)
    if asked is None or asked.card.answers != answers_seen:
        raise NotDue
    readable = grading.readable(asked.question, told)
    item = Graded(asked.question, readable, grading.share(asked.question, readable))
    given = ItemAnswer.objects.of_review(learner_id=learner.pk, lesson=asked.lesson, item=item, at=now)
    follow(learner.pk, asked.card.course_id, asked.card.lesson_key)
    return given
