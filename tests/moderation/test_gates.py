"""Quality gates: what stands out is flagged with its figures, once; nothing is hidden, and few never stand out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from community.models import Rating
from courses.models import Course
from learners.models import Enrollment
from marketplace.lib.emails import Mail
from moderation import bounds, gates
from moderation.gates import rules
from moderation.gates.rules import Outlier, Seen
from moderation.models import Case, Evidence, Flag, Measure
from tests import cast
from tests.community.factories import rate
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.faults.taken_away import constraint, meeting, taken_away, triggers
from tests.moderation import crowd_sales as crowd
from tests.moderation.decisions import decide_case, report
from tests.moderation.factories import kim
from tests.payments.crowd import at_once

NOW = datetime(2026, 11, 28, 4, 35, tzinfo=UTC)
A_WEEK_AGO = NOW - timedelta(days=7)
REFUSED = (IntegrityError, InternalError)
ALL_RULES = (rules.REFUNDS, rules.DISPUTES, rules.LEAVING, rules.RATINGS)
db = pytest.mark.django_db


def others() -> list[Course]:
    """A category in which one sale in twenty is given back."""
    bea = make_creator(cast.person("Bea"))
    made = [make_course(bea, title=f"Usual {n}", lessons=3) for n in range(2)]
    for course in made:
        crowd.sell(course, crowd.people(40), A_WEEK_AGO, refunded=2)
    return made


def codes() -> list[str]:
    return list(Flag.objects.order_by("code").values_list("code", flat=True))


class TestTheInterval:
    def test_holds_the_share_and_narrows_with_the_number(self) -> None:
        assert bounds.wilson(0, 0) == (0, 1000)
        assert bounds.wilson(2, 2) == (231, 1000)
        few, many = bounds.wilson(5, 10), bounds.wilson(500, 1000)
        assert few[0] < many[0] < 500 < many[1] < few[1]

    @given(n=st.integers(1, 5000), share=st.floats(0, 1))
    def test_lies_around_what_was_seen(self, n: int, share: float) -> None:
        k = round(n * share)
        low, high = bounds.wilson(k, n)
        assert 0 <= low <= 1000 * k / n <= high <= 1000

    @given(n=st.integers(1, 2000), k=st.integers(0, 2000))
    def test_one_more_bad_one_never_lowers_it(self, n: int, k: int) -> None:
        k = min(k, n - 1)
        assert bounds.wilson(k, n) <= bounds.wilson(k + 1, n)


class TestTheRule:
    @given(
        good=st.integers(0, 10_000), bad=st.integers(0, 2), rule=st.sampled_from(ALL_RULES),
        category=st.tuples(st.integers(0, 50), st.integers(0, 1000)),
    )  # fmt: skip
    def test_two_bad_ones_never_flag_a_course(
        self, good: int, bad: int, rule: Outlier, category: tuple[int, int]
    ) -> None:
        """However new it is, however good all others are."""
        k, n = min(category), max(category)
        assert rule.found(Seen(bad, good + bad, k + bad, n + good + bad, k + bad, n + good + bad)) is None

    @given(data=st.data(), rule=st.sampled_from(ALL_RULES))
    def test_a_new_course_is_never_flagged_whatever_became_of_it(self, data: st.DataObject, rule: Outlier) -> None:
        n = data.draw(st.integers(0, rule.least_n - 1))
        k = data.draw(st.integers(0, n))
        assert rule.found(Seen(k, n, k, n + 1000, k, n + 1000)) is None

    def test_a_course_as_all_others_are_is_not_flagged_in_thousands_of_years(self) -> None:
        """Every outcome of 200 sales with the category's own share, weighed by its likelihood."""
        from math import comb

        n, usual = 200, 0.06
        wrong = sum(
            comb(n, k) * usual**k * (1 - usual) ** (n - k)
            for k in range(n + 1)
            if rules.REFUNDS.found(Seen(k, n, k + 600, n + 10_000, k + 600, n + 10_000))
        )
        assert wrong < 1e-6

    def test_says_what_was_seen_and_what_is_usual(self) -> None:
        found = rules.REFUNDS.found(Seen(12, 30, 12 + 50, 30 + 1000, 12 + 50, 30 + 1000))
        assert found == {"k": 12, "n": 30, "low": 208, "high": 628, "usual": 50, "bar": 100, "days": 180}

    def test_a_whole_category_that_is_so_makes_nobody_stand_out(self) -> None:
        assert rules.REFUNDS.found(Seen(12, 30, 12 + 300, 30 + 1000, 12 + 300, 30 + 1000)) is None


