"""Certificate: issued on the learner's wish and on evidence, once a version; hidden, revoked, never changed."""

import io
import re

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from learners import attempts
from learners.certificates import credential, issuing, paper
from learners.models import Certificate, CertificateHolder, CertificateRevocation, LessonProgress
from learners.models.certificate import ALPHABET, AlreadyRevoked, as_stored
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from tests.courses.factories import RUBRIC, add_lessons, make_course, publish
from tests.courses.quizzes import add_quiz, right_answers
from tests.learners.certified import do_all, make_certificate
from tests.learners.factories import enroll, watch

pytestmark = pytest.mark.django_db
NAME = "Lin Wei 林薇"


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


@pytest.fixture
def certificate(lin: User, course: Course) -> Certificate:
    return make_certificate(lin, course)


def test_it_is_not_issued_while_a_lesson_is_left(lin: User, course: Course) -> None:
    enroll(lin, course)
    do_all(lin, course)
    LessonProgress.objects.filter(lesson_key=course.live_lessons()[2].key).update(done_at=None)
    with pytest.raises(issuing.CourseNotComplete) as refused:
        issuing.issue(lin, course, NAME)
    assert refused.value.facts == {"left": 1}
    assert not Certificate.objects.exists()


def test_it_is_not_issued_by_itself_when_the_course_is_completed(lin: User, course: Course) -> None:
    enroll(lin, course)
    for ago, lesson in zip((200, 150, 40), course.live_lessons(), strict=True):
        watch(lin, lesson, 30, opened_ago=ago)
    assert lin.enrollments.get().completed_at
    assert not Certificate.objects.exists()
    found = issuing.issue(lin, course, NAME)
    assert found.evidence["watched_s"] == found.evidence["length_s"] == 90
    assert [lesson["watched_s"] for lesson in found.evidence["lessons"]] == [30, 30, 30]


def test_who_has_no_right_gets_none(lin: User, cole: User, course: Course) -> None:
    do_all(lin, course)
    with pytest.raises(issuing.NoRightToCourse):
        issuing.issue(lin, course, NAME)
    enroll(lin, course).end("refunded")
    with pytest.raises(issuing.NoRightToCourse):
        issuing.issue(lin, course, NAME)


def test_asked_for_twice_it_is_the_same(lin: User, course: Course, certificate: Certificate) -> None:
    assert issuing.issue(lin, course, "Another name") == certificate
    assert Certificate.objects.shown().get().name == NAME


def test_a_new_version_has_a_certificate_of_its_own_and_names_it(
    lin: User, ada: User, sam: User, course: Course, certificate: Certificate
) -> None:
    draft = course.open_draft(by=ada)
    lesson = add_lessons(draft, 1)[0]
    draft.submit(by=ada).approve(by=sam, reason="fine", rubric_version=RUBRIC)
    course = Course.objects.select_related("live_version").get(pk=course.pk)
    with pytest.raises(issuing.CourseNotComplete):
        issuing.issue(lin, course, NAME)
    LessonProgress.objects.create(learner=lin, course=course, lesson_key=lesson.key, done_at=certificate.issued_at)
    second = issuing.issue(lin, course, NAME)
    assert (certificate.version.number, second.version.number) == (1, 2)


def test_codes_are_long_random_and_read_as_people_write_them(certificate: Certificate) -> None:
    assert len(certificate.code) == 20
    assert set(certificate.code) <= set(ALPHABET)
    assert as_stored(f" {certificate.code_in_groups.lower()} ") == certificate.code
    assert as_stored("o1il-0") == "01110"
    assert Certificate.objects.coded(certificate.code_in_groups).get() == certificate


