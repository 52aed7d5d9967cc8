"""Who reported a thing, or voted on it, is no judge of it: not in its case, not beside it, not of the appeal."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from marketplace.lib.errors import NotAllowed
from moderation import appeals, case_queue, measures
from moderation.impartial import Partial
from moderation.models import CaseClaim
from tests import cast
from tests.courses.factories import make_course
from tests.moderation.decisions import answer_appeal, decide, decide_case, report, wish
from tests.moderation.factories import kim
from tests.moderation.test_community import reviewer, slight, vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


class TestWhoReported:
    def test_cannot_decide_the_case_nor_beside_it(self, course: Course, sam: User) -> None:
        case = report("course", "glazes", sam)
        asked = wish("warn", "course", "glazes", case=case)
        with pytest.raises(Partial):
            measures.decide(asked, sam, seen=measures.preview(asked, kim()).version)
        with pytest.raises(Partial):
            measures.preview(wish("unpublish", "course", "glazes"), sam)
        assert decide_case(case, "warn", kim()).decided_by == kim()

    def test_cannot_call_the_other_reports_bad_faith(self, course: Course, lin: User, sam: User) -> None:
        case = report("course", "glazes", lin)
        report("course", "glazes", sam)
        with pytest.raises(Partial):
            measures.preview(wish("dismiss", "course", "glazes", case=case, is_bad_faith=True), sam)

    def test_is_not_handed_it_nor_holds_it(self, course: Course, sam: User) -> None:
        case = report("course", "glazes", sam)
        assert case_queue.next_for(sam) is None
        assert case_queue.next_for(kim()) == case
        with pytest.raises(NotAllowed):
            CaseClaim.objects.take(case, sam)

    def test_reads_why_and_finds_no_form(self, course: Course, sam: User, client: Client) -> None:
        case = report("course", "glazes", sam)
        address = reverse("moderation:reported_case", args=[case.pk])
        client.force_login(sam)
        page = client.get(address).content.decode()
        assert "You have reported this or voted on it" in page
        assert 'data-key="c"' not in page
        client.force_login(kim())
        assert 'data-key="c"' in client.get(address).content.decode()
        api = APIClient()
        api.force_authenticate(sam)
        sent = {"action": "warn", "rule_code": "rights", "reason": "x", "case": case.pk}
        answer = api.post(reverse("api-moderation-weigh", args=["course", "glazes"]), sent, format="json")
        assert (answer.status_code, answer.json()["code"]) == (403, "partial")

    def test_does_not_answer_the_appeal(self, course: Course, ada: User, sam: User, client: Client) -> None:
        joe = cast.person("Joe", role="moderator")
        case = report("course", "glazes", joe)
        appeal = appeals.make(decide_case(case, "warn", sam), ada, "x")
        with pytest.raises(Partial):
            answer_appeal(appeal, joe, verdict="upheld", reason="x")
        client.force_login(joe)
        page = client.get(reverse("moderation:answer_appeal", args=[appeal.pk])).content.decode()
        assert "You have reported this or voted on it" in page
        assert answer_appeal(appeal, kim(), verdict="upheld", reason="x").decided_by == kim()

    def test_may_decide_about_what_is_reported_anew_by_others(self, course: Course, lin: User, sam: User) -> None:
        decide_case(report("course", "glazes", sam), "dismiss", kim())
        again = report("course", "glazes", lin)
        assert decide_case(again, "warn", sam).decided_by == sam
        assert decide("limit", "course", "glazes", sam).decided_by == sam


def test_who_voted_as_a_community_reviewer_does_not_decide(sam: User) -> None:
    case = slight()
    mia = reviewer("Mia")
    vote(mia)
    cast.give_role(mia, "moderator")
    with pytest.raises(Partial):
        measures.preview(wish("dismiss", case.kind, case.key, case=case), User.objects.get(pk=mia.pk))
    assert decide_case(case, "dismiss", sam).decided_by == sam
