"""What moderators work with, over the API: whole enough that nobody has to open a page to decide."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Decision
from moderation import appeals, reviews
from moderation.models import CaseClaim, Claim, SecondLook
from tests import cast
from tests.courses.factories import make_course
from tests.moderation import claims
from tests.moderation.decisions import decide, decide_case, report
from tests.moderation.factories import kim, make_submission
from tests.moderation.rules import announce
from tests.moderation.test_api import ROOT, as_

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(sam: User) -> APIClient:
    return as_(sam)


class TestAppeals:
    def test_wait_there_with_the_number_that_answering_asks_for(self, api: APIClient, ada: User) -> None:
        make_course(title="Glazes")
        appeal = appeals.make(decide("warn", "course", "glazes", kim()), ada, "I have a license")
        [told] = api.get(f"{ROOT}/appeals/").json()["results"]
        assert (told["by"], told["text"], told["is_late"], told["answer"]) == ("Ada", "I have a license", False, None)
        assert (told["measure"]["action"], told["measure"]["decided_by"]) == ("warn", "Kim")
        said = {"verdict": "overturned", "reason": "She has"}
        address = f"{ROOT}/appeals/{told['id']}/answer/"
        said["effect_version"] = api.post(f"{address}weigh/", said).json()["version"]
        assert api.post(address, said).status_code == 201
        assert told["id"] == appeal.pk
        assert api.get(f"{ROOT}/appeals/").json()["results"] == []
        [closed] = api.get(f"{ROOT}/appeals/?closed=1").json()["results"]
        assert closed["answer"]["verdict"] == "overturned"


class TestCases:
    def test_are_told_with_reports_evidence_and_what_was_before(self, api: APIClient, ada: User, lin: User) -> None:
        make_course(title="Glazes")
        decide("warn", "course", "glazes", kim())
        case = report("course", "glazes", lin, text="My chapter 4", at_second=3)
        report("course", "glazes", "203.0.113.9")
        told = api.get(f"{ROOT}/cases/{case.pk}/").json()
        assert (told["case"]["id"], told["measure"], told["can_decide"]) == (case.pk, None, True)
        assert {(one["text"], one["reporter"], one["at_second"]) for one in told["reports"]} == {
            ("My chapter 4", "Lin", 3), ("", None, None),
        }  # fmt: skip
        assert told["times"] == [{"rule": "rights", "rule_version": 1, "times": 2}]
        assert "203.0.113.9" not in str(told)
        assert told["evidence"][0]["shown"]
        assert [one["action"] for one in told["earlier"]] == ["warn"]
        assert api.get(f"{ROOT}/cases/0/").status_code == 404

    def test_that_are_closed_stay_to_be_read(self, api: APIClient, ada: User, lin: User) -> None:
        make_course(title="Glazes")
        case = report("course", "glazes", lin)
        assert api.get(f"{ROOT}/cases/?closed=1").json()["results"] == []
        decide_case(case, "limit", kim())
        assert api.get(f"{ROOT}/cases/").json()["results"] == []
        assert [one["id"] for one in api.get(f"{ROOT}/cases/?closed=1").json()["results"]] == [case.pk]
        told = api.get(f"{ROOT}/cases/{case.pk}/").json()
        assert (told["measure"]["action"], told["can_decide"]) == ("limit", False)

    def test_tell_whom_they_are_about_neither_who_reported_nor_the_words(self, ada: User, sam: User) -> None:
        make_course(title="Glazes")
        case = report("course", "glazes", cast.person("Xanthe"), text="My chapter 4")
        cast.give_role(ada, "moderator")
        for reader, sees in ((User.objects.get(pk=ada.pk), False), (sam, True)):
            page = Client()
            page.force_login(reader)
            told = as_(reader).get(f"{ROOT}/cases/{case.pk}/").json()
            assert (told["part"], bool(told["reports"])) == (None if sees else "own", sees)
            assert told["times"][0]["times"] == 1
            for said in (str(told), page.get(reverse("moderation:reported_case", args=[case.pk])).content.decode()):
                assert ("My chapter 4" in said, "Xanthe" in said) == (sees, sees)


class TestDecisions:
    def test_stand_there_with_their_findings(self, api: APIClient, ada: User) -> None:
        finding = {"rule_code": "sound_quality", "text": "It hums", "lesson_key": None, "at_second": 3}
        reviews.send_back(make_submission("Glazes"), kim(), "Mend this", [finding])
        told = api.get(f"{ROOT}/decisions/").json()["results"][0]
        assert (told["title"], told["verdict"], told["decided_by"]) == ("Glazes", "return", "Kim")
        assert [(one["rule_code"], one["text"]) for one in told["findings"]] == [("sound_quality", "It hums")]

    def test_are_not_told_to_who_may_still_read_them_a_second_time(self, api: APIClient, ada: User) -> None:
        decision = reviews.approve(make_submission("Glazes"), kim())
        SecondLook.objects.create(decision=decision)
        assert decision.pk not in [one["id"] for one in api.get(f"{ROOT}/decisions/").json()["results"]]
        assert Decision.objects.filter(pk=decision.pk).exists()


class TestTheNextOne:
    def test_submission_is_claimed_and_told_whole(self, api: APIClient, ada: User, sam: User) -> None:
        assert api.post(f"{ROOT}/submissions/next/").status_code == 204
        Claim.objects.take(make_submission("Kilns"), kim())
        free = make_submission("Glazes")
        for _again in range(2):
            told = api.post(f"{ROOT}/submissions/next/").json()
            assert (told["id"], told["title"], told["claim"]["moderator"]) == (free.pk, "Glazes", sam.name)
        assert told["lessons"]
        api.delete(f"{ROOT}/submissions/{free.pk}/claim/")
        assert not Claim.objects.open().filter(moderator=sam).exists()

    def test_case_is_claimed_and_told_whole(self, api: APIClient, ada: User, lin: User, sam: User) -> None:
        assert api.post(f"{ROOT}/cases/next/").status_code == 204
        for title in ("Kilns", "Glazes"):
            make_course(title=title)
        CaseClaim.objects.take(report("course", "kilns", lin), kim())
        free = report("course", "glazes", lin, text="My chapter 4")
        for _again in range(2):
            told = api.post(f"{ROOT}/cases/next/").json()
            assert (told["case"]["id"], told["case"]["claim"]["moderator"]) == (free.pk, sam.name)
        assert (told["can_decide"], told["reports"][0]["text"]) == (True, "My chapter 4")

    def test_is_a_moderator_s(self, lin: User) -> None:
        for kind in ("submissions", "cases"):
            assert as_(lin).post(f"{ROOT}/{kind}/next/").status_code == 403


class TestClaims:
    def test_are_told_with_their_evidence_and_their_money(self, api: APIClient, ada: User, sam: User) -> None:
        course = make_course(title="Glazes")
        claim = claims.disputed(cast.cole(), sam)
        [listed] = api.get(f"{ROOT}/rights/").json()["results"]
        assert (listed["id"], listed["claimant"], listed["owner"]) == (claim.pk, "Cole", "Ada")
        told = api.get(f"{ROOT}/rights/{claim.pk}/").json()
        assert [step["kind"] for step in told["claim"]["steps"]] == ["admit", "counter", "go_on"]
        assert (told["course"], told["escrow"], told["films"]) == (course.slug, [], [])
        assert (told["claimant_was_wrong"], told["strikes"], told["part"], told["can_admit"]) == (0, 0, None, False)
        assert told["shown"]
        claims.decide(claim, kim(), "reject")
        assert api.get(f"{ROOT}/rights/").json()["results"] == []
        assert [one["id"] for one in api.get(f"{ROOT}/rights/?closed=1").json()["results"]] == [claim.pk]

    def test_come_with_a_file_that_its_sides_and_moderators_take_away(self, api: APIClient, ada: User) -> None:
        make_course(title="Glazes")
        upload = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 mine", "application/pdf")
        cole = as_(cast.cole())
        filed = cole.post("/api/v1/rights/course/glazes/", {**claims.PROOF, "file": upload}, format="multipart")
        assert (filed.status_code, filed.json()["proof_name"]) == (201, "proof.pdf")
        address = f"/api/v1/rights/{filed.json()['id']}/proof/"
        for client in (cole, api):
            taken = client.get(address)
            assert b"".join(taken.streaming_content) == b"%PDF-1.7 mine"
            assert taken.headers["Content-Disposition"] == 'attachment; filename="proof.pdf"'
        # Of a claim that was not admitted yet its other side knows nothing.
        assert [as_(each).get(address).status_code for each in (ada, cast.lin())] == [404, 404]

    def test_take_no_file_that_may_not_be_kept(self, ada: User) -> None:
        make_course(title="Glazes")
        upload = SimpleUploadedFile("proof.pdf", b"MZ\x90\x00 a program", "application/pdf")
        body = {**claims.PROOF, "file": upload}
        refused = as_(cast.cole()).post("/api/v1/rights/course/glazes/", body, format="multipart")
        assert (refused.status_code, "inside this file" in refused.content.decode()) == (400, True)
        page = Client()
        page.force_login(cast.cole())
        upload.seek(0)
        again = page.post(reverse("rights:file_claim", args=["course", "glazes"]), {**claims.PROOF, "upload": upload})
        assert (again.status_code, "inside this file" in again.content.decode()) == (422, True)


def test_administrators_read_what_was_said_of_a_coming_rule(lin: User) -> None:
    change = announce("privacy")
    change.comment(by=lin, text="Too wide")
    [told] = as_(cast.person("Max", role="admin")).get(f"{ROOT}/rule-changes/").json()
    assert (told["id"], told["code"]) == (change.pk, "privacy")
    assert [(one["by"], one["text"]) for one in told["comments"]] == [("Lin", "Too wide")]