@pytest.mark.parametrize("name", ["", "  \x00\n ", "x" * 81])
def test_a_name_that_is_none_is_refused(lin: User, course: Course, name: str) -> None:
    enroll(lin, course)
    do_all(lin, course)
    with pytest.raises(ValidationError):
        issuing.issue(lin, course, name)


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE learners_certificate SET evidence = '{}'",
        "DELETE FROM learners_certificate",
        "UPDATE learners_certificaterevocation SET reason = 'x'",
        "DELETE FROM learners_certificaterevocation",
    ],
)
def test_postgres_refuses_changes(act: str, sam: User, certificate: Certificate) -> None:
    certificate.revoke(by=sam, cause="mistake", reason="A test")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)


def test_everybody_who_has_the_address_reads_it(client: Client, certificate: Certificate) -> None:
    page = client.get(certificate.get_absolute_url())
    text = page.content.decode()
    assert page.status_code == 200
    assert NAME in text
    assert 'name="robots" content="noindex"' in text
    assert "credential.jwt" not in text
    assert client.get(reverse("learners:certificate", args=["0" * 20])).status_code == 404


def test_a_code_is_found_however_it_is_written_and_an_unknown_one_is_said(client: Client, certificate) -> None:
    found = client.get(reverse("learners:check_certificate"), {"code": certificate.code_in_groups.lower()})
    assert found.url == certificate.get_absolute_url()
    assert client.get(reverse("learners:check_certificate"), {"code": "NOPE"}).status_code == 404
    small = client.get(reverse("learners:certificate", args=[certificate.code.lower()]))
    assert small.url == certificate.get_absolute_url()


def test_a_hidden_name_is_on_no_page_no_paper_and_in_no_answer(client: Client, lin: User, certificate) -> None:
    client.force_login(lin)
    client.post(reverse("learners:show_name", args=[certificate.code]))
    anyone = Client().get(certificate.get_absolute_url()).content.decode()
    told = APIClient().get(reverse("api-certificate", args=[certificate.code])).json()
    shown = Certificate.objects.shown().get()
    assert NAME not in anyone
    assert told["name"] == ""
    assert NAME not in paper.sheet(shown, "en")["name"]
    client.post(reverse("learners:show_name", args=[certificate.code]), {"show": "1"})
    assert NAME in Client().get(certificate.get_absolute_url()).content.decode()


def test_only_its_holder_takes_paper_and_credential_or_hides_the_name(cole: User, certificate: Certificate) -> None:
    client = Client()
    client.force_login(cole)
    for view in ("certificate_pdf", "certificate_credential"):
        assert client.get(reverse(f"learners:{view}", args=[certificate.code])).status_code == 403
    assert client.post(reverse("learners:show_name", args=[certificate.code])).status_code == 403
    assert CertificateHolder.objects.get().hidden_at is None


@pytest.mark.parametrize("lang", ["en", "zh-hans"])
def test_on_paper_stand_name_course_and_address_in_both_languages(certificate: Certificate, lang: str) -> None:
    pdf = paper.pdf(certificate, lang)
    words = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert "林薇" in words
    assert certificate.code_in_groups in words
    assert certificate.get_absolute_url() in re.sub(r"\s", "", words)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert pdf == paper.pdf(certificate, lang)


def test_it_says_which_quizzes_were_passed_and_how(lin: User, sam: User, ada: User) -> None:
    course = make_course(live=False, lessons=1)
    for title in ("Know your kiln", "窑炉"):
        add_quiz(course.draft.sections.first(), title)
    publish(course.draft)
    course = Course.objects.select_related("live_version").get(pk=course.pk)
    enroll(lin, course)
    one, two = course.live_lessons().filter(kind="quiz").select_related("version__course")
    half = dict(list(right_answers(one).items())[:4])
    for told in ({}, half, right_answers(one)):
        attempts.submit(lin, attempts.start(lin, one).pk, told)
    do_all(lin, course)  # the second quiz was done without an attempt
    found = Certificate.objects.shown().get(pk=issuing.issue(lin, course, NAME).pk)
    on = found.issued_at.date()
    assert found.evidence["quizzes"] == [
        {"key": str(one.key), "title": "Know your kiln", "percent": 80, "attempt": 2, "passed_on": on.isoformat()}
    ]
    page = Client().get(found.get_absolute_url()).content.decode()
    assert "Know your kiln" in page
    assert f"80 % on {date_format(on, 'DATE_FORMAT')}, attempt 2" in page
    told = APIClient().get(reverse("api-certificate", args=[found.code])).json()["evidence"]
    assert told["quizzes"] == found.evidence["quizzes"]
    assert told["sha256"] == credential.digest(found.evidence)
    watching, quiz = credential.credential(found)["evidence"]
    assert watching["narrative"] == f"sha256:{told['sha256']}"
    assert (quiz["name"], quiz["description"]) == (
        "Quiz passed: Know your kiln", f"80 percent in attempt 2 on {on.isoformat()}",
    )  # fmt: skip
    words = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(paper.pdf(found, "en"))).pages)
    assert "Quizzes passed: Know your kiln (80 %" in " ".join(words.split())


