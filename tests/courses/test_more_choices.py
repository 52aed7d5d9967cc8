"""All skills and institutions of a list are reached by an address: the first of them stand there at once."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.filters import MOST_SKILLS
from courses.models import Skill
from discovery import index
from marketplace.lib import window
from tests.courses.factories import make_category, make_course

pytestmark = pytest.mark.django_db
MORE, FEWER = "More skills…", "Fewer skills"


@pytest.fixture
def shop(ada: User, settings: object) -> int:
    """As many skills as stand in a list at first and three more, each taught by a course of its own."""
    count, shelf = MOST_SKILLS + 3, make_category()
    rows = [
        Skill(slug=f"skill-{at}", name_en=f"Skill {at}", name_zh=f"技能{at}", category=shelf) for at in range(count)
    ]
    for at, skill in enumerate(Skill.objects.bulk_create(rows)):
        make_course(title=f"Bowl {at}", lessons=1, skills={skill: 1})
    index.refresh(everything=True)
    return count


def skills(client: Client, address: str) -> dict[str, str]:
    """Labels of the box with what they lead to."""
    window.change()  # a page that was kept says nothing of its boxes
    context: Any = client.get(address).context
    boxes = context["results"].boxes if "results" in context else context["boxes"]
    options = next(options for label, options in boxes if str(label) == "Skill")
    return {str(option.label): option.address for option in options}


@pytest.mark.parametrize("page", ["/courses/", "/search/"])
def test_the_rest_is_one_address_away_with_everything_else_that_was_asked(client: Client, shop: int, page: str) -> None:
    asked = "?q=bowl&price=paid" if page == "/search/" else "?price=paid"
    first = skills(client, page + asked)
    assert len(first) == MOST_SKILLS + 1
    assert list(first)[-1] == MORE
    every = skills(client, page + first[MORE])
    assert len(every) == shop + 1
    assert list(every)[-1] == FEWER
    assert skills(client, page + every[FEWER]) == first
    html = client.get(page + first[MORE]).content.decode()
    assert f">{MORE}<" not in html
    assert f'href="{every[FEWER]}"' in unescape(html)


def test_a_chosen_one_stays_among_them_and_all_stay_open(client: Client, shop: int) -> None:
    every = skills(client, "/courses/?more=skill")
    chosen = skills(client, "/courses/" + every["Skill 14"])
    assert "more=skill" in every["Skill 14"]
    assert "Skill 14" in chosen


def test_few_need_no_more(client: Client, ada: User) -> None:
    shelf = make_category()
    skill = Skill.objects.create(slug="skill", name_en="Skill 0", name_zh="技能", category=shelf)
    make_course(title="Bowl", lessons=1, skills={skill: 1})
    for address in ("/courses/", "/courses/?more=skill", "/courses/?more=nonsense"):
        assert list(skills(client, address)) == ["Skill 0"]


def test_it_is_no_page_of_its_own_for_search_engines(client: Client, shop: int) -> None:
    assert 'content="noindex' in client.get("/courses/?more=skill").content.decode()


def test_the_api_of_search_names_all_of_them(client: Client, shop: int) -> None:
    filters = client.get("/api/v1/search/", {"q": "bowl"}).json()["filters"]
    assert len(next(one for one in filters if one["name"] == "skill")["choices"]) == shop
