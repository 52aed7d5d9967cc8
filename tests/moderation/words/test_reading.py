"""Where the word lists act: what is refused is refused in a sentence that names word and rule; the rest is shown."""

import html

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models.version import NotReady
from creators.models import Creator, Institution
from learners.assignments import appeals, assessing
from learners.models import HandInDraft
from marketplace.lib import fit_words
from moderation.models import Case, ListedWord
from moderation.words import reading, watching
from tests import cast
from tests.courses.assignments import assignment_of, make_assignment_course, marks
from tests.courses.clips import cut
from tests.courses.factories import make_course
from tests.learners import works
from tests.learners.certified import do_all, make_certificate
from tests.learners.factories import enroll
from tests.moderation import decisions
from tests.moderation.factories import make_submission

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def listed(sam: User) -> None:
    for text, severity in (("gribble", "refuse"), ("quaggy", "person"), ("mildish", "mark")):
        ListedWord.objects.add(
            by=sam, text=text, severity=severity, language="en", rule_code="respect", reason="An insult."
        )  # fmt: skip


SAID = "“gr1bble” is not published here. The rule: People are treated with respect."


class TestCourses:
    def test_a_version_with_a_refused_word_is_not_submitted_and_says_where(self, ada: User) -> None:
        course = make_course(live=False)
        version = course.open_draft(by=ada)
        lesson = version.lessons.first()
        lesson.edit(title="You gr1bble", revision=lesson.revision)
        with pytest.raises(NotReady) as refusal:
            version.submit(by=ada)
        assert refusal.value.facts["missing"][0]["code"] == "words"
        assert SAID in refusal.value.facts["missing"][0]["label"]
        assert "You gr1bble: " in refusal.value.facts["missing"][0]["label"]
        lesson.refresh_from_db()
        assert lesson.title == "You gr1bble"  # never silently changed

    def test_other_findings_are_shown_to_the_creator_and_the_moderator(
        self, ada: User, sam: User, client: Client
    ) -> None:
        submission = make_submission("A quaggy and mildish thing")
        found = reading.in_version(submission.version)
        assert [(one.hit.written, one.place, one.is_for_person) for one in found] == [
            ("quaggy", "Title", True), ("mildish", "Title", False),
        ]  # fmt: skip
        client.force_login(sam)
        assert "<mark>quaggy</mark>" in client.get(reverse("moderation:case", args=[submission.pk])).content.decode()
        submission.withdraw(by=ada)
        client.force_login(ada)
        page = reverse("studio:publish", args=[submission.version.course.slug])
        assert "<mark>quaggy</mark>" in client.get(page).content.decode()
        mine = client.get(reverse("reports:words")).content.decode()
        assert "<mark>mildish</mark>" in mine
        told = client.get("/api/v1/reports/words/").json()
        assert [one["written"] for one in told[0]["found"]] == ["quaggy", "mildish"]

    def test_every_text_of_a_version_is_read(self, ada: User) -> None:
        version = make_course(live=False).open_draft(by=ada)
        version.outcomes = ["Be quaggy"]
        section = version.sections.first()
        section.title = "quaggy part"
        section.save()
        lesson = version.lessons.filter(kind="article").first() or version.lessons.first()
        type(lesson).objects.filter(pk=lesson.pk).update(article="It is q u a g g y.")
        places = {one.place for one in reading.in_version(version)}
        assert places == {"What people will learn", "Section", f"{lesson.title}: Text"}

    def test_is_read_once_until_it_or_the_list_changes(
        self, sam: User, ada: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version = make_course(live=False).open_draft(by=ada)
        reading.in_version(version)
        monkeypatch.setattr(reading.lists, "finder", lambda of=None: 1 / 0)
        reading.in_version(version)
        ListedWord.objects.add(
            by=sam, text="frobby", severity="mark", language="en", rule_code="respect", reason="An insult."
        )  # fmt: skip
        with pytest.raises(ZeroDivisionError):
            reading.in_version(version)


class TestOtherTexts:
    def test_names_of_people(self, client: Client) -> None:
        with pytest.raises(ValidationError, match="Gr1bble"):
            User.objects.sign_up(email="new@example.com", password=cast.PASSWORD, name="Gr1bble")
        cole = cast.cole()
        client.force_login(cole)
        answer = client.patch("/api/v1/me/", {"name": "gr1bble"}, content_type="application/json")
        assert answer.status_code == 400
        assert SAID in str(answer.json())
        page = client.post(
            reverse("accounts:settings"), {"name": "gr1bble", "language": "en", "time_zone": "UTC", "currency": "USD"}
        )  # fmt: skip
        assert SAID in page.content.decode()
        signed = client.post(
            "/api/v1/people/", {"email": "x@example.com", "password": cast.PASSWORD, "name": "gr1bble"}
        )
        assert signed.status_code == 400

    def test_creators_pages(self, ada: User, client: Client) -> None:
        with pytest.raises(ValidationError) as refusal:
            ada.creator.edit({"bio": "You gr1bble"})
        assert refusal.value.message_dict == {"bio": [SAID]}
        assert Creator.objects.get(pk=ada.creator.pk).bio == "I throw pots."
        client.force_login(ada)
        page = client.post(reverse("creators:edit"), {"name": "Ada", "bio": "You gr1bble"})
        assert SAID in page.content.decode()

    def test_institutions(self, ada: User) -> None:
        with pytest.raises(ValidationError, match="gr1bble"):
            Institution.objects.start(by=ada, name="gr1bble", domain="example.edu", kind="school", about="")

    def test_works_and_their_reviews(self, lin: User) -> None:
        lesson = assignment_of(make_assignment_course(reviewing="peers", own_reviews=1, fallback_days=7))
        with pytest.raises(ValidationError, match="gr1bble"):
            works.hand_in(lin, lesson, "You gr1bble")
        works.hand_in(lin, lesson, "A quaggy bowl")
        mia = works.people(1)[0]
        works.hand_in(mia, lesson)
        with pytest.raises(ValidationError, match="gr1bble"):
            works.review(mia, lesson, text="This gr1bble has made an even bowl.")

    def test_a_work_that_is_refused_for_a_word_is_kept_with_its_file(
        self, lin: User, ada: User, client: Client
    ) -> None:
        lesson = assignment_of(make_assignment_course("Pottery kept"))
        enroll(lin, lesson.version.course)
        client.force_login(lin)
        address = reverse("learners:hand_in_work", args=[lesson.version.course.slug, lesson.key])
        told = {"text": "My bowl, you gr1bble", "file": works.pdf(), "hand_in": "1"}
        page = html.unescape(client.post(address, told, follow=True).content.decode())
        assert SAID in page
        assert ">My bowl, you gr1bble</textarea>" in page
        assert not lin.hand_ins.exists()
        draft = HandInDraft.objects.get(learner=lin)
        assert (draft.text, [each.name for each in draft.files.all()]) == ("My bowl, you gr1bble", ["bowl.pdf"])

    def test_objections_to_results_and_their_answers(self, lin: User, ada: User, client: Client) -> None:
        lesson = assignment_of(make_assignment_course("Pottery alone"))
        work = works.hand_in(lin, lesson)
        assessing.assess_as_creator(ada, work.pk, marks(lesson, "Flat", "None"), "Too thick at the foot")
        with pytest.raises(ValidationError, match="gr1bble"):
            appeals.appeal(lin, lesson, 1, "This gr1bble looked at another picture than mine.")
        client.force_login(lin)
        address = reverse("learners:appeal_result", args=[lesson.version.course.slug, lesson.key, 1])
        page = client.post(address, {"text": "This gr1bble looked at another picture than mine."})
        assert page.status_code == 422
        assert SAID in html.unescape(page.content.decode())
        assert ">This gr1bble looked at another picture than mine.</textarea>" in page.content.decode()
        appeals.appeal(lin, lesson, 1, "You looked at another picture than mine.")
        with pytest.raises(ValidationError, match="gr1bble"):
            appeals.rule(ada, work.pk, marks(lesson, "Round", "Even"), "I did not look twice, you gr1bble.")

    def test_a_name_for_a_certificate_is_refused_beside_its_field(self, lin: User, client: Client) -> None:
        course = make_course()
        enroll(lin, course)
        do_all(lin, course)
        client.force_login(lin)
        page = client.post(reverse("learners:ask_certificate", args=[course.slug]), {"name": "gr1bble"})
        assert page.status_code == 422
        assert SAID in html.unescape(page.content.decode())
        assert not lin.certificates.exists()
        assert lin.enrollments.get().completed_at is None

    def test_names_on_certificates(self, lin: User) -> None:
        with pytest.raises(ValidationError, match="gr1bble"):
            make_certificate(lin, make_course(), "gr1bble")

    def test_what_is_not_listed_as_refused_is_accepted(self, ada: User) -> None:
        ada.creator.edit({"bio": "A quaggy person"})
        assert Creator.objects.get(pk=ada.creator.pk).bio == "A quaggy person"
        assert fit_words.refused({"bio": "quaggy"}) == {}

    def test_a_report_may_quote_what_it_reports(self, ada: User, lin: User, client: Client) -> None:
        client.force_login(lin)
        told = {"rule_code": "respect", "text": "She says gribble."}
        answer = client.post(reverse("reports:make", args=["creator", ada.creator.slug]), told)
        assert answer.status_code == 302


class TestTheNight:
    def test_a_page_that_a_person_should_judge_opens_one_case_for_each_wording(self, ada: User, sam: User) -> None:
        ada.creator.edit({"bio": "A quaggy person"})
        assert [watching.open_cases() for _night in range(2)] == [1, 0]
        case = Case.objects.get(kind="creator", key=ada.creator.slug)
        assert case.evidence.get().shown["bio"] == "A quaggy person"
        assert "quaggy" in case.reports.get().text
        decisions.decide_case(case, "dismiss", sam)
        assert watching.open_cases() == 0  # judged already
        ada.creator.edit({"bio": "A quaggy, quaggy person"})
        assert watching.open_cases() == 1

    def test_a_mark_is_no_case(self, ada: User) -> None:
        ada.creator.edit({"bio": "A mildish person"})
        assert watching.open_cases() == 0


class TestClips:
    def test_title_and_line_of_a_clip_are_refused_when_it_is_cut_and_when_it_is_changed(self, ada: User) -> None:
        course = make_course()
        for words in ({"title": "A gr1bble"}, {"line": "Like a gribble"}):
            with pytest.raises(ValidationError) as refused:
                cut(course, **words)
            assert refused.value.message_dict == {next(iter(words)): [SAID.replace("gr1bble", words_of(words))]}
        clip = cut(course, title="Plain")
        with pytest.raises(ValidationError):
            clip.edit(ada, line="A gribble")
        clip.refresh_from_db()
        assert clip.title == "Plain"
        assert "gribble" not in clip.line


def words_of(words: dict[str, str]) -> str:
    return next(iter(words.values())).split()[-1]
