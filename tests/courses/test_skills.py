"""What courses teach: written by staff and creators, closed with the version, counted by catalogue and search."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEvent, RoleGrant, User
from courses import wide_facets
from courses.models import Course, Listing, Restriction, Skill, SkillLevel, TaughtSkill
from courses.models.version import VersionClosed
from courses.templatetags import filter_boxes
from discovery import index
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from tests import cast
from tests.courses.factories import make_category, make_course, make_skill, publish
from tests.creators.institutions import make_institution

pytestmark = pytest.mark.django_db


def by_name(boxes: Any) -> dict[str, tuple[int | None, bool]]:
    """The skills that a page's filters offer, with what each would leave."""
    options = next((options for label, options in boxes if str(label) == "Skill"), [])
    return {str(option.label): (option.count, option.is_chosen) for option in options}


@pytest.fixture
def shop(ada: User) -> dict[str, Course]:
    """Three courses: two of Python (one of SQL too), one of SQL, one without a skill; a free one among them."""
    python, sql = make_skill("python"), make_skill("databases-sql")
    shop = {
        "both": make_course(title="Python with tables", level="beginner", skills={python: 2, sql: 1}),
        "free": make_course(title="Python for nothing", price=Money(0, "USD"), level="beginner", skills={python: 1}),
        "sql": make_course(title="Tables alone", level="advanced", skills={sql: 3}),
        "none": make_course(title="Pottery of tables", category=make_category("crafts-heritage")),
    }
    index.refresh(everything=True)
    return shop


class TestStaff:
    def test_write_a_skill_and_the_log_keeps_how_it_was(self, sam: User) -> None:
        skill = make_skill("glazing")
        skill.name_en = "Glazing pots"
        Skill.objects.curate(skill, by=sam)
        event = AuditEvent.objects.filter(verb="skill.edit").latest("pk")
        assert (event.actor, event.facts["before"]["name_en"]) == (sam, "Glazing")
        assert event.facts["after"]["name_en"] == "Glazing pots"

    def test_nobody_else_does(self, ada: User) -> None:
        with pytest.raises(NotAllowed):
            Skill.objects.curate(Skill(slug="x", name_en="X", name_zh="叉", category=make_category()), by=ada)

    def test_a_skill_has_a_name_in_both_languages(self, sam: User) -> None:
        with pytest.raises(ValidationError):
            Skill.objects.curate(Skill(slug="x", name_en="X", name_zh="", category=make_category()), by=sam)
        with pytest.raises(IntegrityError), transaction.atomic():
            Skill.objects.filter(pk=make_skill("python").pk).update(name_zh="")

    def test_the_data_pages_do_it_with_the_same_verb_and_never_delete(self, client: Client) -> None:
        root = cast.person("Root", role=RoleGrant.Role.ADMIN)
        client.force_login(root)
        told = {
            "slug": "weaving",
            "name_en": "Weaving",
            "name_zh": "编织",
            "category": make_category().pk,
            "position": 3,
        }
        answer = client.post(reverse("admin:courses_skill_add"), told)
        assert answer.status_code == 302
        skill = Skill.objects.get(slug="weaving")
        assert AuditEvent.objects.get(verb="skill.add").target == f"courses.skill:{skill.pk}"
        assert client.post(reverse("admin:courses_skill_delete", args=[skill.pk])).status_code == 403


