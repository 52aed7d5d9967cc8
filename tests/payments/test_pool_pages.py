"""Pages and API of the pool: a creator's parts and courses, where a member's money went, finance; and its papers."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from marketplace.lib.emails import Mail
from payments import splits
from payments.models import PassListing
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.payments import statements as papers
from tests.payments.membered import charge_all, comes, fresh
from tests.payments.pooled import course_of, crowd, divide, leave, member, the_pass, until_due, watches

pytestmark = pytest.mark.django_db


@pytest.fixture
def pots(ada: User) -> Course:
    the_pass()
    return course_of("Ada", "Pots")


def page(person: User, name: str, *args: object) -> str:
    client = Client()
    client.force_login(person)
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, answer
    return answer.content.decode()


def api(person: User, name: str, *args: object) -> object:
    client = APIClient()
    client.force_login(person)
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, answer
    return answer.json()


class TestACreator:
    def test_lists_and_unlists_her_course(self, ada: User, pots: Course) -> None:
        other = make_course(title="Glazes")
        client = Client()
        client.force_login(ada)
        there = reverse("payments:mark_course", args=[other.slug])
        answer = client.post(there, {"into": "pass", "on": "1"}, follow=True)
        assert answer.redirect_chain == [(reverse("payments:pool"), 302)]
        assert PassListing.objects.open().count() == 2
        assert answer.content.decode().count("Takes part") == 2
        client.post(there, {"into": "pass"})
        assert PassListing.objects.open().count() == 1

    def test_sees_what_it_brought_and_why(self, ada: User, pots: Course) -> None:
        crowd(pots, 5)
        divide()
        shown = page(ada, "payments:pool")
        assert "$31.50" in shown
        assert "of $31.50 in the pool" in shown
        assert "fewer than" not in shown
        assert "5:00" in shown or "5 min" in shown
        (month,) = api(ada, "api-studio-pool")
        assert month["amount"] == month["pool"] == {"minor": "3150", "currency": "USD"}
        assert (month["courses"][0]["members"], month["courses"][0]["seconds"]) == (5, 300)
        assert month["others"] is None

    def test_is_not_told_what_a_few_watched(self, ada: User, pots: Course) -> None:
        """Nor how many there are in all: what a course had of one member is how long she watched it."""
        crowd(pots, 4)
        divide()
        shown = page(ada, "payments:pool")
        told = shown[shown.index('id="months-title"') :]
        assert "Courses that fewer than 5 members watched: $25.20" in told
        assert "Pots" not in told
        assert "in the pool" not in told
        (month,) = api(ada, "api-studio-pool")
        assert (month["courses"], month["pool"]) == ([], None)
        assert month["others"] == month["amount"] == {"minor": "2520", "currency": "USD"}

    def test_is_told_of_two_that_few_watched_one_sum(self, ada: User, pots: Course) -> None:
        songs, tea = course_of("Ada", "Songs"), course_of("Ada", "Tea")
        crowd(pots, 5)
        watches(cast.person("Mem0"), songs, 0, 60)
        watches(cast.person("Mem1"), tea, 0, 60)
        divide()
        (month,) = api(ada, "api-studio-pool")
        assert [line["course"] for line in month["courses"]] == [pots.slug]
        assert month["others"]["minor"] == "630"

    def test_of_two_members_the_pool_is_not_told_however_many_months_of_theirs_are_in_it(
        self, ada: User, lin: User, cole: User, pots: Course
    ) -> None:
        memberships = [member(person) for person in (lin, cole)]
        for person in (lin, cole):
            watches(person, pots, 0, 60)
        for _month in range(2):
            comes(memberships[-1])
            charge_all()
        assert [fresh(one).last_month for one in memberships] == [3, 3]
        (division,) = divide()
        assert (division.months.count(), division.members) == (6, 2)
        (month,) = api(ada, "api-studio-pool")
        assert month["pool"] is None

    def test_reads_it_in_chinese(self, ada: User, pots: Course) -> None:
        person = cast.person("Mei", language="zh-hans")
        course_of("Mei", "Tea")
        assert "奖池" in page(person, "payments:pool")


class TestAMember:
    def test_sees_where_her_money_went(self, lin: User, pots: Course) -> None:
        songs = course_of("Bo", "Songs")
        membership = member(lin)
        watches(lin, pots, 0, 200)
        watches(lin, songs, 0, 100)
        assert "In the pool, not divided yet" in page(lin, "payments:membership", membership.token)
        divide()
        shown = page(lin, "payments:membership", membership.token)
        for words in ("$2.70", "Pots", "$4.20", "Songs", "$2.10"):
            assert words in shown
        (went,) = api(lin, "api-membership-pool", membership.token)
        assert [(row["course"], row["amount"]["minor"]) for row in went["courses"]] == [
            (pots.slug, "420"), (songs.slug, "210"),
        ]  # fmt: skip
        assert went["is_divided"] is True

    @pytest.mark.parametrize("role", ["finance", "auditor"])
    def test_is_read_by_nobody_else_on_her_page(self, lin: User, pots: Course, role: str) -> None:
        membership = member(lin)
        watches(lin, pots, 0, 200)
        divide()
        assert "Where your money went" in page(lin, "payments:membership", membership.token)
        other = cast.person("Nell", role=role)
        shown = page(other, "payments:membership", membership.token)
        assert membership.months.get().order.number in shown
        assert "Where your money went" not in shown
        assert "3:20" not in shown

    def test_who_watched_nothing_is_told_so(self, lin: User, cole: User, pots: Course) -> None:
        membership = member(lin)
        member(cole)
        watches(cole, pots, 0, 200)
        divide()
        assert "Nothing counted for you that month" in page(lin, "payments:membership", membership.token)

    def test_is_shown_to_nobody_else_over_the_api(self, lin: User, cole: User, pots: Course) -> None:
        membership = member(lin)
        client = APIClient()
        client.force_login(cole)
        assert client.get(reverse("api-membership-pool", args=[membership.token])).status_code == 404
        leave()


class TestFinance:
    def test_looks_before_it_is_divided(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 200)
        fay = cast.fay()
        assert "$6.30" in page(fay, "payments:finance_pool")
        page(fay, "payments:look_at_pool", "USD")
        (division,) = divide()
        assert "Booked" in page(fay, "payments:finance_pool")
        assert "Pots" in page(fay, "payments:pool_division", division.pk)
        assert api(fay, "api-finance-pool-division", division.pk)["parts"][0]["amount"]["minor"] == "630"
        look = api(fay, "api-finance-pool-look", "USD")
        assert look["parts"] == []

    def test_sees_whose_it_would_be(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 200)
        until_due()
        fay = cast.fay()
        look = api(fay, "api-finance-pool-look", "USD")
        assert look["parts"][0]["course"] == pots.slug
        assert "Pots" in page(fay, "payments:look_at_pool", "USD")

    def test_finds_no_pool_in_a_currency_without_one(self, pots: Course) -> None:
        client = Client()
        client.force_login(cast.fay())
        assert client.get(reverse("payments:look_at_pool", args=["JPY"])).status_code == 404


class TestPapers:
    def test_are_checked_by_the_stand_alone_verifier(self, lin: User, pots: Course, tmp_path: Path) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Bakes")
        splits.accept(splits.propose(pots, [(bea, 3_333)], by=pots.creator.user), by=bea.user)
        crowd(pots, 5)
        divide()
        verify = papers.verifier()
        for creator, amount in ((pots.creator, 2_101), (bea, 1_049)):
            files = papers.write(tmp_path, creator, sealed=False)
            verify.check_statement(files[1], *verify.read_seals(files[0]), None)
            line = json.loads(files[1].read_text())["lines"][-1]
            assert (line["entry"]["kind"], line["mine"][0]["amount"]) == ("pool", str(-amount))
            part = {**line["parts"][0], "amount": str(amount + 1)}
            with pytest.raises(verify.Wrong):
                verify.check_pool(line["mine"], [part])
            with pytest.raises(verify.Wrong):
                verify.check_pool(line["mine"], [])

    def test_say_of_courses_that_few_watched_the_sum_alone(self, lin: User, pots: Course, tmp_path: Path) -> None:
        member(lin)
        for course in (pots, course_of("Ada", "Songs")):
            watches(lin, course, 0, 200)
        divide()
        verify, files = papers.verifier(), papers.write(tmp_path, pots.creator, sealed=False)
        verify.check_statement(files[1], *verify.read_seals(files[0]), None)
        line = json.loads(files[1].read_text())["lines"][-1]
        assert line["parts"] == [{"course": None, "kind": "pool", "amount": "630"}]
        for wrong in ([{**line["parts"][0], "amount": "631"}], line["parts"] * 2):
            with pytest.raises(verify.Wrong):
                verify.check_pool(line["mine"], wrong)

    def test_come_by_mail_in_the_creators_language(self, lin: User, pots: Course) -> None:
        person = cast.person("Mei", language="zh-hans")
        course = course_of("Mei", "Tea")
        member(lin)
        watches(lin, course, 0, 10)
        divide()
        assert "奖池" in Mail.objects.get(key__startswith="pool:", to=person.email).text
