"""Courses under an institution's name, and the filter that counts them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses import wide_facets
from courses.models import Course, Listing
from courses.models.listing import AlreadyListed
from creators.models import Institution
from discovery import index
from marketplace.lib.errors import NotAllowed
from tests import cast
from tests.courses.factories import make_course, make_skill
from tests.creators.factories import make_creator
from tests.creators.institutions import add_member, make_institution, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(ada: User) -> Institution:
    return make_institution(ada)


def institutions(boxes: Any) -> dict[str, tuple[int, bool]]:
    options = next((options for label, options in boxes if str(label) == "Institution"), [])
    return {str(option.label): (option.count, option.is_chosen) for option in options}


class TestListing:
    @pytest.mark.parametrize(("role", "may"), [("owner", True), ("editor", True), ("viewer", False), ("", False)])
    def test_members_list_their_own_courses_by_their_role(self, school: Institution, role: str, may: bool) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Glazes")
        course = make_course(bea, title="Glazes")
        if role:
            add_member(school, bea.user, role)
        if may:
            Listing.objects.list_course(course, school, by=bea.user)
            assert Course.objects.get(pk=course.pk).institution == school
        else:
            with pytest.raises(NotAllowed):
                Listing.objects.list_course(course, school, by=bea.user)

    def test_nobody_lists_another_s_course_and_none_twice(self, school: Institution, ada: User) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Glazes")
        with pytest.raises(NotAllowed):
            Listing.objects.list_course(make_course(bea, title="Glazes"), school, by=ada)
        course = make_course()
        Listing.objects.list_course(course, school, by=ada)
        with pytest.raises(AlreadyListed):
            Listing.objects.list_course(course, make_institution(ada, name="Another"), by=ada)

    @pytest.mark.parametrize(
        ("who", "may"), [("creator", True), ("owner", True), ("editor", False), ("stranger", False)]
    )
    def test_it_is_ended_by_its_creator_or_an_owner(self, school: Institution, ada: User, who: str, may: bool) -> None:
        bea, rose = make_creator(cast.person("Bea"), "Bea Glazes"), cast.person("Rose")
        add_member(school, bea.user, "editor")
        row = Listing.objects.list_course(make_course(bea, title="Glazes"), school, by=bea.user)
        add_member(school, rose, "editor")
        by = {"creator": bea.user, "owner": ada, "editor": rose, "stranger": cast.cole()}[who]
        if may:
            row.end(by=by)
            assert Course.objects.get(pk=row.course_id).institution is None
        else:
            with pytest.raises(NotAllowed):
                row.end(by=by)

    def test_pages_do_both(self, school: Institution, ada: User, client: Client) -> None:
        course = make_course()
        client.force_login(ada)
        client.post(reverse("studio:list_course", args=[school.slug]), {"course": course.slug})
        row = Listing.objects.get()
        assert course.title in client.get(school.get_absolute_url()).content.decode()
        shown = client.get(course.get_absolute_url()).content.decode()
        assert school.name in shown
        assert 'role="img" aria-label="Verified institution:"' in shown
        client.post(reverse("studio:end_listing", args=[school.slug, row.pk]))
        assert Course.objects.get(pk=course.pk).institution is None

    def test_who_left_takes_her_course_out_and_no_other(self, school: Institution, ada: User, client: Client) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Glazes").user
        member = add_member(school, bea, "editor")
        hers, other = make_course(bea.creator, title="Glazes"), make_course(title="Slab building")
        row, adas = (Listing.objects.list_course(one, school, by=one.creator.user) for one in (hers, other))
        member.end(by=bea)
        client.force_login(bea)
        address = reverse("studio:end_listing", args=[school.slug, row.pk])
        page = client.get(reverse("institutions:mine")).content.decode()
        assert (address in page, other.title in page) == (True, False)
        assert client.post(reverse("studio:end_listing", args=[school.slug, adas.pk])).status_code == 404
        assert client.post(reverse("studio:end_listing", args=["another", row.pk])).status_code == 404
        answer: Any = client.post(address)
        assert (answer.status_code, answer.url) == (302, reverse("institutions:mine"))
        assert Course.objects.get(pk=hers.pk).institution is None
        assert address not in client.get(reverse("institutions:mine")).content.decode()


class TestCreatorsPage:
    """Which verified institutions a creator offers courses under, with what their badge stands on."""

    PROOF = "The register of schools names it."

    def page(self, client: Client, ada: User) -> str:
        return client.get(f"{ada.creator.get_absolute_url()}?fresh").content.decode()

    def test_it_shows_those_under_whose_name_she_offers_courses(
        self, school: Institution, ada: User, client: Client
    ) -> None:
        make_institution(ada, name="Only a member", domain="member.example")
        course = make_course()
        assert self.PROOF not in self.page(client, ada)
        row = Listing.objects.list_course(course, school, by=ada)
        page = self.page(client, ada)
        assert (school.name in page, self.PROOF in page, "Only a member" in page) == (True, True, False)
        row.end(by=ada)
        assert self.PROOF not in self.page(client, ada)

    def test_the_api_says_the_same(self, school: Institution, ada: User, client: Client) -> None:
        course, address = make_course(), reverse("api-creator", args=[ada.creator.slug])
        assert client.get(address).json()["institutions"] == []
        Listing.objects.list_course(course, school, by=ada)
        (told,) = client.get(address).json()["institutions"]
        assert (told["slug"], told["name"]) == (school.slug, school.name)
        assert told["proof"]["checked"] == "The register of schools names it."
        assert told["proof"]["link"] == "https://schools.example/1"
        verify(school, "withdrawn")
        assert client.get(address).json()["institutions"] == []

    def test_without_its_badge_or_its_member_it_is_gone(self, school: Institution, ada: User, client: Client) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Glazes")
        member = add_member(school, bea.user, "editor")
        Listing.objects.list_course(make_course(bea, title="Glazes"), school, by=bea.user)
        assert self.PROOF in self.page(client, bea.user)
        verify(school, "withdrawn")
        assert self.PROOF not in self.page(client, bea.user)
        verify(school)
        member.end(by=bea.user)
        assert self.PROOF not in self.page(client, bea.user)

    def test_a_course_that_nobody_sees_names_none(self, school: Institution, ada: User, client: Client) -> None:
        course = make_course()
        Listing.objects.list_course(course, school, by=ada)
        course.take_down(by=cast.sam(), rule_code="spam", reason="Spam")
        assert self.PROOF not in self.page(client, ada)


class TestFacet:
    @pytest.fixture
    def shop(self, school: Institution, ada: User) -> Institution:
        python = make_skill("python")
        for title, skills in (("Clay one", {python: 1}), ("Clay two", None)):
            Listing.objects.list_course(make_course(title=title, skills=skills), school, by=ada)
        make_course(title="Clay elsewhere", skills={python: 1})
        index.refresh(everything=True)
        return school

    @pytest.mark.parametrize(
        ("asked", "total", "offered"),
        [
            ({}, 3, {"Jingdezhen School of Clay": (2, False)}),
            ({"institution": "jingdezhen-school-of-clay"}, 2, {"Jingdezhen School of Clay": (2, True)}),
            (
                {"institution": "jingdezhen-school-of-clay", "skill": "python"},
                1,
                {"Jingdezhen School of Clay": (1, True)},
            ),
            ({"skill": "python"}, 2, {"Jingdezhen School of Clay": (1, False)}),
            ({"institution": "nowhere"}, 0, {"Jingdezhen School of Clay": (2, False)}),
        ],
    )
    def test_counts_are_the_rows(
        self, shop: Institution, client: Client, asked: dict[str, str], total: int, offered: dict
    ) -> None:
        context: Any = client.get(reverse("courses:catalogue"), asked).context
        assert (context["page"].total, len(context["page"].rows)) == (total, total)
        assert institutions(context["boxes"]) == offered
        results: Any = client.get(reverse("discovery:search"), {"q": "clay", **asked}).context["results"]
        assert (results.total, len(results.cards)) == (total, total)
        assert institutions(results.boxes) == offered

    def test_its_name_is_remembered_and_goes_with_its_badge(
        self, shop: Institution, django_assert_num_queries: Any
    ) -> None:
        assert Institution.objects.known()[shop.pk] == (shop.slug, shop.name)
        with django_assert_num_queries(0):
            assert shop.pk in Institution.objects.known()
        verify(shop, "withdrawn")
        assert shop.pk not in Institution.objects.known()

    def test_without_its_badge_it_is_no_filter(self, shop: Institution, client: Client) -> None:
        verify(shop, "withdrawn")
        context: Any = client.get(reverse("courses:catalogue")).context
        assert (context["page"].total, institutions(context["boxes"])) == (3, {})
        assert client.get(reverse("api-courses"), {"institution": shop.slug}).json()["results"] == []
        assert ("institution", shop.pk) not in wide_facets.counted({}).by_choice


def test_the_counts_of_a_creator_are_one_question(ada: User, django_assert_num_queries: Any) -> None:
    """They are kept nowhere, so each of her pages asks."""
    course = make_course(title="Kilns")
    slug = course.creator.slug
    with django_assert_num_queries(1):
        counted = wide_facets.counted({}, slug)
    assert (counted.total, counted.by_choice["level", course.level]) == (1, 1)
    with django_assert_num_queries(2):  # what the skill leaves, and what is left without it
        assert wide_facets.counted({"skill": 0}, slug).total == 0
