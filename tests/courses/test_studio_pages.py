"""The studio's pages: who comes in, what a form does without JavaScript, and that nothing written is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course
from marketplace.lib.money import Money
from moderation import reviews
from tests.courses.factories import add_lessons, make_category, make_course, make_picture, make_video
from tests.creators.factories import make_creator

pytestmark = pytest.mark.django_db
TABS = ("edit", "curriculum", "pricing", "publish", "preview")


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def studio(ada: User) -> Client:
    return as_(ada)


def draft(**facts: Any) -> Course:
    return make_course(title="Glazes", live=False, **facts)


def to(name: str, *args: Any) -> str:
    return reverse(f"studio:{name}", args=args)


def details(course: Course, **changes: Any) -> dict[str, Any]:
    version = course.draft
    return {"title": version.title, "level": version.level, "language": version.language,
            "category": version.category_id, "revision": version.revision, **changes}  # fmt: skip


class TestTheDoor:
    def test_asks_strangers_to_log_in(self) -> None:
        assert Client().get(to("courses")).url.startswith("/accounts/login/")

    def test_leads_people_who_are_no_creators_to_becoming_one(self, cole: User) -> None:
        for name in ("courses", "create", "uploads"):
            assert as_(cole).get(to(name)).url == reverse("creators:become")

    def test_shows_nobody_the_courses_of_others(self, ada: User, cole: User) -> None:
        lesson = draft().draft.lessons.first()
        make_creator(cole, "Cole")
        other = as_(User.objects.get(pk=cole.pk))
        for name in TABS:
            assert other.get(to(name, "glazes")).status_code == 404
        assert other.get(to("lesson", "glazes", lesson.pk)).status_code == 404
        for name in ("submit", "withdraw", "open_draft", "cover", "add_section", "move"):
            assert other.post(to(name, "glazes")).status_code == 404


class TestThePages:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_open_for_a_draft_a_waiting_and_a_live_course(self, studio: Client, ada: User, language: str) -> None:
        studio.cookies["django_language"] = language
        waiting = make_course(title="Kilns", live=False)
        waiting.draft.submit(by=ada)
        for course in (draft(), waiting, make_course(title="Clay")):
            for name in TABS:
                assert studio.get(to(name, course.slug)).status_code == 200, name
        assert studio.get(to("courses")).status_code == 200

    def test_ask_the_same_number_of_questions_for_few_and_many_lessons(
        self, studio: Client, django_assert_max_num_queries: Any
    ) -> None:
        course = draft()
        add_lessons(course.draft, 30)
        for name in TABS:
            with django_assert_max_num_queries(26):
                studio.get(to(name, "glazes"))

    def test_say_what_will_be_here_while_there_is_nothing(self, studio: Client) -> None:
        assert "Start your first course" in studio.get(to("courses")).content.decode()
        assert "No films yet" in studio.get(to("uploads")).content.decode()
        studio.post(to("create"), {"title": "Glazes"})
        assert "No sections yet" in studio.get(to("curriculum", "glazes")).content.decode()

    def test_list_films_with_the_lessons_that_use_them(self, studio: Client, ada: User) -> None:
        draft()
        make_video(ada, name="spare.mp4")
        page = studio.get(to("uploads")).content.decode()
        assert "Glazes · Lesson 1" in page
        assert "Not used by a lesson" in page

    def test_lock_what_is_under_review_and_what_is_live(self, studio: Client, ada: User) -> None:
        course = draft()
        assert "data-autosave" in studio.get(to("edit", "glazes")).content.decode()
        course.draft.submit(by=ada)
        page = studio.get(to("edit", "glazes")).content.decode()
        assert "data-autosave" not in page
        assert "Withdraw" in page

    def test_tell_the_creator_of_a_takedown_and_its_rule(self, studio: Client, sam: User) -> None:
        make_course(title="Clay").take_down(by=sam, rule_code="rights", reason="The music in lesson 2")
        page = studio.get(to("publish", "clay")).content.decode()
        assert "The creator may use what is shown" in page
        assert "The music in lesson 2" in page

    def test_explain_a_takedown_at_the_courses_own_address_to_its_creator_alone(
        self, studio: Client, cole: User, sam: User
    ) -> None:
        make_course(title="Clay").take_down(by=sam, rule_code="rights", reason="The music in lesson 2")
        own = studio.get("/courses/clay/")
        assert own.status_code == 410
        assert "The music in lesson 2" in own.content.decode()
        assert Client().get("/courses/clay/").status_code == 404
        assert as_(cole).get("/courses/clay/").status_code == 404


class TestTheDetailsForm:
    def test_saves_and_comes_back(self, studio: Client) -> None:
        course = draft()
        sent = details(course, subtitle="New", outcomes=["One", "", "Two"], category=make_category("design").pk)
        assert studio.post(to("edit", "glazes"), sent).url == to("edit", "glazes")
        version = course.draft
        assert (version.subtitle, version.outcomes, version.category.slug) == ("New", ["One", "Two"], "design")

    def test_keeps_the_words_of_a_second_window_and_lets_it_decide(self, studio: Client) -> None:
        course = draft()
        second = details(course, subtitle="From the second window")
        studio.post(to("edit", "glazes"), details(course, subtitle="From the first window"))
        refused = studio.post(to("edit", "glazes"), second)
        page = refused.content.decode()
        assert refused.status_code == 409
        assert "From the second window" in page
        assert "edited in another window" in page
        assert course.draft.subtitle == "From the first window"
        on_purpose = {**second, "revision": course.draft.revision}
        assert f'value="{on_purpose["revision"]}"' in page
        assert studio.post(to("edit", "glazes"), on_purpose).status_code == 302

    def test_shows_what_is_wrong_beside_what_was_written(self, studio: Client) -> None:
        answer = studio.post(to("edit", "glazes"), details(draft(), title="", description="Kept"))
        assert answer.status_code == 422
        assert "Kept" in answer.content.decode()

    def test_takes_a_cover(self, studio: Client) -> None:
        course = draft(cover=False)
        studio.post(to("cover", "glazes"), {"cover": make_picture()})
        assert course.draft.cover

    def test_previews_markdown_cleaned(self, studio: Client) -> None:
        answer = studio.post(to("text_preview"), {"description": "**bold** <script>alert(1)</script>"})
        page = answer.content.decode()
        assert "<strong>bold</strong>" in page
        assert "<script>alert" not in page


class TestTheCurriculum:
    def test_is_built_without_javascript(self, studio: Client) -> None:
        studio.post(to("create"), {"title": "Glazes"})
        course = Course.objects.get()
        studio.post(to("add_section", "glazes"), {"title": "Start"})
        section = course.draft.sections.get()
        studio.post(to("add_lesson", "glazes", section.pk), {"title": "Ash", "kind": "article"})
        studio.post(to("add_lesson", "glazes", section.pk), {"title": "Salt", "kind": "video"})
        studio.post(to("rename_section", "glazes", section.pk), {"title": "First steps"})
        first, second = course.draft.lessons.order_by("position")
        studio.post(to("move", "glazes"), {"lesson": second.pk, "direction": "up"})
        assert [lesson.title for lesson in course.draft.lessons.order_by("position")] == ["Salt", "Ash"]
        studio.post(to("remove_lesson", "glazes", first.pk))
        studio.post(to("remove_section", "glazes", section.pk))
        assert course.draft.sections.count() == 0

    def test_moves_a_lesson_over_the_edge_of_its_section(self, studio: Client, ada: User) -> None:
        course = draft()
        section = course.draft.add_section("End", by=ada)
        last = course.draft.lessons.order_by("position").last()
        studio.post(to("move", "glazes"), {"lesson": last.pk, "direction": "down"})
        last.refresh_from_db()
        assert last.section == section

    def test_moves_sections(self, studio: Client, ada: User) -> None:
        course = draft()
        section = course.draft.add_section("End", by=ada)
        studio.post(to("move", "glazes"), {"section": section.pk, "direction": "up"})
        assert course.draft.sections.first() == section

    def test_edits_an_article_and_marks_it_as_preview(self, studio: Client) -> None:
        section = draft().draft.sections.get()
        lesson = section.add_lesson("Reading", "article")
        address = to("lesson", "glazes", lesson.pk)
        assert studio.get(address).status_code == 200
        studio.post(address, {"title": "Reading", "article": "# Ash", "is_preview": "on", "revision": 0})
        lesson.refresh_from_db()
        assert (lesson.article, lesson.is_preview) == ("# Ash", True)
        late = studio.post(address, {"title": "Late", "article": "Mine", "revision": 0})
        assert late.status_code == 409
        assert "Mine" in late.content.decode()

    def test_gives_a_lesson_a_film_of_ones_own(self, studio: Client, ada: User, cole: User) -> None:
        lesson = draft().draft.lessons.first()
        address, film = to("attach_video", "glazes", lesson.pk), make_video(ada)
        assert studio.post(address, {"video": make_video(cole).pk}).status_code == 404
        studio.post(address, {"video": film.pk})
        lesson.refresh_from_db()
        assert lesson.video == film
        studio.post(to("detach_video", "glazes", lesson.pk))
        lesson.refresh_from_db()
        assert lesson.video is None


class TestPricing:
    def test_takes_the_currencys_own_minor_unit(self, studio: Client) -> None:
        course = draft(price=None)
        studio.post(to("pricing", "glazes"), {"is_free": "paid", "amount": "2,000", "currency": "JPY"})
        course.refresh_from_db()
        assert course.price == Money(2000, "JPY")

    @pytest.mark.parametrize(
        ("amount", "currency"),
        [
            ("19.995", "USD"),
            ("20.5", "JPY"),
            ("-3", "USD"),
            ("0", "USD"),
            ("abc", "USD"),
            ("999999", "USD"),
            ("", "USD"),
        ],
    )
    def test_refuses_what_cannot_be_charged_and_keeps_it_written(
        self, studio: Client, amount: str, currency: str
    ) -> None:
        course = draft(price=None)
        answer = studio.post(to("pricing", "glazes"), {"is_free": "paid", "amount": amount, "currency": currency})
        assert answer.status_code == 422
        assert f'value="{amount}"' in answer.content.decode() or not amount
        course.refresh_from_db()
        assert course.price is None

    def test_may_be_nothing(self, studio: Client) -> None:
        course = draft(price=None)
        studio.post(to("pricing", "glazes"), {"is_free": "free", "amount": "", "currency": "USD"})
        course.refresh_from_db()
        assert course.is_free

    def test_says_what_the_creator_earns(self, studio: Client) -> None:
        draft(price=Money(2000, "USD"))
        page = studio.get(to("pricing", "glazes")).content.decode()
        assert "$5.00" in page
        assert "$15.00" in page


class TestPublishing:
    def test_counts_what_is_done_and_links_to_what_is_not(self, studio: Client) -> None:
        draft(price=None)
        page = studio.get(to("publish", "glazes")).content.decode()
        assert "13 of 14 done" in page
        assert f'href="{to("pricing", "glazes")}"' in page

    def test_refuses_an_unready_course_with_a_page(self, studio: Client) -> None:
        draft(price=None)
        assert studio.post(to("submit", "glazes")).status_code == 409

    def test_goes_through_submit_withdraw_and_submit_again(self, studio: Client) -> None:
        course = draft()
        studio.post(to("submit", "glazes"), {"note": "Hello"})
        assert course.working_version.state == "submitted"
        studio.post(to("withdraw", "glazes"))
        assert course.working_version.state == "draft"
        studio.post(to("submit", "glazes"))
        assert course.working_version.submissions.count() == 2

    def test_shows_findings_beside_the_list_and_at_the_lesson(self, studio: Client, ada: User, sam: User) -> None:
        course = draft()
        submission = course.draft.submit(by=ada)
        lesson = course.working_version.lessons.first()
        found = {"rule_code": "sound_quality", "text": "It hums", "lesson_key": lesson.key, "at_second": 75}
        reviews.send_back(submission, sam, "Nearly there", [found])
        for address in (to("publish", "glazes"), to("lesson", "glazes", lesson.pk)):
            page = studio.get(address).content.decode()
            for words in ("The sound can be followed", "It hums", "1:15"):
                assert words in page

    def test_opens_a_new_version_of_a_live_course(self, studio: Client) -> None:
        course = make_course(title="Clay")
        assert studio.post(to("open_draft", "clay")).url == to("edit", "clay")
        assert course.draft.number == 2

    def test_previews_a_lesson_as_a_learner_will_see_it(self, studio: Client) -> None:
        section = draft().draft.sections.get()
        lesson = section.add_lesson("Reading", "article")
        lesson.edit(article="Some **ash**")
        page = studio.get(to("preview", "glazes"), {"lesson": lesson.pk}).content.decode()
        assert "<strong>ash</strong>" in page

    def test_previews_a_film_in_its_player_and_says_when_it_is_not_ready(self, studio: Client) -> None:
        section = draft().draft.sections.get()
        owner = section.version.course.creator.user
        films = {name: make_video(owner, name=f"{name}.mp4", ready=name == "ready") for name in ("ready", "coming")}
        pages = {}
        for name, film in films.items():
            lesson = section.add_lesson(name)
            lesson.attach_video(film)
            pages[name] = studio.get(to("preview", "glazes"), {"lesson": lesson.pk}).content.decode()
        assert "<lesson-player" in pages["ready"]
        assert "data-report" not in pages["ready"]  # what she looks at here is nobody's watching
        assert "The film of this lesson is not ready yet." in pages["coming"]
        assert "<lesson-player" not in pages["coming"]

    def test_previews_no_lesson_of_another_course_and_nothing_to_others(self, studio: Client, cole: User) -> None:
        other = make_course(title="Clay").live_lessons()[0]
        draft()
        assert studio.get(to("preview", "glazes"), {"lesson": other.pk}).status_code == 404
        make_creator(cole)
        assert as_(cole).get(to("preview", "glazes")).status_code == 404
