"""Both queues: as many statements for many rows as for few, filters, pages without an end, one moderator a case."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from courses import paging
from courses.models import Submission
from marketplace.lib.errors import NotAllowed
from moderation import case_queue, reviews, rulebook, taking
from moderation import queue as review_queue
from moderation.models import Case, CaseClaim, CaseClosed, Claim, ClaimedByAnother, CommunityAdvice, Measure
from tests import cast
from tests.courses.factories import RUBRIC, make_course
from tests.faults.meeting import wait_for_somebody_inside
from tests.faults.taken_away import index, lingering, meeting, taken_away
from tests.moderation.decisions import decide_case, report
from tests.moderation.factories import kim, make_submission
from tests.payments.crowd import at_once
from videos.models import VideoFinding

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sam: User) -> Client:
    client = Client()
    client.force_login(sam)
    return client


def make_case(title: str, by: User, **more: Any) -> Case:
    make_course(title=title)
    return report("course", title.lower().replace(" ", "-"), by, **more)


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def titles(client: Client, address: str, among: set[str]) -> set[str]:
    page = client.get(address).content.decode()
    return {title for title in among if f">{title}</a>" in page}


class TestTheStatements:
    @pytest.fixture(autouse=True)
    def _small_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(paging, "PAGE_ROWS", 8)

    def test_of_the_review_queue_are_as_many_for_many_as_for_few(self, desk: Client, sam: User) -> None:
        Claim.objects.take(make_submission("First"), sam)
        address = reverse("moderation:queue")
        few = statements(desk, address)
        for number in range(paging.PAGE_ROWS + 5):
            Claim.objects.take(make_submission(f"Course {number}"), kim() if number % 2 else sam)
        assert statements(desk, address) == few
        assert statements(desk, f"{address}?claim=mine&kind=new&language=en&age=day&promise=kept") <= few + 1

    def test_of_the_cases_are_as_many_for_many_as_for_few(self, desk: Client, lin: User, cole: User) -> None:
        CaseClaim.objects.take(make_case("First", lin), kim())
        address = reverse("moderation:cases")
        few = statements(desk, address)
        for number in range(paging.PAGE_ROWS + 5):
            make_case(f"Course {number}", lin if number % 2 else cole)
        assert statements(desk, address) == few
        assert statements(desk, f"{address}?kind=course&severity=3&language=en&age=day&promise=kept") <= few


def test_cases_are_narrowed_by_what_community_reviewers_say_and_by_every_kind(desk: Client, lin: User) -> None:
    names = {"Kilns", "Glazes", "Clay", "Salt"}
    cases = {name: make_case(name, lin) for name in sorted(names)}
    for name, verdict, agreeing in (("Kilns", "fine", 5), ("Glazes", "breaks", 5), ("Clay", "fine", 3)):
        CommunityAdvice.objects.create(case=cases[name], verdict=verdict, votes=5, agreeing=agreeing)
    expected = {
        "advice=fine": {"Kilns"}, "advice=breaks": {"Glazes"}, "advice=split": {"Clay"}, "advice=none": {"Salt"},
        "advice=x": names, "kind=course": names, "kind=person": set(), "kind=clip": set(), "kind=work": set(),
    }  # fmt: skip
    few = statements(desk, reverse("moderation:cases"))
    for query, found in expected.items():
        assert titles(desk, f"{reverse('moderation:cases')}?{query}", names) == found, query
        assert statements(desk, f"{reverse('moderation:cases')}?{query}") <= few, query


class TestTheReviewQueue:
    def test_is_narrowed_by_language_age_promise_and_whose_it_is(self, desk: Client, sam: User) -> None:
        names = {"Kilns", "Glazes", "Clay"}
        kilns, glazes, clay = (make_submission(name) for name in ("Kilns", "Glazes", "Clay"))
        now = timezone.now()
        for row, waited in ((kilns, 49), (glazes, 37)):
            Submission.objects.filter(pk=row.pk).update(submitted_at=now - timedelta(hours=waited))
        Submission.objects.filter(pk=clay.pk).update(language="zh-hans")
        Claim.objects.take(glazes, kim())
        expected = {
            "promise=late": {"Kilns"}, "promise=soon": {"Glazes"}, "promise=kept": {"Glazes", "Clay"},
            "age=day": {"Clay"}, "age=week": {"Kilns", "Glazes"}, "age=old": set(),
            "language=zh-hans": {"Clay"}, "language=en": {"Kilns", "Glazes"},
            f"claim={kim().pk}": {"Glazes"}, "claim=999999": names, "claim=free": {"Kilns", "Clay"},
            "promise=late&language=zh-hans": set(),
        }  # fmt: skip
        for query, found in expected.items():
            assert titles(desk, f"{reverse('moderation:queue')}?{query}", names) == found, query
        told = APIClient()
        told.force_authenticate(sam)
        rows = told.get(reverse("api-moderation-submissions"), {"promise": "late"}).json()["results"]
        assert [row["title"] for row in rows] == ["Kilns"]

    def test_is_narrowed_by_what_it_was_sent_back_for_and_what_the_machine_found(self, desk: Client, sam: User) -> None:
        names = {"Kilns", "Glazes", "Clay"}
        for name, rule in (("Kilns", "sound_quality"), ("Glazes", "rights")):
            row = make_submission(name)
            finding = {"rule_code": rule, "text": "Mend it", "lesson_key": None, "at_second": None}
            reviews.send_back(row, sam, "Please", [finding])
            version = row.version
            version.refresh_from_db()
            version.submit(by=version.course.creator.user, note="Mended")
        film = make_submission("Clay").version.lessons.filter(video__isnull=False).first().video
        VideoFinding.objects.create(video=film, code="quiet")
        queue = reverse("moderation:queue")
        severity = {code: rulebook.book().rule(code).severity for code in ("sound_quality", "rights")}
        assert severity["sound_quality"] != severity["rights"]
        expected = {
            "rule=sound_quality": {"Kilns"}, "rule=rights": {"Glazes"}, "rule=respect": set(),
            f"severity={severity['sound_quality']}": {"Kilns"}, f"severity={severity['rights']}": {"Glazes"},
            f"rule=rights&severity={severity['sound_quality']}": set(), "rule=nonsense": names, "severity=9": names,
            "signs=film": {"Clay"}, "signs=none": {"Kilns", "Glazes"}, "signs=twin": set(), "signs=x": names,
        }  # fmt: skip
        few = statements(desk, queue)
        for query, found in expected.items():
            assert titles(desk, f"{queue}?{query}", names) == found, query
            assert statements(desk, f"{queue}?{query}") <= few, query
        told = APIClient()
        told.force_authenticate(sam)
        rows = told.get(reverse("api-moderation-submissions"), {"rule": "rights"}).json()["results"]
        assert [row["title"] for row in rows] == ["Glazes"]

    def test_knows_what_is_an_update(self, ada: User) -> None:
        first = make_submission("Kilns")
        again = make_submission(course=make_course(title="Clay"))
        assert (first.is_update, again.is_update) == (False, True)

    def test_goes_on_where_the_last_page_ended(self, desk: Client, monkeypatch: pytest.MonkeyPatch, sam: User) -> None:
        monkeypatch.setattr(paging, "PAGE_ROWS", 2)
        rows = [make_submission(f"Course {number}") for number in range(5)]
        seen, mark = [], ""
        for _page in range(3):
            page = review_queue.page(sam, {}, after=mark)
            seen += [row.pk for row in page.rows]
            mark = page.after
        assert (seen, mark) == ([row.pk for row in rows], "")
        shown = desk.get(reverse("moderation:queue"), {"kind": "new"}).content.decode()
        assert "?kind=new&amp;after=" in shown

    def test_is_left_by_what_was_decided_or_withdrawn(self, ada: User, sam: User) -> None:
        decided, withdrawn, waits = (make_submission(name) for name in ("One", "Two", "Three"))
        decision = decided.approve(by=sam, rubric_version=RUBRIC)
        withdrawn.withdraw(by=ada)
        assert list(Submission.objects.waiting()) == [waits]
        decided.refresh_from_db()
        assert decided.decided_at == decision.decided_at


class TestTheCases:
    def test_are_narrowed_by_everything_that_a_moderator_asks(self, desk: Client, lin: User, sam: User) -> None:
        names = {"Kilns", "Glazes", "Clay"}
        kilns = make_case("Kilns", lin, rule="rights")
        glazes = make_case("Glazes", lin, rule="no_selling_in_lessons")
        clay = make_case("Clay", lin, rule="rights")
        now = timezone.now()
        Case.objects.filter(pk=kilns.pk).update(due_at=now - timedelta(hours=1))
        Case.objects.filter(pk=clay.pk).update(language="zh-hans")
        CaseClaim.objects.take(glazes, kim())
        grave = kilns.severity
        expected = {
            "promise=late": {"Kilns"}, "promise=kept": {"Glazes", "Clay"}, "promise=soon": set(),
            "rule=no_selling_in_lessons": {"Glazes"}, "rule=rights": {"Kilns", "Clay"}, "rule=nonsense": names,
            "language=zh-hans": {"Clay"}, "kind=course": names, "kind=lesson": set(), "age=day": names,
            "age=week": set(), f"severity={grave}&rule=rights": {"Kilns", "Clay"},
            f"claim={kim().pk}": {"Glazes"}, "claim=free": {"Kilns", "Clay"}, "claim=mine": set(),
        }  # fmt: skip
        for query, found in expected.items():
            assert titles(desk, f"{reverse('moderation:cases')}?{query}", names) == found, query
        told = APIClient()
        told.force_authenticate(sam)
        rows = told.get(reverse("api-moderation-cases"), {"rule": "no_selling_in_lessons"}).json()["results"]
        assert [(row["title"], row["claim"]["moderator"]) for row in rows] == [("Glazes", "Kim")]

    def test_are_due_the_sooner_the_graver(self, lin: User, cole: User) -> None:
        case = make_case("Kilns", lin, rule="no_selling_in_lessons")
        slow = case.due_at
        case = report("course", "kilns", cole, rule="grave_harm")
        assert case.rule_code == "grave_harm"
        assert slow is not None
        assert case.due_at is not None
        assert case.due_at < slow

    def test_go_on_where_the_last_page_ended_open_and_closed(
        self, lin: User, cole: User, sam: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(paging, "PAGE_ROWS", 2)
        cases = [make_case(f"Course {number}", lin) for number in range(4)]
        heavy = report("course", cases[3].key, cole)
        first = case_queue.page(sam, {}, is_closed=False)
        rest = case_queue.page(sam, {}, is_closed=False, after=first.after)
        assert [row.pk for row in [*first.rows, *rest.rows]] == [heavy.pk, *(case.pk for case in cases[:3])]
        for case in cases[:3]:
            decide_case(case, "dismiss", sam)
        newest = case_queue.page(sam, {}, is_closed=True)
        older = case_queue.page(sam, {}, is_closed=True, after=newest.after)
        assert [row.pk for row in [*newest.rows, *older.rows]] == [case.pk for case in reversed(cases[:3])]

    def test_hand_out_the_next_one(self, desk: Client, lin: User, sam: User) -> None:
        address = reverse("moderation:take_next_case")
        assert desk.post(address).url == reverse("moderation:cases")
        CaseClaim.objects.take(make_case("Kilns", lin), kim())
        free = make_case("Clay", lin)
        for _again in range(2):
            assert desk.post(address).url == reverse("moderation:reported_case", args=[free.pk])
        assert CaseClaim.objects.open().get(case=free).moderator == sam


class TestAClaimOfACase:
    @pytest.fixture
    def case(self, lin: User) -> Case:
        return make_case("Kilns", lin)

    def test_keeps_another_moderator_from_deciding(self, desk: Client, case: Case, sam: User) -> None:
        CaseClaim.objects.take(case, kim())
        for refused in (lambda: CaseClaim.objects.take(case, sam), lambda: decide_case(case, "dismiss", sam)):
            with pytest.raises(ClaimedByAnother, match="Kim is looking"):
                refused()
        assert not Measure.objects.exists()
        page = desk.get(reverse("moderation:reported_case", args=[case.pk])).content.decode()
        assert "only Kim can decide" in page
        assert "See what it would do" not in page

    def test_ends_with_the_decision_by_giving_back_and_with_its_time(self, case: Case, desk: Client, sam: User) -> None:
        desk.post(reverse("moderation:claim_case", args=[case.pk]))
        desk.post(reverse("moderation:release_case", args=[case.pk]))
        CaseClaim.objects.take(case, kim())
        CaseClaim.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        CaseClaim.objects.take(case, sam)
        decide_case(case, "dismiss", sam)
        assert not CaseClaim.objects.filter(released_at=None).exists()
        with pytest.raises(CaseClosed):
            CaseClaim.objects.take(case, kim())

    def test_is_never_the_owners_nor_a_strangers(self, case: Case, ada: User, cole: User) -> None:
        cast.give_role(ada, "moderator")
        for person in (User.objects.get(pk=ada.pk), cole):
            with pytest.raises(NotAllowed):
                CaseClaim.objects.take(case, person)

    def test_is_taken_and_given_back_over_the_api(self, case: Case, sam: User) -> None:
        api = APIClient()
        api.force_authenticate(sam)
        address = reverse("api-moderation-claim-case", args=[case.pk])
        assert api.post(address).json()["moderator"] == "Sam"
        assert api.delete(address).status_code == 204
        CaseClaim.objects.take(case, kim())
        answer = api.post(address)
        assert (answer.status_code, answer.json()["code"]) == (409, "claimed_by_another")


def _at_once(**how: Any) -> list[Any]:
    case = make_case("Kilns", cast.lin())
    people = [cast.sam(), kim()]
    return at_once(lambda n: CaseClaim.objects.take(case, people[n]), 2, **how)


@pytest.mark.django_db(transaction=True)
def test_two_who_take_a_case_at_once_are_one_claim_and_a_clear_refusal() -> None:
    answers = _at_once()
    assert sorted(type(answer).__name__ for answer in answers) == ["CaseClaim", "ClaimedByAnother"]


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_rule_both_take_it() -> None:
    slow = meeting("moderation_caseclaim")  # so that the two meet
    with taken_away(index("one_claim_a_case"), slow):
        answers = _at_once(without_locks=True)
        assert [type(answer).__name__ for answer in answers] == ["CaseClaim", "CaseClaim"]


def _two_take(take: Callable[..., Any], lin: User, sam: User, **how: Any) -> tuple[list[int], list[int]]:
    """Which ones waited, and which ones two took; the second looks while the first one's claim is not seen yet."""
    if take is taking.case:
        waiting = [make_case(title, lin).pk for title in ("Kilns", "Clay")]
    else:
        waiting = [make_submission(title).pk for title in ("Kilns", "Clay")]
    people = [sam, kim()]

    def act(n: int) -> Any:
        if n:
            wait_for_somebody_inside()
        return take(people[n])

    return sorted(waiting), sorted(taken.pk for taken in at_once(act, 2, **how))


BOTH_QUEUES = pytest.mark.parametrize("take", [taking.submission, taking.case])
SLOW_CLAIMS = lingering("moderation_claim"), lingering("moderation_caseclaim")


@pytest.mark.django_db(transaction=True)
@BOTH_QUEUES
def test_two_who_take_the_next_one_at_once_have_different_ones(lin: User, sam: User, take: Callable[..., Any]) -> None:
    with taken_away(*SLOW_CLAIMS):
        waiting, taken = _two_take(take, lin, sam)
        assert taken == waiting


@pytest.mark.django_db(transaction=True)
@BOTH_QUEUES
def test_without_lock_and_rule_both_have_the_same(lin: User, sam: User, take: Callable[..., Any]) -> None:
    rules = index("one_claim_a_case"), index("one_claim_a_submission")
    with taken_away(*rules, *SLOW_CLAIMS):
        _waiting, taken = _two_take(take, lin, sam, without_locks=True)
        assert len(set(taken)) == 1
