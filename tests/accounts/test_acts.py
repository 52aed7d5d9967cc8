"""The door of staff: what is done behind it has its audit row, or was not done."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, User
from courses.models import Category
from marketplace.lib.addresses import shortened
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def category(db: None) -> Category:
    return Category.objects.create(slug="code", name_en="Code", name_zh="编程")


@pytest.fixture
def max_(db: None) -> User:
    return cast.person("Max", role="admin")


@pytest.fixture
def desk(client: Client, sam: User, settings: Any) -> Client:
    settings.ROOT_URLCONF = "tests.accounts.acts_urls"
    client.force_login(sam)
    client.raise_request_exception = False
    return client


def name_of(category: Category) -> str:
    category.refresh_from_db()
    return category.name_en


class TestTheDoor:
    @pytest.mark.parametrize("address", ["/forgets/", "/api/forgets/"])
    def test_takes_back_what_left_no_row(self, desk: Client, category: Category, address: str) -> None:
        assert desk.post(address, {"name": "Programs"}).status_code == 500
        assert name_of(category) == "Code"

    def test_keeps_what_left_one_with_who_and_whence(self, desk: Client, category: Category, sam: User) -> None:
        answer = desk.post("/records/", {"name": "Programs"}, REMOTE_ADDR="203.0.113.77")
        assert name_of(category) == "Programs"
        event = AuditEvent.objects.get(verb="category.rename")
        assert (event.actor, event.roles, event.address) == (sam, "senior", "203.0.113.0/24")
        assert event.request_id == answer["X-Request-ID"]

    def test_takes_back_what_was_refused(self, desk: Client, category: Category) -> None:
        assert desk.post("/refuses/", {"name": "Programs"}).status_code == 409
        assert name_of(category) == "Code"
        assert not AuditEvent.objects.filter(verb="category.rename").exists()

    def test_asks_no_row_of_who_only_looks(self, desk: Client, category: Category) -> None:
        assert desk.post("/looks/").content == str(Category.objects.count()).encode()


class TestAnEvent:
    def test_names_its_thing_and_keeps_no_secret(self, sam: User) -> None:
        with pytest.raises(ValueError, match="names its thing"):
            audit.record(sam, "refund", sam)
        with pytest.raises(ValueError, match="secret"):
            audit.record(sam, "user.change", sam, before={"password": "x"})

    @pytest.mark.parametrize("act", ["update", "delete"])
    def test_is_never_changed(self, sam: User, act: str) -> None:
        audit.record(sam, "user.look", sam)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            AuditEvent.objects.update(verb="x.y") if act == "update" else AuditEvent.objects.all()._raw_delete(
                "default"
            )
        assert AuditEvent.objects.filter(verb="user.look").exists()

    @pytest.mark.parametrize(
        ("address", "kept"),
        [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2:3::9", "2001:db8:1::/48"), ("unix:", ""), ("", "")],
    )
    def test_keeps_the_network_alone(self, address: str, kept: str) -> None:
        assert shortened(address) == kept


class TestDataPages:
    def test_a_change_tells_before_and_after(self, client: Client, category: Category, max_: User) -> None:
        client.force_login(max_)
        form = {"slug": "code", "name_en": "Programs", "name_zh": "编程", "position": 0}
        answer = client.post(f"/admin/courses/category/{category.pk}/change/", form)
        assert answer.status_code == 302
        event = AuditEvent.objects.get(verb="admin.change")
        assert event.facts == {"before": {"name_en": "Code"}, "after": {"name_en": "Programs"}}
        assert event.target == f"courses.category:{category.pk}"

    def test_a_new_row_tells_itself(self, client: Client, max_: User) -> None:
        client.force_login(max_)
        form = {"slug": "new", "name_en": "New", "name_zh": "新", "position": 3}
        assert client.post("/admin/courses/category/add/", form).status_code == 302
        assert AuditEvent.objects.get(verb="admin.add").facts["after"]["slug"] == "new"

    def test_nothing_is_deleted_and_nobody_s_second_factor_is_made_there(
        self, client: Client, category: Category, max_: User
    ) -> None:
        client.force_login(max_)
        assert client.post(f"/admin/courses/category/{category.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.get("/admin/mfa/authenticator/").status_code == 404
        assert client.get("/admin/auth/group/").status_code == 404

    def test_are_closed_to_other_roles(self, client: Client, sam: User) -> None:
        client.force_login(sam)
        assert client.get("/admin/").status_code == 302


class TestTheLog:
    @pytest.fixture
    def log(self, client: Client, max_: User, sam: User, fay: User) -> Client:
        audit.record(sam, "course.hide", "courses.course:7", reason="=1+1")
        audit.record(fay, "payouts.hold", "creators.creator:2", reason="odd")
        client.force_login(max_)
        return client

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"who": "SAM@example.com"}, {"course.hide"}),
            ({"thing": "courses.course:7"}, {"course.hide"}),
            ({"thing": "creators.creator"}, {"payouts.hold"}),
            ({"verb": "payouts."}, {"payouts.hold"}),
            ({"day": timezone.now().date().isoformat()}, {"course.hide", "payouts.hold"}),
            ({"day": (timezone.now() - timedelta(days=1)).date().isoformat()}, set()),
            ({"request_id": "nothing"}, set()),
        ],
    )
    def test_is_filtered_on_page_api_and_file_alike(self, log: Client, asked: Any, found: set[str]) -> None:
        page = {event.verb for event in log.get(reverse("staff:audit"), asked).context["page"]}
        api = {row["verb"] for row in log.get(reverse("api-audit"), asked).json()["results"]}
        file = log.get(reverse("staff:audit_csv"), asked).getvalue().decode()
        rows = {row["verb"] for row in csv.DictReader(io.StringIO(file))}
        assert page & {"course.hide", "payouts.hold"} == found
        assert api == rows == page

    def test_refuses_a_day_that_is_none(self, log: Client) -> None:
        assert log.get(reverse("staff:audit"), {"day": "x"}).status_code == 422
        assert log.get(reverse("api-audit"), {"day": "x"}).status_code == 400

    def test_no_cell_of_the_file_is_a_formula(self, log: Client) -> None:
        audit.record(None, "course.hide", "=cmd")
        assert ",'=cmd," in log.get(reverse("staff:audit_csv")).getvalue().decode()

    def test_a_page_costs_the_same_however_many_acts(
        self, log: Client, sam: User, django_assert_max_num_queries: Any
    ) -> None:
        for n in range(60):
            audit.record(sam, "course.look", f"courses.course:{n}")
        with django_assert_max_num_queries(8):
            log.get(reverse("staff:audit"))
