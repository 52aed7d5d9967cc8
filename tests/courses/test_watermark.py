"""Names over films: whose choice it is, what stays on record, and whose name is drawn."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course, WatermarkChoice
from marketplace.lib.errors import NotAllowed
from tests.courses.factories import make_course
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User, lin: User) -> Course:
    course = make_course()
    enroll(lin, course)
    return course


def page(course: Course, reader: User | None) -> str:
    """The lesson's page, as `reader` sees it."""
    client, at = Client(), 0 if reader is None else 1
    if reader:
        client.force_login(reader)
    return client.get(reverse("learners:lesson", args=[course.slug, course.live_lessons()[at].key])).content.decode()


def test_it_is_the_creator_s_choice_and_every_change_of_it_stays_on_record(
    course: Course, ada: User, lin: User
) -> None:
    for is_on in (True, True, False):
        WatermarkChoice.objects.choose(course, is_on, by=ada)
    assert list(course.watermark_choices.order_by("pk").values_list("is_on", "chosen_by")) == [
        (True, ada.pk), (False, ada.pk),
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        WatermarkChoice.objects.choose(course, True, by=lin)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        WatermarkChoice.objects.update(is_on=True)


def test_a_learner_s_own_name_is_drawn_and_nobody_else_s(course: Course, ada: User, lin: User, sam: User) -> None:
    mark = f"{lin.name} · {lin.pk}"
    assert "player__mark" not in page(course, lin)
    WatermarkChoice.objects.choose(course, True, by=ada)
    shown = page(course, lin)
    assert f'aria-hidden="true" translate="no">{mark}</span>' in shown
    assert "moves over the film because its creator asked for it" in shown
    assert lin.email not in shown.partition("player__mark")[2].partition("</span>")[0]
    for other in (ada, sam, None):
        assert "player__mark" not in page(course, other)


def test_a_player_of_another_maker_is_told_what_to_draw(course: Course, ada: User, lin: User) -> None:
    api = APIClient()
    api.force_authenticate(ada)
    assert api.put(reverse("api-studio-watermark", args=[course.slug]), {"is_on": True}).json() == {"is_on": True}
    assert api.get(reverse("api-studio-course", args=[course.slug])).json()["has_watermark"] is True
    api.force_authenticate(lin)
    lesson = course.live_lessons()[1]
    told = api.get(reverse("api-lesson-playback", args=[lesson.key])).json()
    assert told["watermark"] == f"{lin.name} · {lin.pk}"


def test_it_is_switched_on_the_curriculum_page(course: Course, ada: User) -> None:
    studio = Client()
    studio.force_login(ada)
    here = reverse("studio:curriculum", args=[course.slug])
    assert "Show names over the films" in studio.get(here).content.decode()
    studio.post(reverse("studio:choose_watermark", args=[course.slug]), {"is_on": "1"})
    assert "Show no names" in studio.get(here).content.decode()
