"""Institutions: the matrix of roles, invitations, the badge with its proof."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from creators import privacy
from creators.models import Institution, Invitation, Membership, Verification, institution
from creators.models.institution import MAY, AlreadyMember, LastOwner
from creators.models.invitation import InvitationOver
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from tests import cast
from tests.creators.institutions import TOLD, add_member, make_institution, verify
from tests.faults.taken_away import lingering, taken_away
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(ada: User) -> Institution:
    return make_institution(ada)


ROLES = ["owner", "editor", "viewer", ""]


def someone(school: Institution, role: str) -> User:
    person = cast.person("Rose")
    if role:
        add_member(school, person, role)
    return person


class TestRoles:
    # One row an act, with the roles that may; "" is a stranger.
    MATRIX = {
        "see": "owner editor viewer",
        "edit": "owner editor",
        "list": "owner editor",
        "unlist_any": "owner",
        "manage": "owner",
    }

    def test_the_table_names_every_act(self) -> None:
        assert set(MAY) == set(self.MATRIX)

    @pytest.mark.parametrize("role", ROLES)
    @pytest.mark.parametrize("act", list(MATRIX))
    def test_exactly_the_roles_of_the_table_may(self, school: Institution, act: str, role: str) -> None:
        assert school.may(someone(school, role), act) is (bool(role) and role in self.MATRIX[act].split())

    ACTS: dict[str, tuple[str, Callable[[Institution, User], Any]]] = {
        "edit": ("owner editor", lambda school, by: school.edit({"about": "New"}, by=by)),
        "invite": ("owner", lambda school, by: Invitation.objects.invite(school, "x@example.com", "viewer", by=by)),
        "change a role": (
            "owner",
            lambda school, by: add_third(school).change_role("editor", by=by),
        ),
        "take out": ("owner", lambda school, by: add_third(school).end(by=by)),
        "withdraw an invitation": (
            "owner",
            lambda school, by: Invitation.objects.invite(
                school, "y@example.com", "viewer", by=school.started_by
            ).withdraw(by=by),
        ),
    }

    @pytest.mark.parametrize("role", ROLES)
    @pytest.mark.parametrize("act", list(ACTS))
    def test_the_verbs_ask_it(self, school: Institution, act: str, role: str) -> None:
        allowed, verb = self.ACTS[act]
        by = someone(school, role)
        if role and role in allowed.split():
            verb(school, by)
        else:
            with pytest.raises(NotAllowed):
                verb(school, by)

    @pytest.mark.parametrize(("role", "status"), [("owner", 200), ("editor", 200), ("viewer", 200), ("", 404)])
    def test_the_desk_is_for_members(self, school: Institution, client: Client, role: str, status: int) -> None:
        client.force_login(someone(school, role))
        page = client.get(reverse("institutions:desk", args=[school.slug]))
        assert page.status_code == status
        if role:
            html = page.content.decode()
            assert ("Invite" in html) is (role == "owner")
            assert ("What its page says" in html) is (role != "viewer")

    def test_a_role_is_changed_by_another_row(self, school: Institution, ada: User) -> None:
        member = add_member(school, cast.person("Rose"), "viewer")
        new = member.change_role("editor", by=ada)
        assert [row.role for row in Membership.objects.filter(user=member.user)] == ["viewer", "editor"]
        assert (Membership.objects.get(pk=member.pk).ended_by, new.ended_at) == (ada, None)

    def test_one_leaves_by_herself_but_not_the_last_owner(self, school: Institution, ada: User) -> None:
        member = add_member(school, cast.person("Rose"), "viewer")
        member.end(by=member.user)
        assert school.role_of(member.user) == ""
        own = school.members.active().get(user=ada)
        for act in (lambda: own.end(by=ada), lambda: own.change_role("viewer", by=ada)):
            with pytest.raises(LastOwner):
                act()
        other = add_member(school, cast.person("Rose"), "owner")
        own.end(by=other.user)
        assert list(school.members.active()) == [other]


def add_third(school: Institution) -> Membership:
    found = school.members.active().filter(user__email="third@example.com").first()
    return found or add_member(school, cast.person("Third"), "viewer")


class TestInvitations:
    def test_it_is_mailed_and_answered_by_its_address_alone(self, school: Institution, ada: User, cole: User) -> None:
        row = Invitation.objects.invite(school, "Rose@Example.com", "editor", by=ada)
        mail = Mail.objects.get(key=f"institution-invitation:{row.pk}")
        assert (mail.to.lower(), row.code in mail.text) == ("rose@example.com", True)
        with pytest.raises(NotAllowed):
            row.reply(True, by=cole)
        row.reply(True, by=cast.person("Rose"))
        assert school.role_of(cast.person("Rose")) == "editor"
        with pytest.raises(InvitationOver):
            row.reply(True, by=cast.person("Rose"))

    def test_declined_withdrawn_or_old_it_leads_nowhere(self, school: Institution, ada: User) -> None:
        rose = cast.person("Rose")
        first = Invitation.objects.invite(school, rose.email, "editor", by=ada)
        second = Invitation.objects.invite(school, rose.email, "viewer", by=ada)
        with pytest.raises(InvitationOver):
            first.reply(True, by=rose)
        second.withdraw(by=ada)
        with pytest.raises(InvitationOver):
            second.reply(True, by=rose)
        third = Invitation.objects.invite(school, rose.email, "viewer", by=ada)
        Invitation.objects.filter(pk=third.pk).update(invited_at=timezone.now() - timedelta(days=15))
        with pytest.raises(InvitationOver):
            Invitation.objects.get(pk=third.pk).reply(True, by=rose)
        fourth = Invitation.objects.create(
            institution=make_institution(ada, name="B"), email=rose.email, role="viewer", invited_by=ada
        )
        fourth.reply(False, by=rose)
        assert school.role_of(rose) == ""

    def test_a_member_is_not_invited_again(self, school: Institution, ada: User) -> None:
        with pytest.raises(ValidationError):
            Invitation.objects.invite(school, ada.email.upper(), "viewer", by=ada)
        with pytest.raises(AlreadyMember):
            Membership.objects.join(school, ada, "viewer", added_by=ada)
        for wrong in ("no address", ""):
            with pytest.raises(ValidationError):
                Invitation.objects.invite(school, wrong, "viewer", by=ada)

    def test_pages_invite_and_answer(self, school: Institution, ada: User, client: Client) -> None:
        client.force_login(ada)
        url = reverse("institutions:invite", args=[school.slug])
        assert client.post(url, {"email": "rose@example.com", "role": "boss"}).status_code == 422
        client.post(url, {"email": "rose@example.com", "role": "viewer"})
        row = Invitation.objects.get()
        page = reverse("institutions:invitation", args=[row.code])
        assert client.get(page).status_code == 404
        client.force_login(cast.person("Rose"))
        assert "invites you to" in client.get(page).content.decode()
        client.post(page, {"yes": "1"})
        assert school.role_of(cast.person("Rose")) == "viewer"

    def test_the_page_tells_of_them_once_the_address_is_confirmed(
        self, school: Institution, ada: User, cole: User, client: Client
    ) -> None:
        """Before that it says to everybody the same, whether one waits or not."""
        client.force_login(cole)
        pages = [client.get(reverse("institutions:mine")).content.decode()]
        row = Invitation.objects.invite(school, cole.email, "owner", by=ada)
        pages += [client.get(reverse("institutions:mine")).content.decode()]
        assert ["once you have confirmed it" in page for page in pages] == [True, True]
        assert not any(words in page for page in pages for words in (row.code, "invites you to", school.name))
        cast.confirm(cole)
        confirmed = client.get(reverse("institutions:mine")).content.decode()
        assert row.code in confirmed
        assert "once you have confirmed it" not in confirmed

    def test_a_notice_of_it_is_for_who_has_confirmed_the_address(self, school: Institution, ada: User) -> None:
        for number, is_confirmed in enumerate((False, True)):
            person = cast.person(f"Rose{number}")
            if is_confirmed:
                cast.confirm(person)
            row = Invitation.objects.invite(school, person.email, "viewer", by=ada)
            assert Notice.objects.of(person).exists() is is_confirmed
            assert Mail.objects.get(key=f"institution-invitation:{row.pk}").to == person.email


class TestBadge:
    def test_without_it_nobody_else_sees_the_institution(self, ada: User, client: Client) -> None:
        school = make_institution(ada, verified=False)
        assert client.get(school.get_absolute_url()).status_code == 404
        assert school.name not in client.get(reverse("institutions:institutions")).content.decode()

    def test_the_list_comes_in_pages_by_name(self, ada: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(institution, "PAGE_ROWS", 2)
        for at, name in enumerate(["Clay", "Clay", "Ash", "Kiln", "Hidden"]):
            make_institution(ada, verified=name != "Hidden", name=name, domain=f"d{at}.example")
        address, seen = reverse("institutions:institutions"), []
        query = ""
        for _page in range(3):
            answer = client.get(address + query)
            seen += [one.name for one in answer.context["institutions"]]
            assert ("noindex" in answer.content.decode()) == bool(query)
            if not (more := answer.context["more"]):
                break
            query = f"?after={more}"
        assert seen == ["Ash", "Clay", "Clay", "Kiln"]
        for strange in ("nobody", "%00", "a" * 3_000):
            assert client.get(f"{address}?after={strange}").context["institutions"][0].name == "Ash"

    def test_opened_it_shows_what_was_checked_but_not_by_whom(self, school: Institution, client: Client) -> None:
        page = client.get(school.get_absolute_url()).content.decode()
        assert "The register of schools names it." in page
        assert "https://schools.example/1" in page
        assert "Sam" not in page

    def test_withdrawn_is_a_row_more(self, school: Institution, client: Client) -> None:
        verify(school, "withdrawn")
        assert [row.verdict for row in school.verifications.all()] == ["withdrawn", "verified"]
        assert client.get(school.get_absolute_url()).status_code == 404
        with pytest.raises(DatabaseError), transaction.atomic():
            Verification.objects.update(checked="Else")

    def test_only_a_moderator_who_is_no_member_decides(self, school: Institution, ada: User, sam: User) -> None:
        add_member(school, sam, "viewer")
        for by in (ada, sam):
            with pytest.raises(NotAllowed):
                Verification.objects.decide(school, "verified", by=by, checked="x", link="https://a.example/")

    def test_its_owners_hear_of_it(self, school: Institution, ada: User) -> None:
        add_member(school, cast.lin(), "editor")
        Mail.objects.all().delete()
        verify(school, "withdrawn")
        verify(school)
        Institution.objects.get(pk=school.pk).edit({"name": "Oxford"}, by=ada)
        mails = list(Mail.objects.order_by("pk"))
        assert [mail.to for mail in mails] == [ada.email] * 3
        subjects = [mail.subject.removeprefix("Jingdezhen School of Clay is ") for mail in mails]
        assert subjects == ["no longer verified", "verified", "Oxford is no longer verified"]
        assert "The register of schools names it." in mails[0].text
        assert "has lapsed" in mails[2].text

    def test_refused_it_has_lost_nothing(self, ada: User, sam: User) -> None:
        school = make_institution(ada, verified=False)
        Verification.objects.decide(school, "withdrawn", by=sam, checked="No register names it.")
        mail = Mail.objects.get(key__startswith="verification:")
        assert mail.subject == f"{school.name} is not verified yet"
        assert ("has not verified it" in mail.text, "not public any more" in mail.text) == (True, False)
        assert "No register names it." in mail.text

    @pytest.mark.parametrize(
        "told",
        [
            {"checked": " ", "link": "https://a.example/"},
            {"checked": "Seen", "link": ""},
            {"checked": "Seen", "link": "javascript:x"},
        ],
    )
    def test_it_needs_words_and_a_proof(self, ada: User, sam: User, told: dict[str, str]) -> None:
        school = make_institution(ada, verified=False)
        with pytest.raises(ValidationError):
            Verification.objects.decide(school, "verified", by=sam, **told)
        assert not Institution.objects.public().exists()

    def test_another_name_takes_it_away_and_other_words_do_not(self, school: Institution, ada: User) -> None:
        school.edit({"about": "Since 1957."}, by=ada)
        assert Institution.objects.public().exists()
        school.edit({"name": "Oxford"}, by=ada)
        assert not Institution.objects.public().exists()
        assert school.verifications.first().verdict == "withdrawn"

    def test_withdrawn_while_a_member_edits_it_stays_so_and_so_do_other_edits(
        self, school: Institution, ada: User
    ) -> None:
        stale = Institution.objects.get(pk=school.pk)
        school.edit({"about": "Since 1959."}, by=ada)
        verify(school, "withdrawn")
        stale.edit({"kind": "company"}, by=ada)
        now = Institution.objects.get()
        assert (now.is_verified, now.about, now.kind) == (False, "Since 1959.", "company")

    @pytest.mark.parametrize(
        "wrong", [{"domain": "nowhere"}, {"domain": "a@b.example"}, {"name": " "}, {"kind": "sect"}]
    )
    def test_what_is_no_institution_is_refused(self, ada: User, wrong: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            Institution.objects.start(by=ada, **{**TOLD, **wrong})

    def test_the_desk_of_moderators(self, ada: User, sam: User, client: Client) -> None:
        school = make_institution(ada, verified=False)
        client.force_login(sam)
        url = reverse("moderation:institution", args=[school.slug])
        assert client.post(url, {"verdict": "verified", "checked": "Seen", "link": ""}).status_code == 422
        told = {"verdict": "verified", "checked": "Seen", "link": "https://a.example/"}
        assert client.post(url, told).status_code == 302
        assert Institution.objects.public().get() == school


EDITS = ({"name": "School of Fire"}, {"domain": "fire.example"}, {"about": "Since 1959."}, {"kind": "company"})


def _all_edit(**how: Any) -> Institution:
    """Four members save what they changed, each on a page that was read before."""
    make_institution(cast.ada())
    read = [Institution.objects.get() for _each in EDITS]
    assert at_once(lambda n: read[n].edit(EDITS[n], by=cast.ada()), len(EDITS), **how) == [None] * len(EDITS)
    return Institution.objects.get()


@pytest.mark.django_db(transaction=True)
def test_edits_at_once_keep_each_other_and_take_the_badge_once() -> None:
    now = _all_edit()
    assert [{name: getattr(now, name) for name in each} for each in EDITS] == list(EDITS)
    assert not now.is_verified
    assert [row.verdict for row in now.verifications.all()] == ["withdrawn", "verified"]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_take_it_twice() -> None:
    with taken_away(lingering("creators_verification")):
        now = _all_edit(without_locks=True)
        assert [row.verdict for row in now.verifications.all()] == ["withdrawn", "withdrawn", "verified"]


class TestOwnData:
    def test_it_is_told_and_forgotten(self, school: Institution, lin: User) -> None:
        add_member(school, cast.confirm(lin), "viewer")
        told = privacy.tell(lin).tables
        assert [row["role"] for row in told["memberships"]] == ["viewer"]
        assert [row["answer"] for row in told["invitations"]] == ["accepted"]
        privacy.forget(lin)
        assert school.role_of(lin) == ""
        assert not Invitation.objects.exists()

    def test_the_only_owner_is_held(self, cole: User) -> None:
        make_institution(cole)
        assert "only owner of Jingdezhen School of Clay" in str(privacy.holds(cole)[0])


class TestApi:
    def test_it_does_what_the_pages_do(self, ada: User, client: Client) -> None:
        client.force_login(ada)
        made = client.post(reverse("api-my-institutions"), TOLD, "application/json")
        assert (made.status_code, made.json()["proof"]) == (201, None)
        school = Institution.objects.get()
        members = reverse("api-institution-members", args=[school.slug])
        assert (
            client.post(members, {"email": "rose@example.com", "role": "editor"}, "application/json").status_code == 201
        )
        assert client.post(members, {"email": "x", "role": "boss"}, "application/json").status_code == 400
        own = client.get(members).json()[0]
        one = reverse("api-institution-member", args=[school.slug, own["id"]])
        answer = client.patch(one, {"role": "viewer"}, "application/json")
        assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
        verify(school)
        told = Client().get(reverse("api-institution", args=[school.slug])).json()
        assert told["proof"]["checked"] == "The register of schools names it."
        assert Client().get(reverse("api-institutions")).json()["results"][0]["slug"] == school.slug
