"""Switches: the last turn counts, the environment may decide instead, and off stops what is offered, nothing more."""

from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from courses.models import Course
from learners.models import Enrollment
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from operating import switches
from operating.models import SwitchTurn
from operating.models.switch import BY_CODE, SWITCHES, SwitchedAlready, SwitchIsForced
from payments.instalments import plans
from payments.memberships import agreeing
from payments.models import InstalmentOffer
from payments.tips import terms
from tests import cast
from tests.courses.factories import make_course
from tests.faults.taken_away import constraint, meeting, taken_away
from tests.operating.pages import max_
from tests.payments import shop
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db


def turn(code: str, is_on: bool = False, by: User | None = None) -> SwitchTurn:
    return SwitchTurn.objects.turn(BY_CODE[code], is_on, by=by or max_(), why="A trial")


class TestASwitch:
    def test_is_on_until_somebody_turns_it_and_then_what_the_last_turn_says(self) -> None:
        assert all(switches.is_on(switch.code) for switch in SWITCHES)
        turn("tips")
        assert not switches.is_on("tips")
        assert switches.is_on("memberships")
        turn("tips", True)
        assert switches.is_on("tips")
        assert list(SwitchTurn.objects.values_list("number", "is_on")) == [(2, True), (1, False)]
        assert AuditEvent.objects.filter(verb="switch.turn", facts__switch="tips").count() == 2

    @pytest.mark.parametrize("forced", [True, False])
    def test_is_what_the_environment_says_where_it_says_something(self, settings: Any, forced: bool) -> None:
        turn("tips")
        settings.KEZHAN_TIPS = forced
        assert switches.is_on("tips") is forced
        with pytest.raises(SwitchIsForced):
            turn("tips", True)

    def test_is_turned_by_administrators_alone_and_not_twice_the_same_way(self, fay: User) -> None:
        with pytest.raises(NotAllowed):
            turn("tips", by=fay)
        with pytest.raises(SwitchedAlready):
            turn("tips", True)
        turn("tips")
        with pytest.raises(SwitchedAlready):
            turn("tips")

    def test_costs_no_question_while_it_is_at_hand(self) -> None:
        switches.is_on("tips")
        with CaptureQueriesContext(connection) as asked:
            assert switches.is_on("memberships")
        assert not asked.captured_queries

    def test_unknown_is_none(self) -> None:
        with pytest.raises(Http404):
            switches.switch_or_404("moon")
        with pytest.raises(IntegrityError), transaction.atomic():
            SwitchTurn.objects.create(code="moon", number=1, is_on=True, by=max_(), why="x")

    def test_has_turns_that_nobody_changes(self) -> None:
        turn("tips")
        for act in (lambda: SwitchTurn.objects.update(is_on=True), lambda: SwitchTurn.objects.all().delete()):
            with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
                act()


class TestOff:
    def test_memberships_are_not_offered(self) -> None:
        assert agreeing.are_on()
        turn("memberships")
        assert not agreeing.are_on()

    def test_prices_in_parts_are_not_offered(self, ada: User) -> None:
        course = make_course(price=Money(9_900, "USD"))
        InstalmentOffer.objects.choose(course, 3, by=ada)
        assert plans.months_of(course) == 3
        turn("instalments")
        assert plans.months_of(course) == 0

    def test_tips_are_not_asked_for(self, ada: User, lin: User) -> None:
        course: Course = make_course()
        shop.buy(lin, [course])
        assert terms.refusal(lin, course) == ""
        assert not terms.closed([course])
        turn("tips")
        assert terms.refusal(lin, course)
        assert terms.closed([course]) == {course.pk}

    def test_nothing_that_was_bought_ends(self, ada: User, lin: User) -> None:
        course = make_course()
        shop.buy(lin, [course])
        for switch in SWITCHES:
            turn(switch.code)
        assert Enrollment.objects.of(lin).active().filter(course=course).exists()
        client = Client()
        client.force_login(lin)
        assert course.title in client.get(reverse("learners:library")).content.decode()

    def test_nobody_new_makes_an_account_and_who_has_one_logs_in(self, client: Client, lin: User) -> None:
        head = '<a class="button button--small wide-only" href="/accounts/signup/">'
        assert head in client.get("/courses/").content.decode()
        turn("sign_up")
        told = {"email": "new@example.com", "password": cast.PASSWORD, "password1": cast.PASSWORD}
        assert "No new accounts just now" in client.post(reverse("account_signup"), told).content.decode()
        answer = APIClient().post("/api/v1/people/", told)
        assert (answer.status_code, answer.json()["code"]) == (409, "sign_up_closed")
        assert not User.objects.filter(email="new@example.com").exists()
        assert head not in client.get("/courses/").content.decode()
        assert reverse("account_signup") not in client.get(reverse("account_login")).content.decode()
        sent = {"login": lin.email, "password": cast.PASSWORD}
        assert client.post(reverse("account_login"), sent).status_code == 302


class TestTheDesk:
    @pytest.fixture
    def desk(self) -> Client:
        client = Client()
        client.force_login(max_())
        return client

    def test_turns_and_tells_who_and_why(self, desk: Client) -> None:
        address = reverse("operating:turn_switch", args=["tips"])
        assert desk.post(address, {"to": "off", "why": "Tax first"}).status_code == 302
        page = desk.get(reverse("operating:switches")).content.decode()
        assert "Tax first" in page
        assert not switches.is_on("tips")

    def test_says_what_is_wrong(self, desk: Client, settings: Any) -> None:
        address = reverse("operating:turn_switch", args=["tips"])
        for wrong in ({"to": "off", "why": ""}, {"to": "sideways", "why": "x"}, {"to": "on", "why": "x"}, {}):
            assert desk.post(address, wrong).status_code == 422
        settings.KEZHAN_TIPS = True
        assert "KEZHAN_TIPS is set" in desk.get(reverse("operating:switches")).content.decode()
        assert desk.post(address, {"to": "off", "why": "x"}).status_code == 422
        assert desk.post(reverse("operating:turn_switch", args=["moon"]), {"to": "off", "why": "x"}).status_code == 404

    def test_does_the_same_over_the_api(self) -> None:
        api = APIClient()
        api.force_login(max_())
        sent = {"is_on": False, "why": "Tax first"}
        assert api.post("/api/v1/staff/switches/tips/", sent).json()["is_on"] is False
        assert api.post("/api/v1/staff/switches/tips/", sent).json()["code"] == "switched_already"
        rows = {row["code"]: row for row in api.get("/api/v1/staff/switches/").json()}
        assert rows["tips"]["last"]["why"] == "Tax first"
        assert rows["memberships"]["last"] is None


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def both(self) -> list[Any]:
        people = [max_(), cast.person("Mia", role="admin")]
        return at_once(lambda n: turn("tips", by=people[n]), 2)

    def test_make_one_turn(self) -> None:
        assert sorted(type(one).__name__ for one in self.both()) == ["SwitchTurn", "SwitchedAlready"]
        assert SwitchTurn.objects.count() == 1

    def test_make_two_without_the_rule(self) -> None:
        """The negative control: both look before either writes."""
        rule = constraint("operating_switchturn", "turns_are_numbered")
        with taken_away(rule), taken_away(meeting("operating_switchturn")):
            self.both()
            made = SwitchTurn.objects.count()
        assert made == 2
