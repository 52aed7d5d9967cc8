"""A suspended account reads, learns, appeals, takes its data and leaves; whatever else changes something is shut."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from accounts import curbing, resting
from accounts.models import ApiToken, User
from courses.models import Course
from moderation import measures
from moderation.rights import being_paid
from payments.models import Refund
from tests import cast
from tests.courses.factories import make_course
from tests.learners.factories import enroll
from tests.moderation.decisions import answer_appeal, decide
from tests.moderation.factories import kim
from tests.payments import shop

pytestmark = pytest.mark.django_db
WORDS = {"rule_code": "respect", "rule_version": 1, "reason": "Insults"}


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


@pytest.fixture
def resting_lin(lin: User, course: Course, sam: User) -> Client:
    enroll(lin, course, "staff")
    curbing.impose("bar", lin, by=sam, **WORDS)
    client = Client()
    client.force_login(User.objects.get(pk=lin.pk))
    return client


def test_it_logs_in_and_reads_everything_as_before(resting_lin: Client, course: Course) -> None:
    login = {"login": "lin@example.com", "password": cast.PASSWORD}
    assert Client().post(reverse("account_login"), login).status_code == 302
    for name in ("learners:library", "notices:notices", "reports:about_me", "accounts:privacy", "payments:orders"):
        assert resting_lin.get(reverse(name)).status_code == 200, name
    assert resting_lin.get(course.get_absolute_url()).status_code == 200


def test_it_buys_writes_and_publishes_nothing(resting_lin: Client, course: Course) -> None:
    names = ("payments:cart_add", "payments:checkout", "studio:create")
    of_course = ("community:rate", "learners:enroll", "learners:report_outdated")
    shut = [
        *(reverse(name) for name in names),
        *(reverse(name, args=[course.slug]) for name in of_course),
        reverse("reports:make", args=["course", course.slug]),
        reverse("learners:show_skills"),
        reverse("learners:assess", args=[1]),
        reverse("learners:revoke_certificate", args=["0123456789AB"]),
    ]
    for address in shut:
        answer = resting_lin.post(address, {})
        assert (answer.status_code, "Your account is suspended" in answer.content.decode()) == (403, True), address
        assert reverse("reports:about_me") in answer.content.decode()
    assert resting_lin.put(reverse("api-own-rating", args=[course.slug])).json()["code"] == "account_rests"


def test_she_takes_her_money_back(lin: User, course: Course, sam: User, client: Client) -> None:
    order = shop.buy(lin, [course])
    item = order.items.get()
    curbing.impose("bar", lin, by=sam, **WORDS)
    client.force_login(User.objects.get(pk=lin.pk))
    address = reverse("payments:take_back", args=[order.number, item.pk])
    assert client.post(address, {"amount": order.total_minor, "currency": order.currency}).status_code == 302
    assert Refund.objects.get(order=order).amount_minor == order.total_minor
    over_api = client.post(reverse("api-take-back", args=[order.number, item.pk]), {}, "application/json")
    assert over_api.json()["code"] != "account_rests"


def test_it_learns_what_it_has(resting_lin: Client, course: Course) -> None:
    lesson = course.live_lessons()[0]
    note = {"text": "Wet the rim", "at_second": 3}
    assert resting_lin.post(reverse("learners:add_note", args=[course.slug, lesson.key]), note).status_code != 403


def test_a_token_of_it_is_refused_what_the_pages_refuse(resting_lin: Client, lin: User, course: Course) -> None:
    plain = ApiToken.objects.issue(user=lin, label="phone")
    client = Client(HTTP_AUTHORIZATION=f"Bearer {plain}")
    answer = client.put(reverse("api-own-rating", args=[course.slug]), {"stars": 5}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "account_rests")
    assert client.get(reverse("api-library")).status_code == 200


def test_it_appeals_and_overturned_it_is_open_again(lin: User, course: Course, sam: User, client: Client) -> None:
    done = decide("bar", "account", lin.pk, sam, rule="fair_accounts")
    client.force_login(User.objects.get(pk=lin.pk))
    made = client.post(reverse("reports:appeal", args=[done.pk]), {"text": "My sister lent me her card"})
    assert made.status_code == 302

    answer_appeal(done.appeal, by=kim(), verdict="overturned", reason="She did")
    assert client.post(reverse("payments:cart_add"), {}).status_code != 403
    assert not measures.Measure.objects.standing().filter(action="bar").exists()


def test_every_name_that_is_open_exists() -> None:
    names = _names()
    assert [name for name in (*resting.OPEN, *resting.CLOSED, *being_paid.NAMES) if name not in names] == []


def test_others_are_asked_nothing(lin: User, client: Client) -> None:
    client.force_login(lin)
    assert client.post(reverse("payments:cart_add"), {}).status_code != 403


def _names() -> set[str]:
    found: set[str] = set()

    def walk(resolver: object, space: str = "") -> None:
        for entry in resolver.url_patterns:  # type: ignore[attr-defined]
            if hasattr(entry, "url_patterns"):
                walk(entry, f"{entry.namespace}:" if entry.namespace else space)
            elif entry.name:
                found.add(space + entry.name)

    walk(get_resolver())
    return found