@db
class TestJudging:
    def test_flags_what_stands_out_and_says_so_to_its_owner(self, ada: User) -> None:
        others()
        course = make_course(title="Glazes")
        crowd.sell(course, crowd.people(30), A_WEEK_AGO, refunded=12)
        assert gates.judge_all(NOW) == 1
        flag = Flag.objects.get()
        assert (flag.code, flag.rule_version, flag.case.key) == ("refunds", 1, "glazes")
        assert (flag.figures["k"], flag.figures["n"], flag.figures["usual"]) == (12, 30, 50)
        assert flag.case.priority > 0
        assert Evidence.objects.get().shown["title"] == "Glazes"
        mail = Mail.objects.get(key=f"flag:{flag.pk}")
        assert mail.to == ada.email
        assert "Nothing has changed" in mail.text

    def test_hides_nothing(self) -> None:
        others()
        course = make_course(title="Glazes")
        crowd.sell(course, crowd.people(40), A_WEEK_AGO, refunded=40)
        before = list(Course.objects.listed().values_list("pk", flat=True))
        gates.judge_all(NOW)
        assert list(Course.objects.listed().values_list("pk", flat=True)) == before
        assert not Measure.objects.exists()

    def test_twice_changes_nothing_the_second_time(self) -> None:
        others()
        crowd.sell(make_course(title="Glazes"), crowd.people(30), A_WEEK_AGO, refunded=12)
        assert [gates.judge_all(NOW), gates.judge_all(NOW)] == [1, 0]
        assert Mail.objects.filter(key__startswith="flag:").count() == 1

    def test_two_unhappy_buyers_of_a_new_course_are_two_buyers(self) -> None:
        others()
        crowd.sell(make_course(title="New"), crowd.people(2), A_WEEK_AGO, refunded=2, disputed=2)
        assert gates.judge_all(NOW) == 0

    @pytest.mark.parametrize("cause", ["rules", "duplicate", "dispute", "goodwill"])
    def test_what_others_took_back_does_not_count(self, cause: str) -> None:
        others()
        crowd.sell(make_course(title="Glazes"), crowd.people(30), A_WEEK_AGO, refunded=12, cause=cause)
        assert gates.judge_all(NOW) == 0

    def test_what_was_sold_long_ago_does_not_count(self) -> None:
        others()
        crowd.sell(make_course(title="Glazes"), crowd.people(30), NOW - timedelta(days=181), refunded=12)
        assert gates.judge_all(NOW) == 0

    def test_disputes_stand_out_but_stolen_cards_and_won_ones_do_not(self) -> None:
        others()
        told = {"Glazes": {}, "Stolen": {"reason": "fraudulent"}, "Won": {"state": "won"}}
        for title, facts in told.items():
            crowd.sell(make_course(title=title), crowd.people(60), A_WEEK_AGO, disputed=8, **facts)
        gates.judge_all(NOW)
        assert list(Flag.objects.values_list("code", "case__key")) == [("disputes", "glazes")]

    def test_leaving_at_once_stands_out(self) -> None:
        for course in others():
            crowd.learn(course, crowd.people(30), NOW - timedelta(days=60), left=3)
        crowd.learn(make_course(title="Glazes"), crowd.people(40), NOW - timedelta(days=60), left=34)
        crowd.learn(make_course(title="Fresh"), crowd.people(40), NOW - timedelta(days=3), left=40)
        gates.judge_all(NOW)
        assert list(Flag.objects.values_list("code", "case__key")) == [("leaving", "glazes")]

    def test_members_who_look_in_and_leave_do_not(self) -> None:
        for course in others():
            crowd.learn(course, crowd.people(30), NOW - timedelta(days=60), left=3)
        glazes = make_course(title="Glazes")
        crowd.learn(glazes, crowd.people(40), NOW - timedelta(days=60), left=34)
        Enrollment.objects.filter(course=glazes).update(source=Enrollment.Source.MEMBERSHIP)
        gates.judge_all(NOW)
        assert codes() == []

    def test_a_course_that_is_stale_for_a_month_is_flagged_and_cleared_by_what_ends_it(self) -> None:
        course = make_course(title="Glazes")
        Course.objects.update(stale_at=NOW - timedelta(days=29), stale_reason="age")
        assert gates.judge_all(NOW) == 0
        assert gates.judge_all(NOW + timedelta(days=1)) == 1
        assert Flag.objects.get().figures == {"days": 30, "limit": 30, "reason": "age"}
        Course.objects.filter(pk=course.pk).update(stale_at=None, stale_reason="")
        assert gates.judge_all(NOW + timedelta(days=2)) == 0
        assert Flag.objects.get().cleared_at == NOW + timedelta(days=2)
        assert not Flag.objects.standing().exists()
        assert Flag.objects.open().exists()

    def test_courses_off_the_sale_are_left_alone(self) -> None:
        others()
        course = make_course(title="Glazes")
        crowd.sell(course, crowd.people(30), A_WEEK_AGO, refunded=12)
        Course.objects.filter(pk=course.pk).update(is_taken_down=True)
        assert gates.judge_all(NOW) == 0

    def test_asks_as_much_of_a_hundred_courses_as_of_two(self) -> None:
        made = others()
        for course in made:
            crowd.sell(course, crowd.people(30), A_WEEK_AGO, refunded=1)
        with CaptureQueriesContext(connection) as few:
            gates.judge_all(NOW)
        bea = make_creator(cast.person("Bea"))
        more = [Course.objects.start(creator=bea, title=f"More {n}") for n in range(100)]
        for course in more:
            crowd.sell(course, crowd.people(2), A_WEEK_AGO)
        with CaptureQueriesContext(connection) as many:
            gates.judge_all(NOW)
        assert len(many) == len(few)


