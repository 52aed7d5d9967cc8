"""Institutions over the API: a member edits, owners invite, whom they asked answers, courses stand under the name."""

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Notice, User
from accounts.privacy import own
from courses.models import Listing
from creators import privacy as creators
from creators.models import Institution, Invitation
from tests import cast
from tests.courses.factories import make_course
from tests.courses.path_factories import make_path
from tests.creators.factories import make_creator
from tests.creators.institutions import add_member, make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(ada: User) -> Institution:
    return make_institution(ada)


def send(person: User, method: str, name: str, told: dict[str, Any] | None = None, **kwargs: Any) -> Any:
    client = Client()
    client.force_login(person)
    body = json.dumps(told or {})
    return client.generic(method, reverse(name, kwargs=kwargs), content_type="application/json", data=body)


class TestEditing:
    def test_words_are_changed_and_another_name_takes_the_badge(self, ada: User, school: Institution) -> None:
        kept = send(ada, "PATCH", "api-my-institution", {"about": "Since 1959."}, slug=school.slug).json()
        assert (kept["about"], kept["is_verified"], kept["name"]) == ("Since 1959.", True, school.name)
        told = send(ada, "PATCH", "api-my-institution", {"name": "School of Fire"}, slug=school.slug).json()
        assert (told["name"], told["is_verified"]) == ("School of Fire", False)
        bad = send(ada, "PATCH", "api-my-institution", {"domain": "no domain"}, slug=school.slug)
        assert (bad.status_code, list(bad.json()["errors"])) == (400, ["domain"])

    def test_a_viewer_reads_and_a_stranger_finds_nothing(self, lin: User, school: Institution) -> None:
        assert send(lin, "GET", "api-my-institution", slug=school.slug).status_code == 404
        add_member(school, lin, "viewer")
        assert send(lin, "GET", "api-my-institution", slug=school.slug).status_code == 200
        assert send(lin, "PATCH", "api-my-institution", {"about": "Mine"}, slug=school.slug).status_code == 403


class TestInvitations:
    def test_an_owner_invites_and_whom_she_asked_joins(self, ada: User, lin: User, school: Institution) -> None:
        told = {"email": cast.confirm(lin).email, "role": "editor"}
        assert send(ada, "POST", "api-institution-members", told, slug=school.slug).status_code == 201
        mine = send(lin, "GET", "api-my-invitations").json()
        assert [(one["institution"], one["role"]) for one in mine] == [(school.name, "editor")]
        code = mine[0]["code"]
        stranger = send(cast.cole(), "POST", "api-answer-invitation", {"accept": True}, code=code)
        assert stranger.status_code == 404
        answer = send(lin, "POST", "api-answer-invitation", {"accept": True}, code=code)
        assert (answer.status_code, answer.json()["role"]) == (200, "editor")
        assert school.role_of(lin) == "editor"
        again = send(lin, "POST", "api-answer-invitation", {"accept": True}, code=code)
        assert (again.status_code, again.json()["code"]) == (409, "invitation_over")
        assert AuditEvent.objects.filter(verb="institution.join").count() == 1

    def test_who_has_not_confirmed_the_address_reads_no_code_of_it(
        self, ada: User, cole: User, school: Institution
    ) -> None:
        """Anybody can sign up with another's; the mail alone shows that it is hers."""
        row = Invitation.objects.invite(school, cole.email, "owner", by=ada)
        EmailAddress.objects.create(user=cole, email=cole.email, verified=False, primary=True)
        EmailAddress.objects.create(user=cole, email="her-own@example.com", verified=True)
        assert send(cole, "GET", "api-my-invitations").json() == []
        assert creators.tell(cole).tables["invitations"] == own.tell(cole).tables["mails"] == []
        assert not Notice.objects.of(cole).exists()
        cast.confirm(cole)
        assert [one["code"] for one in send(cole, "GET", "api-my-invitations").json()] == [row.code]
        assert row.code in own.tell(cole).tables["mails"][0]["text"]
        assert len(creators.tell(cole).tables["invitations"]) == 1

    def test_who_has_the_code_answers_before_she_confirms(self, ada: User, lin: User, school: Institution) -> None:
        row = Invitation.objects.invite(school, lin.email, "viewer", by=ada)
        assert not lin.has_confirmed_address
        assert send(lin, "POST", "api-answer-invitation", {"accept": True}, code=row.code).status_code == 200

    def test_declined_nobody_joins(self, ada: User, lin: User, school: Institution) -> None:
        cast.confirm(lin)
        row = Invitation.objects.invite(school, lin.email, "viewer", by=ada)
        assert send(lin, "POST", "api-answer-invitation", {"accept": False}, code=row.code).status_code == 204
        assert school.role_of(lin) == ""
        assert send(lin, "GET", "api-my-invitations").json() == []

    def test_an_answer_says_yes_or_no(self, ada: User, lin: User, school: Institution) -> None:
        row = Invitation.objects.invite(school, lin.email, "viewer", by=ada)
        bare = send(lin, "POST", "api-answer-invitation", {}, code=row.code)
        assert (bare.status_code, list(bare.json()["errors"])) == (400, ["accept"])

    def test_owners_see_open_ones_and_withdraw_them(self, ada: User, lin: User, school: Institution) -> None:
        row = Invitation.objects.invite(school, "new@example.com", "viewer", by=ada)
        listed = send(ada, "GET", "api-institution-invitations", slug=school.slug).json()
        assert [one["id"] for one in listed] == [row.pk]
        assert "code" not in listed[0]  # which stands in the mail alone
        add_member(school, lin, "editor")
        assert send(lin, "GET", "api-institution-invitations", slug=school.slug).status_code == 403
        assert send(lin, "DELETE", "api-institution-invitation", slug=school.slug, pk=row.pk).status_code == 403
        assert send(ada, "DELETE", "api-institution-invitation", slug=school.slug, pk=row.pk).status_code == 204
        assert send(ada, "DELETE", "api-institution-invitation", slug=school.slug, pk=row.pk).status_code == 404


