"""A creator answers what was found, point by point, and asks again; the moderator reads it beside the findings."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses import resubmitting
from courses.models import Decision, Finding, FindingAnswer, Submission, Version
from moderation import reviews
from tests.courses.factories import RUBRIC, make_course
from tests.moderation.factories import make_submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def findings(sam: User) -> list[Finding]:
    """Two, of a version that was sent back."""
    submission = make_submission("Glazes")
    told = [{"rule_code": code, "text": text} for code, text in (("sound_quality", "It hums"), ("rights", "Whose?"))]
    return list(reviews.send_back(submission, sam, "Nearly", told).findings.order_by("id"))


@pytest.fixture
def version(findings: list[Finding]) -> Version:
    return findings[0].decision.submission.version


def said(finding: Finding, is_mended: bool = True, text: str = "") -> dict[str, Any]:
    return {"finding": finding.pk, "is_mended": is_mended, "text": text}


class TestAnswers:
    def test_go_with_the_next_submission(self, version: Version, findings: list[Finding], ada: User) -> None:
        assert resubmitting.open_findings(version) == findings
        told = [said(findings[0]), said(findings[1], is_mended=False, text="It is my own song.")]
        submission = resubmitting.submit(version, ada, answers=told, note="Please look again.")
        rows = submission.answers.values_list("finding", "is_mended", "text")
        assert list(rows) == [(findings[0].pk, True, ""), (findings[1].pk, False, "It is my own song.")]

    def test_of_something_else_or_without_a_reason_submit_nothing(
        self, version: Version, findings: list[Finding], ada: User
    ) -> None:
        wrong = [
            [{"finding": 0, "is_mended": True}],
            [said(findings[0]), said(findings[0])],
            [said(findings[0], is_mended=False, text=" ")],
        ]
        for told in wrong:
            with pytest.raises(ValidationError):
                resubmitting.submit(version, ada, answers=told)
        assert not Submission.objects.waiting().exists()

    def test_are_asked_for_no_longer_once_it_passed(self, version: Version, ada: User, sam: User) -> None:
        resubmitting.submit(version, ada).approve(by=sam, rubric_version=RUBRIC)
        assert resubmitting.open_findings(version) == []

    def test_are_never_changed(self, version: Version, findings: list[Finding], ada: User) -> None:
        resubmitting.submit(version, ada, answers=[said(findings[0])])
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            FindingAnswer.objects.update(is_mended=False, text="x")


class TestThePages:
    @pytest.fixture
    def studio(self, ada: User) -> Client:
        client = Client()
        client.force_login(ada)
        return client

    def test_ask_for_each_point_and_keep_what_was_written(
        self, studio: Client, version: Version, findings: list[Finding]
    ) -> None:
        address = reverse("studio:submit", args=[version.course.slug])
        first, second = (f"answer-{finding.pk}" for finding in findings)
        form = {f"{first}-is_mended": "yes", f"{first}-text": "A new microphone", f"{second}-is_mended": "no"}
        page = studio.post(address, form)
        assert page.status_code == 422
        shown = page.content.decode()
        assert "It hums" in shown
        assert "A new microphone" in shown
        assert "Say why you left it as it is." in shown
        assert studio.post(address, {}).status_code == 422
        assert studio.post(address, {**form, f"{second}-text": "It is my own song."}).status_code == 302
        assert FindingAnswer.objects.count() == 2
        after = studio.get(reverse("studio:publish", args=[version.course.slug])).content.decode()
        assert "Your answer: left as it is" in after

    def test_show_the_moderator_the_answers_beside_the_findings(
        self, version: Version, findings: list[Finding], ada: User, sam: User
    ) -> None:
        told = [said(findings[0], text="A new microphone")]
        submission = resubmitting.submit(version, ada, answers=told)
        desk = Client()
        desk.force_login(sam)
        page = desk.get(reverse("moderation:case", args=[submission.pk])).content.decode()
        assert "What the creator answers" in page
        assert page.index("It hums") < page.index("A new microphone")

    def test_stand_in_the_api(self, version: Version, findings: list[Finding], ada: User, sam: User) -> None:
        creator, moderator = APIClient(), APIClient()
        creator.force_authenticate(ada)
        moderator.force_authenticate(sam)
        course = creator.get(reverse("api-studio-course", args=[version.course.slug])).json()
        ids = [finding["id"] for finding in course["submissions"][0]["decision"]["findings"]]
        assert sorted(ids) == [finding.pk for finding in findings]
        address = reverse("api-studio-submit", args=[version.course.slug])
        bad = creator.post(address, {"answers": [{"finding": 1_000_000, "is_mended": True}]}, format="json")
        assert bad.status_code == 400
        made = creator.post(address, {"answers": [said(findings[1], text="Mine")]}, format="json")
        assert made.status_code == 201
        case = moderator.get(reverse("api-moderation-case", args=[made.json()["id"]])).json()
        assert [(one["rule_code"], one["text"]) for one in case["answers"]] == [("rights", "Mine")]


def test_the_live_version_stays_until_the_new_one_passes(ada: User, lin: User, sam: User) -> None:
    course = make_course(title="Clay")
    live = course.live_version
    draft = course.open_draft(ada)
    draft.edit({"subtitle": "With salt"}, by=ada, revision=draft.revision)
    for verdict in ("return", "approve"):
        submission = draft.submit(by=ada)
        course.refresh_from_db()
        assert course.live_version == live
        assert "With salt" not in Client().get(course.get_absolute_url()).content.decode()
        if verdict == "return":
            reviews.send_back(submission, sam, "Nearly", [])
            draft.refresh_from_db()
    reviews.approve(submission, sam)
    course.refresh_from_db()
    assert course.live_version == draft
    assert "With salt" in Client().get(course.get_absolute_url()).content.decode()
    assert Decision.objects.filter(submission__version=draft).count() == 2