@db
class TestDeciding:
    @pytest.fixture
    def flag(self, ada: User) -> Flag:
        others()
        crowd.sell(make_course(title="Glazes"), crowd.people(30), A_WEEK_AGO, refunded=12)
        gates.judge_all(NOW)
        return Flag.objects.select_related("case").get()

    def test_a_dismissal_answers_it_is_told_and_quiets_it(self, flag: Flag, sam: User, ada: User) -> None:
        with time_machine.travel(NOW, tick=False):
            measure = decide_case(flag.case, "dismiss", sam, reason="A price error; all of them bought again.")
        assert Mail.objects.get(key=f"flag-settled:{measure.pk}").to == ada.email
        assert gates.judge_all(measure.decided_at + timedelta(days=89)) == 0
        assert gates.judge_all(measure.decided_at + timedelta(days=91)) == 1
        assert Flag.objects.latest("id").case.times_dismissed == 1

    def test_a_measure_closes_it_and_is_heard_of_once(self, flag: Flag, sam: User) -> None:
        measure = decide_case(flag.case, "warn", sam, rule="honest_title", reason="Lesson 2 is missing.")
        assert not Flag.objects.open().exists()
        assert not Mail.objects.filter(key=f"flag-settled:{measure.pk}").exists()

    def test_the_owner_s_word_stands_beside_it_once(self, flag: Flag, ada: User, client: Any) -> None:
        client.force_login(ada)
        assert "12 of 30" in client.get("/reports/flags/").content.decode()
        answer = client.post(f"/reports/flags/{flag.pk}/answer/", {"text": "The old film was cut short."})
        assert answer.status_code == 302
        again = client.post(f"/reports/flags/{flag.pk}/answer/", {"text": "And more"})
        assert again.status_code == 409
        flag.refresh_from_db()
        assert flag.said
        assert flag.said.text == "The old film was cut short."

    def test_nobody_else_answers_for_her(self, flag: Flag, cole: User, client: Any) -> None:
        client.force_login(cole)
        assert client.post(f"/reports/flags/{flag.pk}/answer/", {"text": "I"}).status_code == 404

    def test_nothing_of_it_changes_but_whether_it_stands_out(self, flag: Flag) -> None:
        for change in ({"figures": {}}, {"code": "stale"}, {"rule_version": 2}, {"raised_at": NOW - timedelta(1)}):
            with pytest.raises(REFUSED), transaction.atomic():
                Flag.objects.update(**change)
        with pytest.raises(REFUSED), transaction.atomic():
            Flag.objects.all().delete()
        Flag.objects.update(cleared_at=NOW)