class TestTeaching:
    def test_a_draft_says_what_it_teaches_and_the_next_version_keeps_it(self, ada: User) -> None:
        python = make_skill("python")
        course = make_course(skills={python: 2})
        assert Course.objects.get(pk=course.pk).skill_ids == [python.pk]
        copy = course.open_draft(by=ada)
        assert [(row.skill, row.level) for row in copy.skills.all()] == [(python, SkillLevel.WORKING)]

    def test_learners_see_a_change_when_it_is_approved(self, ada: User, client: Client) -> None:
        python, sql = make_skill("python"), make_skill("databases-sql")
        course = make_course(skills={python: 2})
        draft = course.open_draft(by=ada)
        TaughtSkill.objects.put(draft, {sql: 3}, by=ada)
        assert Course.objects.get(pk=course.pk).skill_ids == [python.pk]
        publish(draft)
        assert Course.objects.get(pk=course.pk).skill_ids == [sql.pk]
        shown = client.get(course.get_absolute_url()).context["skills"]
        assert [(one.skill, one.level) for one in shown] == [(sql, 3)]

    def test_what_was_submitted_is_closed(self, ada: User, sam: User) -> None:
        python = make_skill("python")
        course = make_course(skills={python: 1})
        with pytest.raises(VersionClosed):
            TaughtSkill.objects.put(course.live_version, {python: 3}, by=ada)
        with pytest.raises(DatabaseError), transaction.atomic():
            TaughtSkill.objects.filter(version=course.live_version).update(level=3)

    @pytest.mark.parametrize("levels", [{"python": 4}, {"python": 0}])
    def test_a_level_is_one_of_three(self, ada: User, levels: dict[str, int]) -> None:
        course = make_course(live=False)
        with pytest.raises(ValidationError):
            TaughtSkill.objects.put(course.draft, {make_skill(name): n for name, n in levels.items()}, by=ada)

    def test_six_at_most_none_that_is_retired_and_nobody_else_s(self, ada: User, sam: User, cole: User) -> None:
        draft = make_course(live=False).draft
        many = {make_skill(f"skill-{number}"): 1 for number in range(7)}
        with pytest.raises(ValidationError):
            TaughtSkill.objects.put(draft, many, by=ada)
        old = make_skill("old")
        old.retire(True, by=sam)
        with pytest.raises(ValidationError):
            TaughtSkill.objects.put(draft, {old: 1}, by=ada)
        with pytest.raises(NotAllowed):
            TaughtSkill.objects.put(draft, {make_skill("python"): 1}, by=cole)

    def test_a_retired_skill_stays_where_it_is_taught(self, ada: User, sam: User) -> None:
        skill = make_skill("old")
        course = make_course(skills={skill: 1})
        skill.retire(True, by=sam)
        draft = course.open_draft(by=ada)
        TaughtSkill.objects.put(draft, {skill: 2}, by=ada)
        assert draft.skills.get().level == 2

    def test_the_studio_s_form(self, ada: User, client: Client) -> None:
        python = make_skill("python")
        course = make_course(live=False)
        client.force_login(ada)
        url = reverse("studio:skills", args=[course.slug])
        client.post(url, {"skill_0": python.pk, "level_0": 3})
        assert course.draft.skills.get().level == 3
        page = client.get(reverse("studio:edit", args=[course.slug])).content.decode()
        assert f'<option value="{python.pk}" selected>' in page
        said = client.post(url, {"skill_0": python.pk, "level_0": 1, "skill_1": python.pk, "level_1": 2}, follow=True)
        assert "A skill stands here twice." in said.content.decode()
        assert course.draft.skills.get().level == 3

    def test_the_api_reads_and_writes(self, ada: User, client: Client) -> None:
        python, course = make_skill("python"), make_course(live=False)
        client.force_login(ada)
        url = reverse("api-studio-skills", args=[course.slug])
        told = {"skills": [{"skill": "python", "level": 2}]}
        answer = client.put(url, told, "application/json")
        assert answer.json() == [{"skill": "python", "name": python.name, "level": 2}]
        for wrong in ({"skills": told["skills"] * 2}, {"skills": [{"skill": "nothing", "level": 1}]}, {}):
            assert client.put(url, wrong, "application/json").status_code == 400
        assert client.get(url).json() == answer.json()


class TestCatalogue:
    @pytest.mark.parametrize(
        ("asked", "total", "skills"),
        [
            ({}, 4, {"Python": (2, False), "Databases and SQL": (2, False)}),
            ({"skill": "python"}, 2, {"Python": (2, True), "Databases and SQL": (2, False)}),
            ({"skill": "python", "price": "free"}, 1, {"Python": (1, True)}),
            ({"level": "advanced"}, 1, {"Databases and SQL": (1, False)}),
            ({"skill": "nothing"}, 0, {"Python": (2, False), "Databases and SQL": (2, False)}),
        ],
    )
    def test_counts_are_the_rows(
        self, client: Client, shop: dict, asked: dict[str, str], total: int, skills: dict
    ) -> None:
        context: Any = client.get(reverse("courses:catalogue"), asked).context
        assert (context["page"].total, len(context["page"].rows)) == (total, total)
        assert by_name(context["boxes"]) == skills

    @pytest.mark.parametrize(
        ("asked", "total", "skills"),
        [
            ({}, 3, {"Python": (1, False), "Databases and SQL": (2, False)}),
            ({"skill": "python"}, 1, {"Python": (1, True), "Databases and SQL": (2, False)}),
            ({"skill": "databases-sql", "level": "advanced"}, 1, {"Databases and SQL": (1, True)}),
        ],
    )
    def test_so_are_those_of_a_search(
        self, client: Client, shop: dict, asked: dict[str, str], total: int, skills: dict
    ) -> None:
        results: Any = client.get(reverse("discovery:search"), {"q": "tables", **asked}).context["results"]
        assert (results.total, len(results.cards)) == (total, total)
        assert by_name(results.boxes) == skills

    def test_other_filters_count_what_the_skill_leaves(self, client: Client, shop: dict) -> None:
        context: Any = client.get(reverse("courses:catalogue"), {"skill": "python"}).context
        prices = next(options for label, options in context["boxes"] if str(label) == "Price")
        assert [(str(option.label), option.count) for option in prices] == [("Free", 1), ("Paid", 1)]

    def test_what_a_moderator_has_limited_is_not_counted(self, shop: dict, sam: User) -> None:
        facts = {"rule_code": "privacy", "rule_version": 1, "reason": "Looked at"}
        Restriction.objects.impose("limit", shop["both"], by=sam, **facts)
        counted = wide_facets.counted({})
        assert (counted.total, counted.by_choice["skill", make_skill("python").pk]) == (3, 1)

    def test_the_api_filters_too(self, client: Client, shop: dict) -> None:
        found = client.get(reverse("api-courses"), {"skill": "databases-sql"}).json()["results"]
        assert {one["title"] for one in found} == {"Python with tables", "Tables alone"}
        assert client.get(reverse("api-courses"), {"skill": "nothing"}).json()["results"] == []
        read = client.get(reverse("api-course", args=[shop["both"].slug])).json()["skills"]
        assert [(one["skill"], one["level"]) for one in read] == [("python", 2), ("databases-sql", 1)]