def test_one_from_before_that_says_nothing_of_quizzes_stays_as_it_is(lin: User, course: Course) -> None:
    enrollment = enroll(lin, course)
    do_all(lin, course)
    told = issuing.evidence_of(lin, course)
    old = {name: value for name, value in told.items() if name != "quizzes"}
    row = Certificate.objects.issue(enrollment, course.live_version, old, NAME)
    found = Certificate.objects.shown().get(pk=row.pk)
    assert len(credential.credential(found)["evidence"]) == 1
    assert credential.digest(found.evidence) == credential.digest(old)
    assert "Quizzes passed" not in Client().get(found.get_absolute_url()).content.decode()
    assert APIClient().get(reverse("api-certificate", args=[found.code])).json()["evidence"]["quizzes"] == []
    assert paper.sheet(found, "en")["quizzes"] == ""


def test_a_very_long_name_and_title_stay_on_one_page(lin: User, ada: User) -> None:
    found = make_certificate(lin, make_course(title="课" * 120), "Ж" * 80)
    quiz = {"title": "测" * 120, "percent": 100, "attempt": 12, "passed_on": "2026-12-30"}
    found.evidence["quizzes"] = [quiz] * 9
    assert paper.sheet(found, "en")["quizzes"].endswith("; and 5 more")
    assert len(pypdf.PdfReader(io.BytesIO(paper.pdf(found, "zh-hans"))).pages) == 1


def test_a_moderator_revokes_it_with_a_reason_and_the_holder_is_told(lin: User, sam: User, certificate) -> None:
    client = Client()
    client.force_login(sam)
    address = reverse("learners:revoke_certificate", args=[certificate.code])
    client.post(address, {"cause": "evidence", "reason": "Played by a program."})
    row = CertificateRevocation.objects.get()
    assert (row.by, row.cause, row.reason) == (sam, "evidence", "Played by a program.")
    assert "Played by a program." in Mail.objects.get(to=lin.email).text
    anyone = Client().get(certificate.get_absolute_url()).content.decode()
    assert "no longer holds" in anyone
    assert "Played by a program." not in anyone
    listed = Client().get(reverse("learners:revoked_certificates")).content.decode()
    assert f"…{certificate.code[-5:]}" in listed
    assert NAME not in listed
    # The whole code opens the page that has the name.
    assert not [code for code in (certificate.code, certificate.code_in_groups) if code in listed]
    assert "Played by a program." not in listed


def test_the_revoked_ones_are_listed_over_the_api_without_names(lin: User, cole: User, sam: User, course) -> None:
    first, second = make_certificate(lin, course), make_certificate(cole, make_course(title="Kilns"))
    address, anyone = "/api/v1/certificates/revoked/", APIClient()
    assert anyone.get(address).json()["results"] == []
    for found, cause in ((first, "evidence"), (second, "holder")):
        issuing.revoke(found, by=sam, cause=cause, reason="Played by a program.")
    answer = anyone.get(address)
    told = answer.json()["results"]
    assert [(row["code_end"], row["title"], row["cause"]) for row in told] == [
        (second.code[-5:], "Kilns", "holder"), (first.code[-5:], first.version.title, "evidence"),
    ]  # fmt: skip
    assert set(told[0]) == {"code_end", "title", "at", "cause"}
    hidden = ("program", NAME, sam.name, first.code, second.code)
    assert not [words for words in hidden if words in answer.content.decode()]
    with CaptureQueriesContext(connection) as asked:
        anyone.get(address, {"page_size": 1})
    assert len(asked) == 1


