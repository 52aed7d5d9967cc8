"""A work of an assignment is reported by those who have it before them, and by nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from learners.assignments import peers
from learners.models import HandIn
from moderation import targets
from moderation.measures import wish
from moderation.models import Case, Measure
from tests import cast
from tests.courses.assignments import assignment_of, make_assignment_course
from tests.learners import works
from tests.moderation.decisions import decide_case

pytestmark = pytest.mark.django_db
TOLD = {"rule_code": "respect", "text": "It insults the creator."}


@pytest.fixture
def work(lin: User) -> HandIn:
    lesson = assignment_of(make_assignment_course(reviewing="peers", own_reviews=1, fallback_days=7))
    return works.hand_in(lin, lesson, "You are all fools.")


def page(work: HandIn) -> str:
    return reverse("reports:make", args=["work", work.pk])


def test_its_reviewer_reports_it_without_learning_whose_it_is(work: HandIn, client: Client, sam: User) -> None:
    mia = works.people(1)[0]
    client.force_login(mia)
    assert client.get(page(work)).status_code == 404  # she has not been given it yet
    works.hand_in(mia, work.lesson)
    turn = peers.take(mia, work.lesson)
    assert turn.hand_in == work
    shown = client.get(reverse("learners:peer_review", args=[work.course.slug, work.lesson_key, turn.pk]))
    assert page(work) in shown.content.decode()
    form = client.get(page(work)).content.decode()
    assert "Lin" not in form
    assert client.post(page(work), TOLD).status_code == 302
    case = Case.objects.get(kind="work")
    assert (case.owner, case.evidence.get().shown["text"]) == (work.learner, "You are all fools.")
    client.force_login(sam)
    assert "You are all fools." in client.get(reverse("moderation:reported_case", args=[case.pk])).content.decode()
    assert decide_case(case, "warn", sam, rule="respect").action == Measure.Action.WARN


def test_the_creator_reports_it(work: HandIn, ada: User, client: Client) -> None:
    client.force_login(ada)
    assert page(work) in client.get(reverse("learners:hand_in", args=[work.pk])).content.decode()
    assert client.post(page(work), TOLD).status_code == 302
    assert Case.objects.filter(kind="work", key=str(work.pk)).exists()


def test_nobody_else_can(work: HandIn, client: Client) -> None:
    for name in (None, "Cole", "Noa"):
        if name:
            client.force_login(cast.person(name))
        assert client.get(page(work)).status_code == 404
        assert client.post(page(work), TOLD).status_code == 404
    for key in ("0", "x", "9" * 30):
        assert client.get(reverse("reports:make", args=["work", key])).status_code == 404


def test_nothing_follows_for_its_course(work: HandIn) -> None:
    found = {action for action, _label in wish.possible(targets.find("work", str(work.pk)), in_case=True)}
    assert found == {"dismiss", "warn", "hide_work", "mute", "bar"}
