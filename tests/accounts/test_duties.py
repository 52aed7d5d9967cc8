"""Roles by least privilege: support, a moderator who is no senior, an auditor."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts import audit, seeing
from accounts.models import AuditEvent, RoleGrant, User
from marketplace.lib.errors import NotAllowed
from tests import cast
from tests.courses.factories import make_course
from tests.moderation.factories import make_submission
from tests.payments import shop

pytestmark = pytest.mark.django_db


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


class TestAWiderRole:
    def test_holds_the_narrower_one_and_not_the_other_way_round(self, sam: User) -> None:
        mia = cast.person("Mia", role="moderator")
        assert sam.has_role("moderator")
        assert sam.has_role("senior")
        assert mia.has_role("moderator")
        assert not mia.has_role("senior")
        assert set(User.objects.with_role("moderator")) == {sam, mia}
        assert set(User.objects.with_role("senior")) == {sam}

    def test_is_told_once_though_both_are_held(self, sam: User) -> None:
        cast.give_role(sam, "moderator")
        assert list(User.objects.with_role("moderator")) == [sam]


class TestSupport:
    @pytest.fixture
    def sue(self) -> User:
        return cast.person("Sue", role="support")

    def test_looks_up_orders_and_refunds_nothing(self, sue: User, lin: User) -> None:
        order = shop.buy(lin, [make_course(title="Clay")])
        desk = as_(sue)
        assert order.number in desk.get(reverse("payments:finance_orders")).content.decode()
        page = desk.get(reverse("payments:order", args=[order.number]))
        assert page.status_code == 200
        assert "refund_form" not in page.context or page.context["refund_form"] is None
        assert desk.post(reverse("payments:refund", args=[order.number])).status_code == 403
        for closed in ("payments:finance", "moderation:queue", "staff:audit"):
            assert desk.get(reverse(closed)).status_code == 403, closed

    def test_sees_pages_as_somebody_else_who_is_told(self, sue: User, lin: User) -> None:
        seeing.begin(lin, by=sue, reason="She cannot find her course")
        assert AuditEvent.objects.get(verb="seeing.begin").actor == sue
        for other in ("finance", "moderator", "auditor"):
            with pytest.raises(NotAllowed):
                seeing.begin(lin, by=cast.person(other.title(), role=other), reason="Curious")


class TestAnAuditor:
    @pytest.fixture
    def aude(self) -> User:
        return cast.person("Aude", role="auditor")

    def test_reads_every_desk_and_the_audit_log(self, aude: User) -> None:
        submission = make_submission("Kilns")
        desk = as_(aude)
        pages = ["moderation:queue", "moderation:cases", "moderation:takedowns", "payments:finance", "staff:people"]
        for name in [*pages, "payments:payout_desk", "payments:reconciliation", "staff:audit", "staff:audit_csv"]:
            assert desk.get(reverse(name)).status_code == 200, name
        page = desk.get(reverse("moderation:case", args=[submission.pk])).content.decode()
        assert "You look at this as an auditor" in page
        assert "Claim it" not in page
        api = APIClient()
        api.force_authenticate(aude)
        for address in ("api-audit", "api-moderation-submissions", "api-trial-balance"):
            assert api.get(reverse(address)).status_code == 200, address

    def test_reads_an_act_whose_fact_is_called_items(self, aude: User, fay: User) -> None:
        audit.record(fay, "order.refund", fay, items={"7": 1999})
        page = as_(aude).get(reverse("staff:audit")).content.decode()
        assert "1999" in page

    def test_sees_the_data_pages_and_edits_none(self, aude: User, lin: User) -> None:
        desk = as_(aude)
        address = reverse("admin:accounts_user_change", args=[lin.pk])
        assert desk.get(address).status_code == 200
        assert desk.post(address, {"name": "Eve"}).status_code in (302, 403)
        assert fresh(lin).name == "Lin"
        assert not aude.has_perm("accounts.change_user")

    def test_changes_nothing_and_watches_no_lesson(self, aude: User) -> None:
        submission = make_submission("Kilns")
        desk = as_(aude)
        for name in ("claim", "approve", "send_back"):
            assert desk.post(reverse(f"moderation:{name}", args=[submission.pk])).status_code == 403
        assert desk.post(reverse("staff:give_role"), {"person": aude.email}).status_code == 403
        assert not RoleGrant.objects.filter(user=aude, role="admin").exists()

    def test_without_a_second_factor_reads_nothing(self, cole: User) -> None:
        cole.grant_role("auditor", by=None, reason="x")
        assert not fresh(cole).may_read("moderator")
        assert as_(fresh(cole)).get(reverse("staff:audit")).status_code == 302
