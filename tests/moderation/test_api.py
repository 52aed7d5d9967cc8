"""Review over the API."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from moderation import rubric
from moderation.models import Claim
from tests.courses.factories import make_course
from tests.moderation.factories import kim, make_submission

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/moderation"


@pytest.fixture
def api(sam: User) -> APIClient:
    return as_(sam)


def as_(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def all_rules() -> list[str]:
    return [rule.code for rule in rubric.current().rules]


class TestTheDoor:
    def test_is_for_moderators_only(self, cole: User) -> None:
        submission = make_submission()
        assert APIClient().get(f"{ROOT}/submissions/").status_code == 401
        assert as_(cole).get(f"{ROOT}/submissions/").status_code == 403
        for act in ("claim", "approve", "send-back"):
            assert as_(cole).post(f"{ROOT}/submissions/{submission.pk}/{act}/").status_code == 403


class TestTheQueue:
    def test_lists_what_waits_with_its_claim(self, api: APIClient) -> None:
        first, second = make_submission("Kilns"), make_submission("Glazes")
        Claim.objects.take(second, kim())
        listed = api.get(f"{ROOT}/submissions/").json()["results"]
        assert [each["id"] for each in listed] == [first.pk, second.pk]
        assert listed[0]["course"] == {"slug": "kilns", "creator": "Ada Lin Studio"}
        assert (listed[0]["claim"], listed[1]["claim"]["moderator"]) == (None, "Kim")

    def test_opens_a_case_with_its_lessons(self, api: APIClient) -> None:
        case = api.get(f"{ROOT}/submissions/{make_submission().pk}/").json()
        assert [lesson["title"] for lesson in case["lessons"]] == ["Lesson 1", "Lesson 2", "Lesson 3"]


class TestDeciding:
    def test_is_refused_to_the_second_moderator(self, api: APIClient) -> None:
        submission = make_submission()
        assert api.post(f"{ROOT}/submissions/{submission.pk}/claim/").status_code == 200
        refused = as_(kim()).post(f"{ROOT}/submissions/{submission.pk}/claim/")
        assert (refused.status_code, refused.json()["code"]) == (409, "claimed_by_another")
        body = {"holds": all_rules()}
        by_kim = as_(kim()).post(f"{ROOT}/submissions/{submission.pk}/approve/", body)
        assert by_kim.json()["code"] == "claimed_by_another"
        assert api.delete(f"{ROOT}/submissions/{submission.pk}/claim/").status_code == 204
        assert as_(kim()).post(f"{ROOT}/submissions/{submission.pk}/claim/").status_code == 200

    def test_sends_back_with_findings_and_approves_the_next_try(self, api: APIClient, ada: User) -> None:
        submission = make_submission("Glazes")
        finding = {"rule_code": "honest_title", "text": "Say what the course teaches.", "at_second": 3}
        body = {"reason": "One thing to mend.", "findings": [finding]}
        sent = api.post(f"{ROOT}/submissions/{submission.pk}/send-back/", body)
        assert (sent.status_code, sent.json()["verdict"]) == (201, "return")
        again = submission.version.course.draft.submit(by=ada)
        approve, body = f"{ROOT}/submissions/{again.pk}/approve/", {"reason": "Clear.", "holds": all_rules()}
        assert api.post(approve, body).json()["verdict"] == "approve"
        repeated = api.post(approve, body)
        assert (repeated.status_code, repeated.json()["code"]) == (409, "not_waiting")

    def test_approves_nothing_of_which_a_rule_was_not_judged(self, api: APIClient) -> None:
        """As on the page: each rule of the rubric is said to hold, and no other."""
        submission = make_submission()
        address = f"{ROOT}/submissions/{submission.pk}/approve/"
        for holds in (None, [], all_rules()[1:], [*all_rules(), "taste"]):
            refused = api.post(address, {"reason": "Clear."} | ({} if holds is None else {"holds": holds}))
            assert (refused.status_code, "holds" in refused.content.decode()) == (400, True), holds
        submission.refresh_from_db()
        assert submission.is_waiting

    def test_refuses_an_unknown_rule_and_saying_nothing(self, api: APIClient) -> None:
        address = f"{ROOT}/submissions/{make_submission().pk}/send-back/"
        assert api.post(address, {"reason": "No", "findings": [{"rule_code": "taste", "text": "x"}]}).status_code == 400
        assert api.post(address, {"reason": ""}).status_code == 400

    def test_tells_the_rubric_that_is_applied(self, api: APIClient) -> None:
        told = api.get(f"{ROOT}/rubric/").json()
        assert "sound_quality" in [rule["code"] for rule in told["rules"]]


class TestTakedowns:
    def test_are_made_once_lifted_once_and_listed(self, api: APIClient) -> None:
        course = make_course(title="Glazes")
        body = {"rule_code": "rights", "reason": "Copied"}
        address, weigh = f"{ROOT}/courses/{course.slug}/take-down/", f"{ROOT}/measures/course/{course.slug}/weigh/"
        assert api.post(address, body).status_code == 400
        seen = api.post(weigh, {**body, "action": "unpublish"}).json()["version"]
        made = api.post(address, {**body, "effect_version": seen})
        assert made.status_code == 201
        assert api.post(address, {**body, "effect_version": seen}).json()["code"] == "effect_changed"
        seen = api.post(weigh, {**body, "action": "unpublish"}).json()["version"]
        assert api.post(address, {**body, "effect_version": seen}).json()["code"] == "already_taken_down"
        lift = f"{ROOT}/takedowns/{made.json()['id']}/lift/"
        assert api.post(lift, {"reason": "License shown"}).status_code == 400
        looked = api.post(f"{lift}weigh/", {"reason": "License shown"}).json()
        assert looked["courses"] == 1
        stale = {"reason": "License shown by mail", "effect_version": looked["version"]}
        refused = api.post(lift, stale).json()
        assert refused["code"] == "effect_changed"
        assert api.post(lift, {**stale, "effect_version": refused["effect_version"]}).status_code == 200
        assert api.post(lift, stale).json()["code"] == "measure_not_standing"
        assert api.post(f"{lift}weigh/", {"reason": "x"}).json()["code"] == "measure_not_standing"
        assert [row["course"] for row in api.get(f"{ROOT}/takedowns/").json()["results"]] == ["glazes"]