class TestListings:
    def test_a_course_stands_under_its_name_until_that_ends(self, ada: User, school: Institution) -> None:
        course = make_course(title="Glazes")
        told = {"course": course.slug}
        made = send(ada, "POST", "api-institution-listings", told, slug=school.slug)
        assert made.status_code == 201
        again = send(ada, "POST", "api-institution-listings", told, slug=school.slug)
        assert (again.status_code, again.json()["code"]) == (409, "already_listed")
        rows = send(ada, "GET", "api-institution-listings", slug=school.slug).json()
        assert [row["course"] for row in rows] == ["glazes"]
        pk = made.json()["id"]
        assert send(ada, "DELETE", "api-institution-listing", slug=school.slug, pk=pk).status_code == 204
        assert Listing.objects.get(pk=pk).ended_at
        assert send(ada, "GET", "api-institution-listings", slug=school.slug).json() == []

    def test_nobody_lists_a_course_of_another_nor_as_a_viewer(self, ada: User, lin: User, school: Institution) -> None:
        course = make_course(title="Glazes")
        add_member(school, lin, "editor")
        told = {"course": course.slug}
        assert send(lin, "POST", "api-institution-listings", told, slug=school.slug).status_code == 404
        stranger = cast.cole()
        assert send(stranger, "GET", "api-institution-listings", slug=school.slug).status_code == 404
        other = make_institution(lin, name="Another", domain="another.example")
        add_member(other, ada, "viewer")
        assert send(ada, "POST", "api-institution-listings", told, slug=other.slug).status_code == 403

    def test_who_left_takes_her_course_out_and_no_other(self, ada: User, school: Institution) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Glazes").user
        member = add_member(school, bea, "editor")
        rows = [
            Listing.objects.list_course(make_course(by.creator, title=title), school, by=by)
            for by, title in ((bea, "Glazes"), (ada, "Pottery"))
        ]
        assert send(bea, "DELETE", "api-institution-listing", slug=school.slug, pk=rows[1].pk).status_code == 403
        member.end(by=bea)
        told = [send(bea, "DELETE", "api-institution-listing", slug=school.slug, pk=row.pk) for row in rows]
        assert [answer.status_code for answer in told] == [204, 404]
        assert list(Listing.objects.filter(ended_at=None)) == [rows[1]]


class TestPaths:
    def test_a_path_is_closed_and_opened_again_with_a_reason(self, ada: User) -> None:
        path = make_path([make_course(title="Clay"), make_course(title="Kiln")])
        bare = send(ada, "POST", "api-studio-path-close", {"is_closed": True}, slug=path.slug)
        assert (bare.status_code, list(bare.json()["errors"])) == (400, ["reason"])
        for is_closed in (True, False):
            told = {"is_closed": is_closed, "reason": "It is written anew."}
            answer = send(ada, "POST", "api-studio-path-close", told, slug=path.slug)
            assert answer.status_code == 201
            path.refresh_from_db()
            assert path.is_closed is is_closed
