"""How good the answers are, on the public test set; bench/search_quality.py prints it beside plainer ways."""

import pytest

from accounts.models import User
from courses.models import Course
from discovery.asking import matching
from tests.discovery import corpus

pytestmark = pytest.mark.django_db


def answers(question: str) -> list[int]:
    return list(matching(Course.objects.on_sale(), question).values_list("pk", flat=True)[: corpus.FIRST])


def test_the_test_set_is_answered(ada: User) -> None:
    judged = corpus.load()
    assert sum(len(questions) for questions in judged.values()) >= 200
    found = {kind: {q: answers(q) for q in questions} for kind, questions in judged.items()}
    recalls = {
        kind: corpus.mean(corpus.recall(found[kind][q], right) for q, right in judged[kind].items()) for kind in judged
    }
    gains = {
        kind: corpus.mean(corpus.ndcg(found[kind][q], right) for q, right in judged[kind].items()) for kind in judged
    }
    missed = [q for kind in judged for q, right in judged[kind].items() if corpus.recall(found[kind][q], right) < 1]
    assert recalls["two"] >= 0.95, missed
    assert recalls["other"] >= 0.95, missed
    assert recalls["odd"] >= 0.85, missed
    assert gains["two"] >= 0.95, gains
    assert corpus.mean(gains.values()) >= 0.88, (gains, missed)