def test_nobody_else_revokes_and_nobody_without_a_reason_or_twice(
    lin: User, cole: User, sam: User, certificate
) -> None:
    for person in (lin, cole):
        with pytest.raises(NotAllowed):
            issuing.revoke(certificate, by=person, cause="mistake", reason="No")
    with pytest.raises(ValidationError):
        issuing.revoke(certificate, by=sam, cause="mistake", reason="  ")
    issuing.revoke(certificate, by=sam, cause="mistake", reason="Wrong course")
    with pytest.raises(AlreadyRevoked):
        issuing.revoke(certificate, by=sam, cause="mistake", reason="Again")
    assert Mail.objects.filter(key__startswith="certificate-revoked").count() == 1


def test_the_page_says_before_what_it_costs_and_asks_for_the_name(lin: User, course: Course) -> None:
    client = Client()
    client.force_login(lin)
    address = reverse("learners:ask_certificate", args=[course.slug])
    assert client.get(address).status_code == 404
    enroll(lin, course)
    assert "3 lessons are still to be done" in client.get(address).content.decode()
    do_all(lin, course)
    page = client.get(address).content.decode()
    assert "nothing of the price comes back any more" in page
    assert not Certificate.objects.exists()
    assert client.post(address, {"name": ""}).status_code == 422
    answer = client.post(address, {"name": NAME})
    found = Certificate.objects.shown().get()
    assert answer.url == found.get_absolute_url()
    assert found.name == NAME
    mine = client.get(found.get_absolute_url()).content.decode()
    assert "linkedin.com/profile/add?startTask=CERTIFICATION_NAME" in mine
    assert found.code_in_groups in client.get(reverse("learners:certificates")).content.decode()


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_five(lin: User, ada: User) -> None:
    client = Client()
    client.force_login(lin)
    counts = []
    for total in (1, 5):
        while lin.certificates.count() < total:
            make_certificate(lin, make_course(title=f"Course {lin.certificates.count()}"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("learners:certificates"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_api_does_what_the_pages_do(lin: User, sam: User, course: Course) -> None:
    api = APIClient()
    api.force_authenticate(lin)
    ask = reverse("api-course-certificate", args=[course.slug])
    assert api.post(ask, {"name": NAME}).json()["code"] == "no_right_to_course"
    enroll(lin, course)
    assert api.post(ask, {"name": NAME}).json()["code"] == "course_not_complete"
    do_all(lin, course)
    assert api.post(ask, {"name": " "}).status_code == 400
    told = api.post(ask, {"name": NAME}).json()
    assert (told["name"], told["course_version"], told["is_revoked"]) == (NAME, 1, False)
    one = reverse("api-certificate", args=[told["code"]])
    assert api.patch(one, {"is_name_shown": False}).json()["name"] == ""
    assert api.get(reverse("api-certificates")).json()["results"][0]["code"] == told["code"]
    assert api.get(reverse("api-credential", args=[told["code"]])).json()["credential"].count(".") == 2
    revoke = reverse("api-certificate-revoke", args=[told["code"]])
    assert api.post(revoke, {"cause": "mistake", "reason": "x"}).status_code == 403
    api.force_authenticate(sam)
    assert api.post(revoke, {"cause": "mistake", "reason": "x"}).status_code == 204
    assert api.post(revoke, {"cause": "mistake", "reason": "x"}).json()["code"] == "already_revoked"
    assert APIClient().get(one).json()["revocation_cause"] == "mistake"
