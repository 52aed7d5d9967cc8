"""Django's data pages, for each role: each page of each registered model, generated from the registry.

Administrators and auditors look; administrators alone change what stands in CHANGED or add what stands in ADDED, and
nobody deletes anything. Nearly all rows change by their own verbs only, so they have neither form.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, reverse

from accounts.models import User
from courses.models import Category, Course, Skill
from discovery.models import Synonym
from moderation.models import Measure
from tests.flows.walking import is_refused, knock
from tests.flows.world import World

pytestmark = pytest.mark.usefixtures("db")

# Nobody has a thing there that is hers, so one person of each role, and one without, stand for all.
PEOPLE = ["Max", "Aude", "anonymous", "Cole", "Sam", "Mona", "Sue", "Fay"]
LOOKING = ("Max", "Aude")
# They send nothing: what a list could do to its rows, no list offers.
LOOKS = ("list", "history")
CHANGED = {User, Category, Skill, Synonym}
ADDED = {Category, Skill, Synonym}


def doors(models: Iterable[type[Model]]) -> Iterator[tuple[type[Model], str, str]]:
    """(model, page, address) of every page of these models. Without a row who may look is led to the index."""
    for model in models:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield model, "list", reverse(f"{name}_changelist") + "?q=a"
        yield model, "add", reverse(f"{name}_add")
        row = model._default_manager.order_by("pk").first()
        for page in ("change", "delete", "history"):
            yield model, page, reverse(f"{name}_{page}", args=[quote(row.pk) if row else "0"])


def who(model: type[Model], page: str, method: str) -> tuple[str, ...]:
    if page == "delete":
        return ()
    if page == "add":
        return ("Max",) if model in ADDED else ()
    if method == "GET":
        return LOOKING
    return ("Max",) if model in CHANGED else ()


def came_in(answer: HttpResponse) -> bool:
    return not is_refused(answer) and not answer.headers.get("Location", "").startswith(reverse("admin:login"))


def as_(world: World, person: str) -> Client:
    client = Client(raise_request_exception=False)
    if person in world.people:
        client.force_login(world.people[person])
    return client


def walked(world: World, person: str, models: Iterable[type[Model]]) -> list[str]:
    client, wrong = as_(world, person), []
    for model, page, there in doors(models):
        for method in ("GET",) if page in LOOKS else ("GET", "POST"):
            answer = knock(client, method, there, b"")
            if answer.status_code >= 500 or came_in(answer) != (person in who(model, page, method)):
                wrong.append(f"{method} {model._meta.label} {page}: {answer.status_code}")
    return wrong


@pytest.mark.parametrize("person", PEOPLE)
def test_exactly_these_people_open_a_data_page(world: World, person: str) -> None:
    wrong = walked(world, person, admin.site._registry)
    assert not wrong, "\n".join(wrong)


OPENED = [("POST", "change"), ("GET", "delete"), ("POST", "delete")]


def test_a_data_page_that_lets_rows_be_changed_is_found(world: World) -> None:
    """The control: one of them without its guard."""
    page: Any = admin.site._registry[Measure]
    page.has_change_permission = page.has_delete_permission = lambda request, obj=None: True
    try:
        wrong = walked(world, "Max", [Measure])
    finally:
        del page.has_change_permission, page.has_delete_permission
    found = {told.rpartition(": ")[0] for told in wrong}
    assert found == {f"{act} moderation.Measure {page}" for act, page in OPENED}


def test_no_list_offers_to_do_something_to_its_rows(world: World, rf: RequestFactory) -> None:
    request = rf.get("/admin/")
    request.user = User.objects.get(pk=world.people["Max"].pk)
    assert [one._meta.label for one, page in admin.site._registry.items() if page.get_actions(request)] == []


def test_no_page_shows_what_opens_a_door(world: World) -> None:
    """Nor who reported whom, nor numbers of banks and tax offices."""
    told = {
        (model._meta.label, field.name)
        for model, page in admin.site._registry.items()
        for field in model._meta.fields
        if field.name not in (page.exclude or ()) and (page.fields is None or field.name in page.fields)
    }
    secrets = {"password", "token", "secret", "sealed", "checkout_url", "reporter", "sender", "destination", "snapshot"}
    assert not {pair for pair in told if pair[1] in secrets}
    shown = {model._meta.model_name for model in admin.site._registry}
    assert not shown & {"apitoken", "bankdetails", "taxidentity", "billingdetails", "cardtrace", "authenticator"}


def test_exactly_these_people_open_the_other_pages(world: World) -> None:
    shown = {model._meta.app_label for model in admin.site._registry}
    course = [ContentType.objects.get_for_model(Course).pk, Course.objects.get(slug=world.objects["slug"]).pk]
    addresses = {
        **{f"app_list {one}": reverse("admin:app_list", args=[one]) for one in shown},
        "view_on_site": reverse("admin:view_on_site", args=course),
        **{name: reverse(f"admin:{name}") for name in ("index", "jsi18n", "password_change", "password_change_done")},
        "autocomplete": reverse("admin:autocomplete"),
    }
    known = {name.partition(" ")[0] for name in addresses} | {"login", "logout"}
    assert {one.name for one in admin.site.get_urls() if isinstance(one, URLPattern) and one.name} == known
    wrong = []
    for person in PEOPLE:
        client = as_(world, person)
        for name, there in addresses.items():
            for method in ("GET", "POST"):
                may = () if name == "autocomplete" else LOOKING if method == "GET" else ("Max",)
                answer = knock(client, method, there, b"")
                if answer.status_code == 405:
                    continue
                if answer.status_code >= 500 or came_in(answer) != (person in may):
                    wrong.append(f"{person} {method} {name}: {answer.status_code} {answer.headers.get('Location', '')}")
    assert not wrong, "\n".join(wrong)


def test_nobody_logs_in_there(world: World) -> None:
    """Who has nothing to do there is refused, and a stranger is led to our own page of log-in."""
    for person in PEOPLE:
        answer = knock(as_(world, person), "GET", reverse("admin:login"))
        if person == "anonymous":
            assert answer.headers["Location"].startswith(reverse("account_login"))
        elif person in LOOKING:
            assert answer.headers["Location"] == reverse("admin:index")
        else:
            assert answer.status_code == 403, person
        assert knock(as_(world, person), "GET", reverse("admin:logout")).status_code in (302, 405)
