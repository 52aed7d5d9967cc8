"""A creator's courses: on her page, and in the catalogue that is narrowed to her."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course, Listing, Restriction
from courses.templatetags import catalogue
from marketplace.lib.money import Money
from tests.courses.clips import make_clip
from tests.courses.factories import make_course, make_skill
from tests.creators.factories import make_creator
from tests.creators.institutions import make_institution, verify
from tests.payments.bundles import bundle_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(ada: User, lin: User) -> list[Course]:
    """Three of Ada's, one of them free, and two free ones of somebody else."""
    python, other = make_skill("python"), make_creator(lin, "Zed Quist")
    for number in range(2):
        make_course(other, title=f"Zed {number}", price=Money(0, "USD"), skills={python: 1}, lessons=1)
    return [
        make_course(title="Free bowl", price=Money(0, "USD"), level="beginner", skills={python: 1}, lessons=1),
        make_course(title="Deep bowl", level="advanced", skills={python: 1}, lessons=1),
        make_course(title="Plain bowl", level="advanced", lessons=1),
    ]


def counted(client: Client, asked: dict[str, str], label: str) -> tuple[int, dict[str, int]]:
    context: Any = client.get(reverse("courses:catalogue"), asked).context
    options = next((options for name, options in context["boxes"] if str(name) == label), [])
    return context["page"].total, {str(option.label): option.count for option in options}


@pytest.mark.parametrize(
    ("asked", "label", "total", "numbers"),
    [
        ({}, "Price", 3, {"Free": 1, "Paid": 2}),
        ({}, "Skill", 3, {"Python": 2}),
        ({"price": "paid"}, "Level", 2, {"Advanced": 2}),
        ({"skill": "python"}, "Price", 2, {"Free": 1, "Paid": 1}),
        ({"skill": "python", "price": "paid"}, "Skill", 1, {"Python": 1}),
    ],
)
def test_filters_count_her_courses_alone(
    client: Client, shop: list[Course], asked: dict[str, str], label: str, total: int, numbers: dict[str, int]
) -> None:
    asked = {"creator": shop[0].creator.slug, **asked}
    assert counted(client, asked, label) == (total, numbers)
    assert len(client.get(reverse("courses:catalogue"), asked).context["page"].cards) == total


def test_the_catalogue_says_whose_courses_it_shows(client: Client, shop: list[Course]) -> None:
    page = client.get(reverse("courses:catalogue"), {"creator": shop[0].creator.slug}).content.decode()
    assert f"<h1>{shop[0].creator.name}</h1>" in page
    assert 'content="noindex, follow"' in page
    assert "<h1>All courses</h1>" in client.get(reverse("courses:catalogue"), {"creator": "nobody"}).content.decode()


def test_a_limited_course_stands_on_no_page_of_hers_and_is_not_indexed(
    client: Client, shop: list[Course], sam: User
) -> None:
    course, home = shop[2], shop[0].creator.get_absolute_url()
    bundle = bundle_of([course, make_course(title="Other bowl", lessons=1)], 1500)
    pages = [
        course.get_absolute_url(), reverse("courses:versions", args=[course.slug]),
        reverse("community:ratings", args=[course.slug]), make_clip(course).get_absolute_url(),
        bundle.get_absolute_url(),
    ]  # fmt: skip
    assert "Plain bowl" in client.get(home).content.decode()
    assert all('name="robots"' not in client.get(page).content.decode() for page in pages)
    Restriction.objects.impose("limit", course, by=sam, rule_code="privacy", rule_version=1, reason="Looked at")
    assert "Plain bowl" not in client.get(home).content.decode()
    for page in pages:
        assert '<meta name="robots" content="noindex, follow">' in client.get(page, {"drawn": "anew"}).content.decode()


def test_her_page_leads_to_those_that_it_has_no_place_for(
    client: Client, shop: list[Course], monkeypatch: pytest.MonkeyPatch
) -> None:
    creator = shop[0].creator
    more = f'href="{reverse("courses:catalogue")}?creator={creator.slug}"'
    monkeypatch.setattr(catalogue, "MOST_OF_A_CREATOR", 3)
    page = client.get(creator.get_absolute_url()).content.decode()
    assert page.count("course-card__title") == 3
    assert more not in page
    monkeypatch.setattr(catalogue, "MOST_OF_A_CREATOR", 2)
    page = client.get(creator.get_absolute_url(), {"drawn": "anew"}).content.decode()
    assert page.count("course-card__title") == 2
    assert more in page


def test_so_does_an_institution_s_while_it_is_verified(
    client: Client, shop: list[Course], ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = make_institution(ada)
    for course in shop:
        Listing.objects.list_course(course, school, by=ada)
    more = f'href="{reverse("courses:catalogue")}?institution={school.slug}"'
    monkeypatch.setattr(catalogue, "MOST_OF_A_CREATOR", 2)
    assert more in client.get(school.get_absolute_url()).content.decode()
    verify(school, "withdrawn")
    page = client.get(school.get_absolute_url())
    assert page.status_code == 404 or more not in page.content.decode()
