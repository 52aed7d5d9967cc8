"""That nothing is broken, or a warning, is not said of what a thing no longer shows: who decides is told, looks again,
and confirms anew. What is taken from somebody she cannot put off by changing the thing.
"""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from community import asking, rating
from community.models import Post
from courses.models import Course
from marketplace.lib.money import Money
from moderation import measures
from moderation.measures import EffectChanged
from moderation.models import Case, Measure
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
    for kind, pk in (("rating", said.pk), ("question", asked.pk)):
        wanted = wish("warn", kind, pk, rule="respect")
        seen = measures.preview(wanted, sam).version
        if kind == "rating":
            rating.rate(said.learner, course, {"stars": 2, "text": "Dull."}, revision=said.revision)
        else:
            asking.edit(Post.objects.get(pk=asked.pk), {"title": "Is it dull?"}, by=asked.author)
        with pytest.raises(EffectChanged):
            measures.decide(wanted, sam, seen=seen)
    assert not Measure.objects.exists()


@pytest.mark.parametrize("action", ["unpublish", "limit", "suspend", "hold"])
def test_who_is_judged_puts_nothing_off_by_changing_what_is_shown(
    course: Course, lin: User, sam: User, action: str
) -> None:
    """A script could do so each second: by the price, by her page, by her name and language in the mail."""
    is_of_creator = action in ("suspend", "hold")
    kind, key = ("creator", course.creator.slug) if is_of_creator else ("course", course.slug)
    case = report(kind, key, lin, rule="honest_person" if is_of_creator else "rights")
    wanted = wish(action, kind, key, case=case)
    seen = measures.preview(wanted, sam)
    assert not seen.has_changed
    course.set_price(Money(course.price.minor + 100, course.currency), by=course.creator.user)
    course.creator.edit({"name": "Somebody else", "bio": "Of nothing."})
    User.objects.filter(pk=course.creator.user_id).update(name="Nobody", language="zh-hans")
    anew = wish(action, kind, key, case=Case.objects.get(pk=case.pk))
    assert measures.preview(anew, sam).has_changed
    assert measures.decide(anew, sam, seen=seen.version).action == action


def test_what_was_said_of_it_is_what_was_confirmed(course: Course, sam: User) -> None:
    seen = measures.preview(wish("unpublish", "course", "glazes"), sam).version
    with pytest.raises(EffectChanged):
        measures.decide(wish("unpublish", "course", "glazes", reason="Another reason"), sam, seen=seen)


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
