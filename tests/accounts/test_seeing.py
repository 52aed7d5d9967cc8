"""Seeing as somebody else: some pages, for a while, told and recorded, and nothing can be written."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import seeing
from accounts.models import AuditEvent, Seeing, User
from accounts.privacy import own
from accounts.seeing import SHOWN, NotSeenAs
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from tests import cast
from tests.flows.test_doors import NAMES
from tests.flows.walking import address
from tests.flows.world import make_world

pytestmark = pytest.mark.django_db
REASON = "She cannot find her course"


@pytest.fixture
def max_(db: None) -> User:
    return cast.person("Max", role="admin")


@pytest.fixture
def desk(client: Client, lin: User, max_: User) -> Client:
    """Max sees the site as Lin."""
    client.force_login(max_)
    answer = client.post(reverse("staff:see_as"), {"person": lin.email, "reason": REASON})
    assert answer["Location"] == reverse("learners:library")
    return client


def test_a_page_is_hers_with_a_banner_and_a_row(desk: Client, lin: User, max_: User) -> None:
    answer = desk.get(reverse("learners:library"))
    assert answer.context["request"].user == lin
    assert "You see the site as Lin" in answer.content.decode()
    event = AuditEvent.objects.get(verb="seeing.page")
    assert (event.actor, event.target) == (max_, f"accounts.user:{lin.pk}")
    assert event.facts["path"] == reverse("learners:library")
    assert event.address


def test_the_person_is_told(desk: Client, lin: User) -> None:
    assert REASON in Mail.objects.get(to=lin.email).text
    assert own.tell(lin).tables["seen_by_staff"][0]["reason"] == REASON


def test_everything_but_the_listed_pages_is_refused(client: Client, max_: User) -> None:
    world = make_world()
    client.force_login(max_)
    client.post(reverse("staff:see_as"), {"person": world.people["Ada"].email, "reason": REASON})
    wrong, shown = [], set()
    for name in NAMES:
        there = address(world, name)
        if there.startswith(seeing.HERS):
            continue
        answer = client.get(there)
        if (answer.status_code == 403 and "refusal" in (answer.context or {})) == (name in SHOWN):
            wrong.append(f"{name}: {answer.status_code}")
        if name in SHOWN and answer.status_code == 200:
            shown.add(name)
        if client.post(there).status_code != 403:
            wrong.append(f"POST {name}")
    assert not wrong, "\n".join(wrong)
    assert shown == SHOWN, SHOWN - shown


def read_only(act: Any) -> None:
    """As a page is drawn."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        act()


def test_nothing_can_be_written_while_a_page_is_drawn(lin: User) -> None:
    with pytest.raises(InternalError, match="read-only"):
        read_only(lambda: lin.change_language("zh-hans"))
    lin.change_language("zh-hans")  # and afterwards as before


def test_it_ends_by_itself_and_by_a_button(desk: Client, max_: User) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert desk.get(reverse("learners:library")).context["request"].user == max_
    assert desk.get(reverse("staff:audit")).status_code == 200, "it does not come back"


def test_the_button_ends_it(desk: Client, max_: User) -> None:
    desk.post(reverse("staff:stop_seeing"))
    assert desk.get(reverse("learners:library")).context["request"].user == max_


def test_it_ends_with_the_role(desk: Client, max_: User) -> None:
    max_.role_grants.get().revoke(by=None, reason="left")
    assert desk.get(reverse("learners:library")).context["request"].user == max_


def test_is_for_administrators_and_never_as_staff(lin: User, sam: User, fay: User, max_: User) -> None:
    for person, by in ((lin, sam), (max_, max_)):
        with pytest.raises(NotAllowed):
            seeing.begin(person, by=by, reason=REASON)
    with pytest.raises(NotSeenAs):
        seeing.begin(fay, by=max_, reason=REASON)


def test_the_mark_of_another_session_opens_nothing(client: Client, lin: User, sam: User, max_: User) -> None:
    made = seeing.begin(lin, by=max_, reason=REASON)
    client.force_login(sam)
    session: Any = client.session
    session[seeing.KEY] = made.pk
    session.save()
    assert client.get(reverse("learners:library")).context["request"].user == sam


def test_the_row_is_never_changed(lin: User, max_: User) -> None:
    seeing.begin(lin, by=max_, reason=REASON)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Seeing.objects.update(reason="x")
