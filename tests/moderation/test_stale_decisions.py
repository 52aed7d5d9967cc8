"""A decision on what the thing no longer shows is not made: who decides is told, looks again, and confirms anew."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from community import asking, rating
from community.models import Post, Rating
from courses.models import Course
from moderation import measures
from moderation.measures import EffectChanged
from moderation.models import Measure
from tests import cast
from tests.community.factories import ask, rate
from tests.courses.factories import make_course
from tests.learners.factories import enroll
from tests.moderation.decisions import decide, report, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


def test_what_a_creator_says_of_herself(course: Course, lin: User, sam: User) -> None:
    """Found in order, and made worse before it is confirmed."""
    case = report("creator", course.creator.slug, lin, rule="honest_person")
    wanted = wish("dismiss", case.kind, case.key, case=case)
    seen = measures.preview(wanted, sam)
    assert not seen.has_changed
    course.creator.edit({"headline": "Professor of everything"})
    with pytest.raises(EffectChanged) as changed:
        measures.decide(wanted, sam, seen=seen.version)
    assert changed.value.effect.has_changed
    assert not Measure.objects.exists()
    assert measures.decide(wanted, sam, seen=changed.value.effect.version).action == "dismiss"


def test_what_somebody_wrote(course: Course, lin: User, sam: User) -> None:
    said = rate(cast.person("Mia"), course, 1, text="The creator is a fool.")
    asked = ask(cast.person("Noa"), course, "Is she a fool?")
    for action, kind, pk in (("hide_rating", "rating", said.pk), ("hide_post", "question", asked.pk)):
        wanted = wish(action, kind, pk, rule="respect")
        seen = measures.preview(wanted, sam).version
        if kind == "rating":
            rating.rate(said.learner, course, {"stars": 2, "text": "Dull."}, revision=said.revision)
        else:
            asking.edit(Post.objects.get(pk=asked.pk), {"title": "Is it dull?"}, by=asked.author)
        with pytest.raises(EffectChanged):
            measures.decide(wanted, sam, seen=seen)
    assert not Rating.objects.get().is_hidden


def test_a_learner_more_changes_no_decision(course: Course, lin: User, sam: User) -> None:
    wanted = wish("warn", "course", "glazes")
    seen = measures.preview(wanted, sam).version
    enroll(lin, course)
    assert measures.decide(wanted, sam, seen=seen).action == "warn"


def test_page_and_api_say_that_it_was_changed_since_it_was_reported(course: Course, lin: User, sam: User) -> None:
    case = report("creator", course.creator.slug, lin, rule="honest_person")
    told = {"action": "warn", "rule_code": "honest_person", "reason": "No such title", "case": case.pk}
    desk, api = Client(), APIClient()
    desk.force_login(sam)
    api.force_authenticate(sam)
    page, address = reverse("moderation:weigh", args=["creator", case.key]), f"creator/{case.key}/weigh/"
    words = "changed since it was reported"
    for is_changed in (False, True):
        if is_changed:
            course.creator.edit({"headline": "Professor of everything"})
        assert (words in desk.post(page, told).content.decode()) is is_changed
        assert api.post(f"/api/v1/moderation/measures/{address}", told).json()["has_changed"] is is_changed


def test_a_person_is_judged_by_any_of_her_words(course: Course, lin: User, sam: User) -> None:
    mia = cast.person("Mia")
    first, second = rate(mia, course, 1, text="A fool."), rate(mia, make_course(title="Kilns"), 1, text="A thief.")
    case = report("person", f"rating-{first.pk}", lin, rule="respect")
    assert report("person", f"rating-{second.pk}", cast.cole(), rule="respect") == case
    assert not measures.preview(wish("warn", case.kind, case.key, case=case, rule="respect"), sam).has_changed
    decide("warn", case.kind, case.key, sam, case=case, rule="respect")
