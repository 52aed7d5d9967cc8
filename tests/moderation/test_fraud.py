"""Signs of fraud: what is planted is found, honest people are left alone, and a person decides."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from marketplace.lib.emails import Mail
from moderation import appeals, fraud, privacy, targets
from moderation.fraud import rules
from moderation.fraud.rules import Edge, Redeemed, Tied
from moderation.models import Case, Flag, Measure
from payments.models import CardTrace
from tests import cast
from tests.moderation.decisions import answer_appeal, decide_case
from tests.moderation.factories import kim
from tests.moderation.town import NOW, Town

db = pytest.mark.django_db


class TestTheRules:
    @given(n=st.integers(1, 40), accounts=st.integers(1, 12))
    def test_nobody_is_named_whose_people_watch(self, n: int, accounts: int) -> None:
        """However many are tied by whatever: three of ten who watch are enough."""
        people, unwatched = tuple(range(accounts)), n * 7 // 10
        for tie in ("card", "shared_card", "device"):
            assert rules.self_purchase(Tied(tie, people, n, unwatched)) is None
        assert rules.coupon_farming(Redeemed("device", people, accounts, n, unwatched)) is None
        assert rules.rings([Edge(1, 2, n, unwatched), Edge(2, 1, n, unwatched)]) == {}

    def test_a_family_s_card_and_two_who_never_watch_are_a_family(self) -> None:
        assert rules.self_purchase(Tied("card", (1, 2), 6, 6)) is None
        assert rules.self_purchase(Tied("shared_card", (1, 2, 3), 9, 9)) is None
        assert rules.self_purchase(Tied("card", (1, 2, 3), 3, 3)) is not None

    def test_a_ring_is_a_way_there_and_back(self) -> None:
        one_way = [Edge(1, 2, 3, 3), Edge(2, 3, 3, 3)]
        assert rules.rings(one_way) == {}
        assert set(rules.rings([*one_way, Edge(3, 1, 2, 2), Edge(4, 1, 5, 5)])) == {1, 2, 3}
        assert rules.rings([*one_way, Edge(3, 1, 1, 1)]) == {}

    def test_praise_goes_in_a_circle_or_is_none(self) -> None:
        assert rules.rating_rings([Edge(1, 2, 4, 4)]) == {}
        assert rules.rating_rings([Edge(1, 2, 4, 3), Edge(2, 1, 4, 4)]) == {}
        assert rules.rating_rings([Edge(1, 2, 1, 1), Edge(2, 1, 4, 4)]) == {}
        found = rules.rating_rings([Edge(1, 2, 3, 3), Edge(2, 1, 5, 4)])
        assert found[1] == found[2] == {"circle": 2, "least_circle": 2, "ratings": 8, "praised": 7}

    def test_one_card_on_many_laptops_is_a_company(self) -> None:
        assert rules.coupon_farming(Redeemed("card", tuple(range(8)), 1, 8, 8)) is None
        assert rules.coupon_farming(Redeemed("card", tuple(range(4)), 4, 4, 0)) is not None

    def test_five_declined_tries_are_a_bad_evening(self) -> None:
        assert rules.card_testing(declined=5, cards=5, tries=5, accounts=1) is None
        assert rules.card_testing(declined=9, cards=2, tries=9, accounts=1) is None
        assert rules.card_testing(declined=9, cards=8, tries=10, accounts=1) is not None
        assert rules.card_testing(declined=25, cards=25, tries=200, accounts=90) is None

    def test_a_class_is_in_one_network_and_a_traveler_has_few_devices(self) -> None:
        assert rules.account_sharing(days=10, devices=12, refused=9, networks=2) is None
        assert rules.account_sharing(days=0, devices=4, refused=0, networks=12) is None


@db
class TestATown:
    """Small towns of the generator that `bench/fraud.py` prints at large."""

    @pytest.mark.parametrize("seed", [1, 2])
    def test_what_is_planted_is_found_and_honest_people_are_left_alone(self, seed: int) -> None:
        scores = {score.code: score for score in Town(seed).scores()}
        assert set(scores) == set(fraud.DETECTORS)
        for score in scores.values():
            assert score.wrong == 0, score
            assert score.planted >= 3, score
            assert score.recall >= 0.5, score

    def test_without_watching_the_honest_could_not_be_told_apart(self, monkeypatch: Any) -> None:
        """The negative control: with the rule of what was watched taken away, honest people are named."""
        monkeypatch.setattr(rules, "UNWATCHED_TENTHS", 0)
        wrong = {score.code: score.wrong for score in Town(1).scores()}
        assert wrong["self_purchase"] > 0
        assert wrong["rings"] > 0
        assert wrong["coupon_farming"] > 0
        assert wrong["rating_rings"] > 0

    def test_is_the_same_for_the_same_seed(self) -> None:
        one, again, other = Town(3), Town(3), Town(4)
        cards = [[trace.card for trace in town.rows[CardTrace]] for town in (one, again, other)]
        assert cards[0] == cards[1] != cards[2]
        assert one.size == again.size

    def test_flags_are_raised_once_with_as_many_statements_as_detectors(self) -> None:
        town = Town(1)
        raised = fraud.judge_all(NOW)
        assert raised == Flag.objects.count() > 10
        assert {code for code, _groups in town.planted.items()} == set(Flag.objects.values_list("code", flat=True))
        with CaptureQueriesContext(connection) as again:
            assert fraud.judge_all(NOW) == 0
        assert len(again) < 8 * len(fraud.DETECTORS)
        assert not Mail.objects.exists(), "a suspicion is told to nobody but moderators"
        assert not Measure.objects.exists()


@db
class TestDeciding:
    @pytest.fixture
    def flag(self, lin: User) -> Flag:
        """Lin's account was played on many devices."""
        from tests.moderation.crowd_sales import past_the_triggers
        from videos.models import PlaceDay

        with past_the_triggers():
            for n in range(8):
                PlaceDay.objects.create(person=lin, day=(NOW - timedelta(days=n)).date(), devices=9, refused_devices=4)
                UserSession.objects.create(user=lin, ip=f"10.{n}.0.1", user_agent="x", session_key=f"k{n}")
        fraud.judge_all(NOW)
        return Flag.objects.select_related("case").get()

    def test_moderators_see_it_and_she_does_not_before_anybody_has_decided(self, flag: Flag, lin: User) -> None:
        sam, hers = Client(), Client()
        sam.force_login(cast.sam())
        hers.force_login(lin)
        for address in ("flags/", f"flags/?account={lin.pk}", f"cases/{flag.case_id}/"):
            shown = sam.get(f"/moderation/{address}").content.decode()
            assert "One account, many devices" in shown
            assert f"#{lin.pk}" in shown
        assert lin.name not in sam.get("/moderation/flags/").content.decode()
        assert "One account" not in hers.get("/reports/flags/").content.decode()

    def test_a_warning_is_told_and_appealed_against_like_any_other(self, flag: Flag, lin: User) -> None:
        measure = decide_case(flag.case, "warn", cast.sam(), rule="fair_accounts", reason="Nine devices a day.")
        assert Mail.objects.get(key=f"measure:{measure.pk}").to == lin.email
        appeal = appeals.make(measure, lin, "I teach in nine schools.")
        assert appeal.measure == measure
        with pytest.raises(appeals.SamePerson):
            answer_appeal(appeal, cast.sam(), verdict="upheld", reason="I said so")

    def test_an_account_can_be_warned_and_nothing_more(self, flag: Flag) -> None:
        from moderation.measures.wish import NoSuchMeasure

        for action in ("suspend", "hold", "limit", "refund"):
            with pytest.raises(NoSuchMeasure):
                decide_case(flag.case, action, cast.sam(), rule="fair_accounts", reason="x")

    def test_nobody_can_report_or_look_up_an_account(self, flag: Flag, lin: User, cole: User) -> None:
        client = Client()
        assert client.get(f"/reports/account/{lin.pk}/").status_code == 404
        client.force_login(cole)
        assert client.get(f"/reports/account/{lin.pk}/").status_code == 404
        for wrong in ("x", "-1", "9" * 30, "٣"):
            assert targets.find("account", wrong) is None

    def test_it_is_in_her_record_without_other_people(self, flag: Flag, lin: User) -> None:
        (row,) = privacy.tell(lin).tables["flags"]
        assert row["code"] == "account_sharing"
        assert row["figures"]["many_days"] == 8
        assert "named" not in row["figures"]

    def test_the_second_moderator_is_told(self, flag: Flag) -> None:
        from moderation.models import CaseClosed

        decide_case(flag.case, "dismiss", cast.sam())
        with pytest.raises(CaseClosed):
            decide_case(Case.objects.get(), "warn", kim(), rule="fair_accounts", reason="x")
