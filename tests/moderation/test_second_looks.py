"""Second looks: drawn by chance, read blind, by another person, never changed; where two differ somebody is helped."""

from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import RoleGrant, User
from courses.models import Decision, Submission
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from moderation import messages, public_log, reviews, second_looks
from moderation.models import Case, LookedAtTwice, SecondJudgment, SecondLook
from moderation.public_log.figures import kappa
from tests import cast
from tests.moderation.factories import kim, make_submission
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
APPROVE, RETURN = Decision.Verdict.APPROVE, Decision.Verdict.RETURN


@pytest.fixture(autouse=True)
def _every_decision_is_drawn(settings: object) -> None:
    settings.SECOND_LOOK_PERCENT = 100  # type: ignore[attr-defined]


def finding(**facts: object) -> dict[str, object]:
    return {"rule_code": "sound_quality", "text": "It hums.", "lesson_key": None, "at_second": None, **facts}


def approved(sam: User, title: str = "Glazes") -> SecondLook:
    return reviews.approve(make_submission(title), sam).second_look


def sent_back(sam: User, title: str = "Glazes") -> SecondLook:
    return reviews.send_back(make_submission(title), sam, "It hums.", [finding()]).second_look


class TestDrawing:
    def test_takes_the_share_that_is_set(self, sam: User, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.SECOND_LOOK_PERCENT = 10  # type: ignore[attr-defined]
        for rolled, drawn in ((0.099, True), (0.1, False), (0.5, False)):
            monkeypatch.setattr(second_looks._chance, "random", lambda rolled=rolled: rolled)
            decision = reviews.approve(make_submission(f"Course {rolled}"), sam)
            assert SecondLook.objects.filter(decision=decision).exists() is drawn

    def test_goes_with_the_decision_or_not_at_all(self, sam: User, monkeypatch: pytest.MonkeyPatch) -> None:
        submission = make_submission()
        monkeypatch.setattr(messages, "mail_outcome", lambda decision: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            reviews.approve(submission, sam)
        assert not SecondLook.objects.exists()


class TestAnswering:
    def test_is_not_for_the_first_reader_nor_the_creator_nor_others(self, ada: User, sam: User, cole: User) -> None:
        look = approved(sam)
        ada.grant_role("moderator", by=None, reason="helps out")
        for person in (sam, ada, cole):
            with pytest.raises(NotAllowed):
                second_looks.answer(look, person, APPROVE, "", [])
        for person in (sam, ada):  # and the database says the same to whoever goes around the verb
            with pytest.raises(IntegrityError), transaction.atomic():
                SecondJudgment.objects.create(look=look, by=person, verdict=APPROVE, rubric_version="1")

    def test_a_return_names_a_rule(self, sam: User) -> None:
        with pytest.raises(ValidationError):
            second_looks.answer(approved(sam), kim(), RETURN, "I do not like it.", [])

    def test_cannot_be_changed(self, sam: User) -> None:
        judgment = second_looks.answer(approved(sam), kim(), APPROVE, "", [])
        looks = SecondLook.objects.filter(pk=judgment.look.pk)
        for act in (
            lambda: SecondJudgment.objects.update(verdict=RETURN),
            judgment.delete,
            lambda: looks._raw_delete(looks.db),  # not by Django, which stops at the judgment that points to it
        ):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                act()
        assert SecondJudgment.objects.get().verdict == APPROVE

    def test_agreeing_changes_nothing(self, sam: User) -> None:
        mails = Mail.objects.count
        look = approved(sam)
        before = mails()
        assert second_looks.answer(look, kim(), APPROVE, "", []).agrees
        assert mails() == before
        assert not Case.objects.exists()

    def test_what_should_not_be_on_sale_becomes_a_case(self, sam: User) -> None:
        look = approved(sam)
        second_looks.answer(look, kim(), RETURN, "Listen at 1:15.", [finding(rule_code="no_selling_in_lessons")])
        case = Case.objects.get()
        assert (case.kind, case.key) == ("course", "glazes")
        assert "Listen at 1:15." in case.reports.get().text

    def test_no_case_for_what_is_no_longer_on_sale(self, sam: User) -> None:
        look = approved(sam)
        course = look.decision.submission.version.course
        newer = make_submission(course=course)
        reviews.approve(newer, sam)
        second_looks.answer(look, kim(), RETURN, "", [finding(rule_code="no_selling_in_lessons")])
        assert not Case.objects.exists()

    def test_who_was_sent_back_without_need_hears_of_it(self, ada: User, sam: User) -> None:
        judgment = second_looks.answer(sent_back(sam), kim(), APPROVE, "", [])
        mail = Mail.objects.get(key=f"second_look:{judgment.pk}")
        assert mail.to == ada.email
        assert "would have approved" in mail.subject
        assert "/studio/" in mail.text


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_readers_give_one_answer(self, sam: User) -> None:
        ended = self._all_answer(approved(sam))
        assert sum(isinstance(each, SecondJudgment) for each in ended) == 1
        assert sum(isinstance(each, LookedAtTwice) for each in ended) == 3

    def test_control_without_the_lock_one_meets_the_unique_key(self, sam: User) -> None:
        with pytest.raises(IntegrityError):
            self._all_answer(approved(sam), without_locks=True)
        assert SecondJudgment.objects.count() == 1

    def _all_answer(self, look: SecondLook, *, without_locks: bool = False) -> list[object]:
        readers = [cast.person(f"Reader{n}", role=RoleGrant.Role.MODERATOR) for n in range(4)]
        # All have looked before anybody writes.
        meet = Barrier(4)
        exists = SecondJudgment.objects.filter

        def answer(number: int) -> object:
            return second_looks.answer(look, readers[number], APPROVE, "", [])

        if not without_locks:
            return at_once(answer, 4)
        with pytest.MonkeyPatch.context() as patch:

            def looked(*args: object, **kwargs: object) -> object:
                found = list(exists(*args, **kwargs))
                meet.wait(timeout=30)
                return _Found(found)

            patch.setattr(SecondJudgment.objects, "filter", looked)
            return at_once(answer, 4, without_locks=True)


class _Found(list):
    def exists(self) -> bool:
        return bool(self)


class TestTheLog:
    def test_has_both_answers_and_replays(self, sam: User) -> None:
        second_looks.answer(sent_back(sam, "Kilns"), kim(), APPROVE, "", [])
        second_looks.answer(approved(sam), kim(), APPROVE, "", [])
        lines = [entry.as_json() for entry in public_log.entries()]
        assert [line["result"] for line in lines if line["event"] == "second"] == ["differs", "agrees"]
        assert "Kim" not in str(lines)
        public_log.replay(lines)
        told = public_log.figures(public_log.entries())
        assert (told.second_looks, told.agreed) == (2, 50)

    @pytest.mark.parametrize(
        ("pairs", "value"),
        [
            ({}, None),
            ({("approve", "approve"): 5}, None),
            (
                {
                    ("approve", "approve"): 20,
                    ("approve", "return"): 5,
                    ("return", "approve"): 10,
                    ("return", "return"): 15,
                },
                0.4,
            ),
            ({("approve", "approve"): 5, ("return", "return"): 5}, 1.0),
            ({("approve", "return"): 5, ("return", "approve"): 5}, -1.0),
            (
                {
                    ("approve", "approve"): 25,
                    ("approve", "return"): 25,
                    ("return", "approve"): 25,
                    ("return", "return"): 25,
                },
                0,
            ),
        ],
    )
    def test_kappa(self, pairs: dict[tuple[str, str], int], value: float | None) -> None:
        assert kappa(pairs) == value


class TestThePages:
    def test_the_first_answer_is_hidden_until_the_second_is_given(self, sam: User) -> None:
        look, second = sent_back(sam), kim()
        client = Client()
        client.force_login(second)
        address = f"/moderation/second-looks/{look.pk}/"
        case = f"/moderation/submissions/{look.decision.submission_id}/"
        for page in (address, "/moderation/decisions/", "/moderation/second-looks/"):
            assert "Sent back" not in client.get(page).content.decode()
        hidden = client.get(case).content.decode()
        assert "It hums." not in hidden
        assert "Waits for a second look" in hidden
        answer = client.post(address, self._form("approve", holds=True), follow=True)
        text = answer.content.decode()
        assert "It hums." in text
        assert SecondJudgment.objects.get().by == second
        assert "Sent back" in client.get(case).content.decode()

    @pytest.mark.parametrize("verdict", ["return", "nonsense", "", "approve"])
    def test_an_answer_that_says_nothing_is_told_so(self, sam: User, verdict: str) -> None:
        look = approved(sam)
        client = Client()
        client.force_login(kim())
        answer = client.post(f"/moderation/second-looks/{look.pk}/", self._form(verdict, holds=False))
        assert answer.status_code == 422
        assert not SecondJudgment.objects.exists()

    def test_the_queue_costs_the_same_for_any_number(self, sam: User, django_assert_max_num_queries: object) -> None:
        for number in range(4):
            approved(sam, f"Course {number}")
        client = Client()
        client.force_login(kim())
        client.get("/moderation/second-looks/")
        with django_assert_max_num_queries(9):  # type: ignore[operator]
            assert client.get("/moderation/second-looks/").content.decode().count("data-queue-item") == 4

    def _form(self, verdict: str, holds: bool) -> dict[str, object]:
        from moderation import rubric

        rules = rubric.current().rules
        form: dict[str, object] = {"verdict": verdict, "reason": "", "findings-TOTAL_FORMS": len(rules),
                                   "findings-INITIAL_FORMS": len(rules)}  # fmt: skip
        for number, rule in enumerate(rules):
            form[f"findings-{number}-rule_code"] = rule.code
            form[f"findings-{number}-verdict"] = "holds" if holds else ""
        return form


def test_over_the_api(sam: User) -> None:
    from rest_framework.test import APIClient

    look, api = sent_back(sam), APIClient()
    api.force_authenticate(kim())
    (row,) = api.get("/api/v1/moderation/second-looks/").json()["results"]
    assert row["id"] == look.pk
    assert "verdict" not in str(row)
    answer = api.post(f"/api/v1/moderation/second-looks/{look.pk}/", {"verdict": "approve"}, format="json")
    assert (answer.status_code, answer.json()["first_verdict"]) == (201, "return")
    again = api.post(f"/api/v1/moderation/second-looks/{look.pk}/", {"verdict": "approve"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "looked_at_twice")
    assert Submission.objects.count() == 1
