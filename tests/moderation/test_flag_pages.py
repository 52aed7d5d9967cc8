"""Flags on pages and over the API: drawn for moderators, with what helps for their owner, for nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AccountDeletion, User
from courses.models import Course
from moderation import flags, privacy
from moderation.flags import Finding
from moderation.models import Flag
from tests.courses.factories import make_course
from tests.moderation.decisions import decide_case, report

pytestmark = pytest.mark.django_db
FIGURES = {"k": 12, "n": 30, "low": 208, "high": 628, "usual": 50, "bar": 100, "days": 180}


@pytest.fixture
def flag(ada: User) -> Flag:
    make_course(title="Glazes")
    flags.keep("refunds", [Finding("refunds", 1, "course", "glazes", FIGURES)], timezone.now())
    return Flag.objects.get()


def page(person: User, address: str) -> str:
    client = Client()
    client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_moderators_see_the_figures_drawn_and_in_words(flag: Flag, sam: User) -> None:
    for address in ("/moderation/flags/", f"/moderation/cases/{flag.case_id}/"):
        shown = page(sam, address)
        assert "Many give it back" in shown
        assert "12 of 30 in 180 days" in shown
        assert "20.8 % – 62.8 %" in shown
        assert '<rect class="part part--loss"' in shown
    assert "Many give it back" in page(sam, "/moderation/cases/")
    assert "Nothing stands out" in page(sam, "/moderation/flags/?code=stale")
    assert "Nothing stands out" in page(sam, "/moderation/flags/?closed")


def test_a_case_of_flags_alone_is_decided_as_any_other(flag: Flag, sam: User) -> None:
    decide_case(flag.case, "dismiss", sam)
    assert "Nothing stands out" in page(sam, "/moderation/flags/")
    assert "Many give it back" in page(sam, "/moderation/flags/?closed")


def test_a_flag_joins_the_open_case_of_its_thing_and_adds_to_its_weight(ada: User, lin: User) -> None:
    make_course(title="Glazes")
    before = report("course", "glazes", lin)
    flags.keep("refunds", [Finding("refunds", 1, "course", "glazes", FIGURES)], timezone.now())
    flag = Flag.objects.select_related("case").get()
    assert flag.case_id == before.pk
    assert (flag.case.weight, flag.case.reports_count) == (before.weight + 1000, 1)
    assert flag.case.priority > before.priority


def test_her_studio_says_so_and_only_hers(flag: Flag, ada: User, sam: User) -> None:
    assert "Figures of this course stand out" in page(ada, "/studio/courses/glazes/pricing/")
    assert "Many give it back" in page(ada, "/reports/flags/")
    assert "Many give it back" not in page(sam, "/reports/flags/")


def test_what_no_longer_stands_out_leaves_the_studio_and_stays_with_the_case(flag: Flag, ada: User, sam: User) -> None:
    flags.keep("refunds", [], timezone.now() + timedelta(days=1))
    assert "Figures of this course stand out" not in page(ada, "/studio/courses/glazes/pricing/")
    assert "no longer stands out" in page(sam, f"/moderation/cases/{flag.case_id}/")


def test_an_empty_word_is_asked_for_again(flag: Flag, ada: User) -> None:
    client = Client()
    client.force_login(ada)
    assert client.post(f"/reports/flags/{flag.pk}/answer/", {"text": " "}).status_code == 422


def test_everybody_reads_the_rules(db: None) -> None:
    for language, words in (("en", "99 percent interval"), ("zh-hans", "99% 置信区间")):
        shown = Client(headers={"accept-language": language}).get("/rules/figures/").content.decode()
        assert words in shown


class TestTheApi:
    def test_tells_moderators_of_all_and_owners_of_theirs(self, flag: Flag, ada: User, sam: User, cole: User) -> None:
        told = self._get(sam, "/api/v1/moderation/flags/").json()["results"]
        assert [(row["code"], row["key"], row["figures"]["k"]) for row in told] == [("refunds", "glazes", 12)]
        assert [row["id"] for row in self._get(ada, "/api/v1/reports/flags/").json()["results"]] == [flag.pk]
        assert self._get(cole, "/api/v1/reports/flags/").json()["results"] == []

    def test_takes_one_word_of_the_owner(self, flag: Flag, ada: User) -> None:
        client = APIClient()
        client.force_authenticate(ada)
        answers = [
            client.post(f"/api/v1/reports/flags/{flag.pk}/answer/", {"text": words}, format="json").status_code
            for words in ("", "A price error", "And more")
        ]
        assert answers == [400, 201, 409]

    def test_asks_as_much_of_twenty_flags_as_of_one(
        self, flag: Flag, sam: User, django_assert_max_num_queries: Any
    ) -> None:
        for n in range(10):
            make_course(title=f"More {n}", lessons=1)
            flags.keep("stale", [Finding("stale", 1, "course", f"more-{n}", {"days": 30, "limit": 30})], timezone.now())
        with django_assert_max_num_queries(12):
            assert len(self._get(sam, "/api/v1/moderation/flags/").json()["results"]) == 11

    @staticmethod
    def _get(person: User, address: str) -> Any:
        client = APIClient()
        client.force_authenticate(person)
        return client.get(address)


def test_her_flags_are_in_her_record_and_her_words_go_with_her_account(flag: Flag, ada: User) -> None:
    flag.answer_by(ada, "Flagword")
    told = privacy.tell(ada).tables["flags"]
    assert [(row["code"], row["answer__text"]) for row in told] == [("refunds", "Flagword")]
    AccountDeletion.objects.create(user=ada)
    privacy.forget(ada)
    flag.answer.refresh_from_db()
    assert flag.answer.text == "…"


def test_a_course_that_is_gone_is_not_flagged(db: None) -> None:
    assert flags.keep("stale", [Finding("stale", 1, "course", "nowhere", {"days": 30})], timezone.now()) == 0
    assert not Course.objects.exists()
