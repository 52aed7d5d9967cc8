"""Paths, institutions and collections at the moderators' desk, over the API."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from courses.models import Collection, Course, PathSubmission
from creators.models import Institution
from tests import cast
from tests.courses.factories import make_course
from tests.courses.path_factories import make_path
from tests.creators.institutions import add_member, make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, sam: User) -> Client:
    client.force_login(sam)
    return client


def send(client: Client, method: str, name: str, told: dict[str, Any] | None = None, **kwargs: Any) -> Any:
    body = json.dumps(told or {}, default=str)
    return client.generic(method, reverse(name, kwargs=kwargs), content_type="application/json", data=body)


class TestPaths:
    @pytest.fixture
    def submitted(self, ada: User) -> PathSubmission:
        courses = [make_course(title="Clay"), make_course(title="Kiln")]
        return make_path(courses[:1], courses[1:], title="From clay to bowl", live=False).shown_edition.submit(
            by=ada, note="Please"
        )

    def test_the_queue_has_what_waits_and_one_shows_its_stages(self, desk: Client, submitted: PathSubmission) -> None:
        row = send(desk, "GET", "api-moderation-paths").json()["results"][0]
        assert (row["id"], row["title"], row["note"]) == (submitted.pk, "From clay to bowl", "Please")
        one = send(desk, "GET", "api-moderation-path", pk=submitted.pk).json()
        assert [slug for stage in one["stages"] for slug in stage["courses"]] == ["clay", "kiln"]
        assert one["decision"] is None

    def test_approved_it_is_public_and_leaves_the_queue(self, desk: Client, submitted: PathSubmission) -> None:
        answer = send(desk, "POST", "api-moderation-approve-path", {"reason": "Well built"}, pk=submitted.pk)
        assert (answer.status_code, answer.json()["verdict"]) == (201, "approve")
        assert send(desk, "GET", "api-moderation-paths").json()["results"] == []
        slug = submitted.edition.path.slug
        assert desk.get(reverse("api-path", args=[slug])).status_code == 200
        again = send(desk, "POST", "api-moderation-send-back-path", {"reason": "No"}, pk=submitted.pk)
        assert (again.status_code, again.json()["code"]) == (409, "already_decided")
        assert again["Content-Type"] == "application/problem+json"
        shown = send(desk, "GET", "api-moderation-path", pk=submitted.pk).json()
        assert shown["decision"]["reason"] == "Well built"

    def test_sent_back_with_a_reason_it_is_a_draft_again(self, desk: Client, submitted: PathSubmission) -> None:
        bare = send(desk, "POST", "api-moderation-send-back-path", {"reason": " "}, pk=submitted.pk)
        assert bare.status_code == 400
        assert "reason" in bare.json()["errors"]
        answer = send(desk, "POST", "api-moderation-send-back-path", {"reason": "Name stage two"}, pk=submitted.pk)
        assert answer.json()["verdict"] == "return"
        assert submitted.edition.path.shown_edition.is_editable

    def test_whoever_made_it_does_not_decide(self, client: Client, sam: User) -> None:
        mine = make_path(
            [make_course(title="Clay"), make_course(title="Kiln")], by=sam, live=False
        ).shown_edition.submit(by=sam)
        client.force_login(sam)
        answer = send(client, "POST", "api-moderation-approve-path", pk=mine.pk)
        assert answer.status_code == 403


class TestInstitutions:
    @pytest.fixture
    def school(self, ada: User) -> Institution:
        return make_institution(ada, verified=False)

    def test_one_is_verified_with_a_proof_and_the_badge_withdrawn_with_a_reason(
        self, desk: Client, school: Institution
    ) -> None:
        told = {"verdict": "verified", "checked": "The register names it."}
        bare = send(desk, "POST", "api-moderation-verify", told, slug=school.slug)
        assert (bare.status_code, list(bare.json()["errors"])) == (400, ["link"])
        told["link"] = "https://schools.example/1"
        assert send(desk, "POST", "api-moderation-verify", told, slug=school.slug).status_code == 201
        one = send(desk, "GET", "api-moderation-institution", slug=school.slug).json()
        assert one["is_verified"]
        assert [row["verdict"] for row in one["verifications"]] == ["verified"]
        assert [row["role"] for row in one["members"]] == ["owner"]
        ended = {"verdict": "withdrawn", "checked": "The register names it no more."}
        assert send(desk, "POST", "api-moderation-verify", ended, slug=school.slug).status_code == 201
        school.refresh_from_db()
        assert not school.is_verified
        assert AuditEvent.objects.filter(verb="institution.withdrawn").exists()

    def test_the_list_is_narrowed_to_those_without_a_badge(self, desk: Client, school: Institution) -> None:
        make_institution(cast.lin(), name="Another School", domain="another.example")
        rows = desk.get(reverse("api-moderation-institutions"), {"is_verified": "false"}).json()["results"]
        assert [row["slug"] for row in rows] == [school.slug]
        assert len(desk.get(reverse("api-moderation-institutions")).json()["results"]) == 2

    def test_a_member_does_not_verify_it(self, desk: Client, school: Institution, sam: User) -> None:
        add_member(school, sam, "viewer")
        told = {"verdict": "verified", "checked": "I know it.", "link": "https://schools.example/1"}
        assert send(desk, "POST", "api-moderation-verify", told, slug=school.slug).status_code == 403


class TestCollections:
    @pytest.fixture
    def courses(self, ada: User) -> list[Course]:
        return [make_course(title=title) for title in ("Bread", "Knitting")]

    def told(self, courses: list[Course], **changes: Any) -> dict[str, Any]:
        return {
            "title_en": "First snow", "title_zh": "初雪", "starts_on": timezone.localdate(), "why": "Winter",
            "courses": [course.slug for course in courses], **changes,
        }  # fmt: skip

    def test_one_is_put_together_turned_and_withdrawn_by_its_last_day(
        self, desk: Client, courses: list[Course]
    ) -> None:
        made = send(desk, "POST", "api-moderation-collections", self.told(courses))
        assert made.status_code == 201, made.json()
        slug = made.json()["slug"]
        assert made.json()["courses"] == ["bread", "knitting"]
        assert desk.get(reverse("api-collection", args=[slug])).status_code == 200
        turned = self.told(courses[::-1], number=1, why="The other way round")
        answer = send(desk, "PUT", "api-moderation-collection", turned, slug=slug).json()
        assert (answer["courses"], answer["present"]["number"]) == (["knitting", "bread"], 2)
        assert [row["why"] for row in answer["editions"]] == ["The other way round", "Winter"]
        past = timezone.localdate() - timedelta(days=2)
        over = self.told(courses, number=2, starts_on=past, ends_on=past, why="The thaw")
        assert send(desk, "PUT", "api-moderation-collection", over, slug=slug).status_code == 200
        assert desk.get(reverse("api-collection", args=[slug])).status_code == 404
        assert [row["slug"] for row in send(desk, "GET", "api-moderation-collections").json()["results"]] == [slug]

    def test_a_stale_edition_is_refused(self, desk: Client, courses: list[Course]) -> None:
        slug = send(desk, "POST", "api-moderation-collections", self.told(courses)).json()["slug"]
        for number, status in ((1, 200), (1, 409)):
            answer = send(desk, "PUT", "api-moderation-collection", self.told(courses, number=number), slug=slug)
            assert answer.status_code == status
        assert answer.json()["code"] == "edited_elsewhere"
        assert Collection.objects.get(slug=slug).editions.count() == 2

    def test_what_is_not_in_lists_now_is_told_and_kept(self, desk: Client, courses: list[Course], sam: User) -> None:
        slug = send(desk, "POST", "api-moderation-collections", self.told(courses)).json()["slug"]
        courses[0].take_down(by=sam, rule_code="privacy", reason="Looked at")
        shown = send(desk, "GET", "api-moderation-collection", slug=slug).json()
        assert (shown["courses"], shown["not_listed"]) == (["bread", "knitting"], ["bread"])
        kept = send(desk, "PUT", "api-moderation-collection", self.told(courses, number=1), slug=slug)
        assert (kept.status_code, kept.json()["courses"]) == (200, ["bread", "knitting"])
        fewer = self.told(courses[1:], number=2)
        assert send(desk, "PUT", "api-moderation-collection", fewer, slug=slug).status_code == 200
        again = send(desk, "PUT", "api-moderation-collection", self.told(courses, number=3), slug=slug)
        assert (again.status_code, list(again.json()["errors"])) == (400, ["courses"])

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"courses": ["nothing"]}, "courses"),
            ({"courses": []}, "courses"),
            ({"title_zh": ""}, "title_zh"),
            ({"why": ""}, "why"),
            ({"ends_on": "2001-01-01"}, "ends_on"),
            ({"courses": ["bread", "bread"]}, "non_field_errors"),
        ],
    )
    def test_bad_input_names_its_field(
        self, desk: Client, courses: list[Course], changes: dict[str, Any], field: str
    ) -> None:
        answer = send(desk, "POST", "api-moderation-collections", {**self.told(courses), **changes})
        assert answer.status_code == 400
        assert field in answer.json()["errors"] or field == "non_field_errors" and "__all__" in answer.json()["errors"]
        assert not Collection.objects.exists()