def tallies(queries: CaptureQueriesContext) -> int:
    return sum("GROUP BY" in query["sql"] for query in queries)


class TestCost:
    """A skill that a tenth of all courses teach takes as long to tally as it has courses."""

    def test_pages_with_a_skill_tally_it_once_until_the_window_changes(
        self, client: Client, shop: dict, ada: User
    ) -> None:
        address = reverse("courses:catalogue")
        with CaptureQueriesContext(connection) as first:
            client.get(address, {"skill": "python", "level": "beginner"})
        assert tallies(first) == 2  # all courses, and those that teach it
        with CaptureQueriesContext(connection) as others:
            for more in ({"price": "free"}, {"price": "paid"}, {"level": "beginner", "sort": "newest"}):
                client.get(address, {"skill": "python", **more})
        assert tallies(others) == 0
        shop["sql"].set_price(Money(2500, "USD"), by=ada)
        with CaptureQueriesContext(connection) as after:
            client.get(address, {"skill": "python", "price": "paid"})
        assert tallies(after) == 2

    def test_so_do_pages_with_a_skill_of_an_institution(self, client: Client, shop: dict, ada: User) -> None:
        school = make_institution(ada)
        Listing.objects.list_course(shop["both"], school, by=ada)
        asked = {"skill": "python", "institution": school.slug}
        page: Any = client.get(reverse("courses:catalogue"), {**asked, "price": "paid"})
        assert page.context["page"].total == 1
        with CaptureQueriesContext(connection) as others:
            client.get(reverse("courses:catalogue"), {**asked, "level": "beginner"})
        assert tallies(others) == 0

    def test_the_shelf_of_a_skill_tallies_nothing_of_its_own(self, client: Client, shop: dict) -> None:
        client.get(reverse("courses:catalogue"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(make_skill("python").get_absolute_url()).context["total"] == 2
        assert tallies(queries) == 0

    def test_its_cards_are_drawn_once(self, client: Client, shop: dict) -> None:
        address = make_skill("python").get_absolute_url()
        before = client.get(address).content
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address, {"again": "1"}).content
        assert not [query for query in queries if "cover_small" in query["sql"]]
        assert page.count(b"course-card__title") == before.count(b"course-card__title") == 2


class TestPages:
    def test_no_number_of_courses_is_said_exactly_beyond_a_thousand(
        self, client: Client, shop: dict, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(filter_boxes, "MOST_COUNTED", 1)
        page = client.get(make_skill("python").get_absolute_url()).content.decode()
        assert "1+ courses teach it." in page
        overview = client.get(reverse("courses:skills")).content.decode()
        assert '<span class="muted small">1+<span' in overview
        assert '<span class="muted small">2<span' not in overview

    def test_the_shelf_of_a_skill_stands_by_level(self, client: Client, shop: dict) -> None:
        context: Any = client.get(make_skill("databases-sql").get_absolute_url()).context
        told = ((1, "Python with tables"), (3, "Tables alone"))
        for (level, _words, (card,)), (wanted, title) in zip(context["shelves"], told, strict=True):
            assert (level, title in card) == (wanted, True)
        assert context["total"] == 2

    def test_an_empty_shelf_says_so_and_an_unknown_one_is_not_there(self, client: Client, db: None) -> None:
        assert "No course teaches this yet" in client.get(make_skill("lacquer").get_absolute_url()).content.decode()
        assert client.get(reverse("courses:skill", args=["no-such-skill"])).status_code == 404

    def test_the_list_is_named_in_the_reader_s_language(self, client: Client, shop: dict) -> None:
        client.cookies["django_language"] = "zh-hans"
        with translation.override("zh-hans"):
            page = client.get(reverse("courses:skills")).content.decode()
        assert "数据库与 SQL" in page
        assert "Databases and SQL" not in page

    def test_search_engines_are_told(self, client: Client, shop: dict) -> None:
        assert reverse("courses:skill", args=["python"]) in client.get("/sitemap-skills.xml").content.decode()