def _flagged() -> Case:
    others()
    crowd.sell(make_course(title="Glazes"), crowd.people(30), A_WEEK_AGO, refunded=12)
    gates.judge_all(NOW)
    return Case.objects.get()


def _two_decide(**how: Any) -> list[Any]:
    case, moderators = _flagged(), [cast.sam(), kim()]
    actions: list[dict[str, Any]] = [{"action": "dismiss"}, {"action": "warn", "rule": "honest_title"}]
    return at_once(lambda n: decide_case(Case.objects.get(pk=case.pk), by=moderators[n], **actions[n]), 2, **how)


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_one_flag_make_one_decision() -> None:
    """One clears it, the other warns: whoever is first has decided, the other is told."""
    answers = _two_decide()
    assert sorted(type(answer).__name__ for answer in answers) == ["CaseClosed", "Measure"]
    assert Measure.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_rule_one_flag_is_decided_twice() -> None:
    rules_away = (
        constraint("moderation_measure", "moderation_measure_case_id_key"),
        triggers("moderation_case", "case_is_decided"),
        meeting("moderation_measure"),
    )
    with taken_away(*rules_away):
        answers = _two_decide(without_locks=True)
        assert [type(answer).__name__ for answer in answers] == ["Measure", "Measure"]


def _two_judge(**how: Any) -> list[Any]:
    """The case is open already: else the index of open cases alone would keep the second one waiting."""
    others()
    crowd.sell(make_course(title="Glazes"), crowd.people(30), A_WEEK_AGO, refunded=12)
    report("course", "glazes", cast.lin())
    return at_once(lambda _n: gates.judge_all(NOW), 2, **how)


@pytest.mark.django_db(transaction=True)
def test_two_workers_raise_one_flag() -> None:
    with taken_away(meeting("moderation_flag")):
        assert sorted(_two_judge()) == [0, 1]
        assert Flag.objects.count() == Mail.objects.filter(key__startswith="flag:").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_key_two_workers_raise_two() -> None:
    away = (
        constraint("moderation_flag", "one_flag_a_case_and_detector"),
        meeting("moderation_flag"),
    )
    with taken_away(*away):
        assert _two_judge(without_locks=True) == [1, 1]
        assert Flag.objects.count() == 2


@db
class TestRatings:
    """Of late: the last 90 days, or the last ten."""

    def flagged(self, course: Course) -> bool:
        gates.judge_all(timezone.now())
        return Flag.objects.filter(code="ratings", case__key=course.slug).exists()

    def test_two_bad_ones_flag_no_new_course_and_hide_none(self, ada: User) -> None:
        course = make_course(title="Kilns")
        rated(course, 1, 1)
        assert not self.flagged(course)
        assert Course.objects.listed().filter(pk=course.pk).exists()

    def test_many_bad_ones_do_and_hide_nothing_either(self, ada: User) -> None:
        course = make_course(title="Kilns")
        rated(make_course(make_creator(cast.person("Bea")), title="Usual"), *[5] * 20)
        rated(course, *[1] * 8, 5, 5)
        assert self.flagged(course)
        assert Course.objects.listed().filter(pk=course.pk).exists()

    def test_what_is_of_long_ago_does_not_where_newer_ones_are_good(self, ada: User) -> None:
        course = make_course(title="Kilns")
        old = rated(course, *[1] * 12)
        Rating.objects.filter(pk__in=[row.pk for row in old]).update(said_at=timezone.now() - timedelta(days=120))
        assert self.flagged(course)  # the last ten, since there are no newer ones
        rated(course, *[5] * 12, name="Newer")
        gates.judge_all(timezone.now())
        assert Flag.objects.get(code="ratings").cleared_at is not None

    def test_what_is_hidden_or_cost_nothing_is_left_out(self, ada: User) -> None:
        course = make_course(title="Kilns")
        rows = rated(course, *[1] * 10)
        Rating.objects.filter(pk__in=[row.pk for row in rows[:5]]).update(is_hidden=True)
        Rating.objects.filter(pk__in=[row.pk for row in rows[5:]]).update(is_apart=True)
        assert not self.flagged(course)


def rated(course: Course, *stars: int, name: str = "Rater") -> list[Rating]:
    people = [cast.person(f"{name}{at}of{course.pk}") for at in range(len(stars))]
    return [rate(person, course, each) for person, each in zip(people, stars, strict=True)]
