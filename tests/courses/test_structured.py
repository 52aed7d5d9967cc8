"""What pages tell search engines in schema.org's words: every kind of page, and what readers of it require."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course, Listing
from marketplace.lib.money import Money
from tests.courses.factories import make_category, make_course, make_skill
from tests.courses.test_collections import make as curate
from tests.creators.institutions import make_institution, verify

pytestmark = pytest.mark.django_db

BLOCK = re.compile(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', re.DOTALL)
# What Google's pages on each kind say is required, and what we promise beside it.
REQUIRED = {
    "Course": {"name", "description", "url", "provider", "creator", "offers", "hasCourseInstance", "inLanguage"},
    "CourseInstance": {"courseMode", "courseWorkload"},
    "Offer": {"category", "price", "priceCurrency"},
    "Syllabus": {"name"},
    "Audience": {"audienceType"},
    "Person": {"name", "url"},
    "Organization": {"name", "url"},
    "EducationalOrganization": {"name", "url"},
    "CollegeOrUniversity": {"name", "url"},
    "BreadcrumbList": {"itemListElement"},
    "ItemList": {"name", "url", "itemListElement", "numberOfItems"},
    "WebSite": {"name", "url", "potentialAction"},
    "SearchAction": {"target", "query-input"},
    "EntryPoint": {"urlTemplate"},
    "ProfilePage": {"mainEntity", "dateCreated"},
    "DefinedTerm": {"name", "inDefinedTermSet"},
}
ADDRESSES = {"url", "item", "image", "urlTemplate", "sameAs"}


def told(client: Client, address: str, language: str = "en") -> dict[str, dict[str, Any]]:
    """What the page says, by type, each of it valid."""
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, address
    found = [json.loads(text) for text in BLOCK.findall(answer.content.decode())]
    for one in found:
        assert one["@context"] == "https://schema.org"
        must_be_valid(one)
    return {one["@type"]: one for one in found}


def must_be_valid(thing: dict[str, Any]) -> None:
    kind = thing["@type"]
    if kind != "ListItem":
        assert REQUIRED.get(kind, set()) <= {name for name, value in thing.items() if value not in (None, "", [])}, kind
    for at, one in enumerate(thing.get("itemListElement", []), 1):
        assert one["position"] == at
        assert one["name"]
        assert one.get("item") or one.get("url")
    for name, value in thing.items():
        values = value if isinstance(value, list) else [value]
        for each in values:
            if isinstance(each, dict):
                must_be_valid(each)
            elif name in ADDRESSES:
                assert each.startswith(("http://", "https://")), (kind, name, each)


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(
        title="Kilns", category=make_category("crafts-heritage"), requirements=["A wheel"], audience=["Potters"],
        outcomes=["Fire a bowl", "Glaze it", "Sell it"], skills={make_skill("glazing"): 1},
    )  # fmt: skip


def test_a_course_says_what_it_is_for_whom_and_by_whom(client: Client, course: Course, ada: User) -> None:
    one = told(client, course.get_absolute_url())["Course"]
    assert one["coursePrerequisites"] == ["A wheel"]
    assert one["audience"] == [{"@type": "Audience", "audienceType": "Potters"}]
    assert one["teaches"] == ["Fire a bowl", "Glaze it", "Sell it"]
    assert one["inLanguage"] == "en"
    assert one["provider"] == one["creator"]
    assert one["provider"]["name"] == "Ada Lin Studio"
    titles = list(course.live_version.sections.values_list("title", flat=True))
    assert [each["name"] for each in one["syllabusSections"]] == titles
    (offer,) = one["offers"]
    assert (offer["price"], offer["priceCurrency"], offer["category"]) == ("19.99", "USD", "Paid")
    assert "priceValidUntil" not in offer, "no price is scheduled"
    assert one["isAccessibleForFree"] is False


def test_a_free_course_says_so_and_nothing_that_its_creator_did_not(client: Client, ada: User) -> None:
    course = make_course(title="Gift", price=Money.zero("USD"))
    one = told(client, course.get_absolute_url())["Course"]
    assert one["isAccessibleForFree"] is True
    assert one["offers"][0]["category"] == "Free"
    assert ("coursePrerequisites" in one) is bool(course.live_version.requirements)
    assert ("audience" in one) is bool(course.live_version.audience)


def test_a_verified_institution_provides_its_courses_and_loses_that_with_its_badge(
    client: Client, course: Course, ada: User
) -> None:
    school = make_institution(ada)
    Listing.objects.list_course(course, school, by=ada)
    one = told(client, course.get_absolute_url())["Course"]
    assert one["provider"]["name"] == school.name
    assert one["provider"]["sameAs"] == f"https://{school.domain}/"
    assert one["creator"]["@type"] == "Person"
    verify(school, "withdrawn")
    assert told(client, course.get_absolute_url())["Course"]["provider"]["@type"] == "Person"


def test_a_course_names_the_way_to_it(client: Client, course: Course) -> None:
    steps = told(client, course.get_absolute_url())["BreadcrumbList"]["itemListElement"]
    assert [step["name"] for step in steps] == ["All courses", course.category.name, "Kilns"]
    assert steps[1]["item"].endswith("/courses/?category=crafts-heritage")
    assert steps[2]["item"].endswith(course.get_absolute_url())


def test_the_first_page_says_how_it_is_searched(client: Client, course: Course) -> None:
    site = told(client, "/")["WebSite"]
    assert site["potentialAction"]["target"]["urlTemplate"].endswith("/search/?q={search_term_string}")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_whole_lists_name_their_courses_in_order(client: Client, course: Course, language: str) -> None:
    other = make_course(title="Glazes", category=make_category("crafts-heritage"))
    for address in ("/courses/", "/courses/?category=crafts-heritage"):
        listed = told(client, address, language)["ItemList"]
        shown = [one["url"].rsplit("/courses/", 1)[1] for one in listed["itemListElement"]]
        assert shown == [f"{other.slug}/", f"{course.slug}/"]
    steps = told(client, "/courses/?category=crafts-heritage", language)["BreadcrumbList"]["itemListElement"]
    assert len(steps) == 2
    for address in ("/courses/?sort=newest", "/courses/?level=beginner", "/courses/?category=business"):
        assert "ItemList" not in told(client, address, language), address


def test_a_skill_and_a_collection_name_their_courses_and_the_way_to_them(client: Client, course: Course) -> None:
    made = curate([course])
    for address, up in (("/skills/glazing/", "/skills/"), (made.get_absolute_url(), "/collections/")):
        page = told(client, address)
        assert [one["name"] for one in page["ItemList"]["itemListElement"]] == ["Kilns"]
        first, last = page["BreadcrumbList"]["itemListElement"]
        assert first["item"].endswith(up)
        assert last["item"].endswith(address)


def test_who_offers_courses_has_a_profile(client: Client, course: Course, ada: User) -> None:
    school = make_institution(ada)
    maker = told(client, course.creator.get_absolute_url())["ProfilePage"]["mainEntity"]
    assert (maker["@type"], maker["name"]) == ("Person", "Ada Lin Studio")
    body = told(client, school.get_absolute_url())["ProfilePage"]["mainEntity"]
    assert (body["name"], body["sameAs"]) == (school.name, f"https://{school.domain}/")


def test_negative_control_what_is_missing_is_seen() -> None:
    with pytest.raises(AssertionError):
        must_be_valid({"@type": "Course", "name": "Kilns"})
    with pytest.raises(AssertionError):
        must_be_valid({"@type": "Person", "name": "Ada", "url": "/creators/ada/"})
