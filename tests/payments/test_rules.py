"""Rules of sharing: the desk's pages, the simulator, the mail, and the public page with its calculator."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import User
from marketplace.lib import clock, work
from marketplace.lib.emails import Mail
from marketplace.lib.money import CURRENCIES, Money
from payments import calculator, quotes, rules, simulation
from payments.models import OrderItem, RevenueRule, RuleAnnouncement
from payments.rules import Terms
from tests import cast
from tests.payments.sales import creator_named, give_back, only_item, sell

NEW_YEAR = datetime(2040, 1, 1, tzinfo=UTC)


def terms(code: str = "organic", **changes: Any) -> Terms:
    return Terms(**{"code": code, "starts_at": NEW_YEAR, "platform_bps": 3000, **changes})


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


FORM = {"code": "organic", "starts_at": "2040-01-01T00:00", "platform_percent": "30", "fixed_minor": "0"}


@pytest.mark.django_db
class TestSimulation:
    def test_shows_old_and_new_of_the_last_90_days(self, ada: User) -> None:
        for _n in range(2):
            sell(ada.creator)
        sell(creator_named("Bea"), price=Money(4000, "USD"))
        (effect,) = simulation.simulate(terms())
        assert (effect.sales, effect.creators) == (3, 2)
        assert (effect.old.platform, effect.new.platform) == (Money(2000, "USD"), Money(2400, "USD"))
        assert effect.creators_change == Money(-400, "USD")
        assert [(each.creator.name, each.change.minor) for each in effect.most_affected] == [
            ("Ada Lin Studio", -200), ("Bea", -200),
        ]  # fmt: skip

    def test_reckons_each_sale_as_a_sale_is_reckoned(self, ada: User) -> None:
        for minor in (1999, 51, 777, 100):
            sell(ada.creator, price=Money(minor, "USD"))
        asked = terms(platform_bps=3333, fixed_minor=30)
        (effect,) = simulation.simulate(asked)
        parts = [
            calculator.shared(Money(minor, "USD"), RevenueRule(platform_bps=3333, fixed_minor=30))
            for minor in (1999, 51, 777, 100)
        ]
        assert effect.new.platform.minor == sum(part.part(quotes.PLATFORM).minor for part in parts)
        assert effect.new.creators.minor == sum(part.part(quotes.CREATOR).minor for part in parts)

    def test_leaves_out_what_was_given_back_and_what_is_older(self, ada: User) -> None:
        order = sell(ada.creator)
        give_back(order, only_item(order))
        assert simulation.simulate(terms()) == []
        sell(ada.creator)
        assert len(simulation.simulate(terms())) == 1
        clock.advance(timedelta(days=91))
        assert simulation.simulate(terms()) == []

    def test_keeps_currencies_apart(self, ada: User) -> None:
        sell(ada.creator)
        sell(ada.creator, price=Money(2000, "JPY"))
        assert [effect.currency for effect in simulation.simulate(terms())] == ["JPY", "USD"]

    def test_changes_no_sale(self, ada: User) -> None:
        sell(ada.creator)
        before = list(OrderItem.objects.values())
        simulation.simulate(terms())
        rules.introduce(terms(), by=cast.fay(), reason="Costs rose")
        assert list(OrderItem.objects.values()) == before

    def test_takes_the_same_queries_for_any_number_of_sales(self, ada: User, django_assert_num_queries: Any) -> None:
        for _n in range(4):
            sell(ada.creator)
        with django_assert_num_queries(9):
            simulation.simulate(terms())


@pytest.mark.django_db
class TestAnnouncement:
    def announce(self) -> None:
        for pk in RuleAnnouncement.open_work().values_list("pk", flat=True):
            work.run(RuleAnnouncement, pk, rules.announce)

    def test_writes_to_everybody_who_has_a_course_once(self, ada: User) -> None:
        sell(ada.creator)
        sell(creator_named("Bea"))
        creator_named("Empty")
        rules.introduce(terms(), by=cast.fay(), reason="Costs rose")
        self.announce()
        mails = Mail.objects.filter(key__startswith="revenue-rule:")
        assert sorted(mails.values_list("to", flat=True)) == ["ada@example.com", "bea@example.com"]
        text = mails.first().text
        assert "Costs rose" in text
        assert "the creators get 70%" in text
        assert "Until then it is 75%" in text
        RuleAnnouncement.objects.get().reopen()
        self.announce()
        assert mails.count() == 2

    def test_goes_on_where_it_was_interrupted(self, ada: User) -> None:
        sell(ada.creator)
        sell(creator_named("Bea"))
        rules.introduce(terms(), by=cast.fay(), reason="Costs rose")
        row = RuleAnnouncement.claim(RuleAnnouncement.objects.get().pk)
        row.reach(ada.creator.pk)
        rules.announce(row)
        assert Mail.objects.filter(key__startswith="revenue-rule:").get().to == "bea@example.com"


@pytest.mark.django_db
class TestPages:
    def test_list_every_version_with_who_and_why(self, fay: User) -> None:
        rules.introduce(terms(), by=fay, reason="Costs rose")
        text = client_of(fay).get("/finance/rules/").content.decode()
        for words in ("Marketplace sale", "In force", "Announced", "Costs rose", "Came with the software"):
            assert words in text

    def test_show_what_a_rule_would_do_before_it_is_confirmed(self, ada: User, fay: User) -> None:
        sell(ada.creator)
        answer = client_of(fay).get("/finance/rules/preview/", FORM)
        text = answer.content.decode()
        assert answer.status_code == 200
        for words in ("− $1.00", "+ $1.00", "Ada Lin Studio", "Introduce it", "<svg"):
            assert words in text
        assert RevenueRule.objects.filter(starts_at=NEW_YEAR).count() == 0

    def test_introduce_what_was_confirmed(self, fay: User) -> None:
        answer = client_of(fay).post("/finance/rules/introduce/", {**FORM, "reason": "Costs rose"})
        assert answer.url == "/finance/rules/"
        rule = RevenueRule.objects.get(starts_at=NEW_YEAR)
        assert (rule.platform_bps, rule.introduced_by, rule.reason) == (3000, fay, "Costs rose")
        assert RuleAnnouncement.objects.filter(rule=rule).exists()

    def test_ask_again_without_a_reason(self, fay: User) -> None:
        assert client_of(fay).post("/finance/rules/introduce/", FORM).status_code == 422
        assert not RevenueRule.objects.filter(starts_at=NEW_YEAR).exists()

    def test_refuse_a_start_in_the_past(self, fay: User) -> None:
        asked = {**FORM, "starts_at": "2021-01-01T00:00", "reason": "x"}
        assert client_of(fay).post("/finance/rules/introduce/", asked).status_code == 409

    @pytest.mark.parametrize(
        "wrong", [{"platform_percent": "101"}, {"affiliate_percent": "5"}, {"starts_at": "soon"}, {"code": "nobody"}]
    )
    def test_say_what_is_wrong(self, fay: User, wrong: dict[str, str]) -> None:
        assert client_of(fay).get("/finance/rules/preview/", {**FORM, **wrong}).status_code == 422

    def test_are_for_finance_alone(self, ada: User) -> None:
        for path in ("/finance/rules/", "/finance/rules/preview/"):
            assert client_of(ada).get(path).status_code == 403


@pytest.mark.django_db
class TestSharingPage:
    def test_says_the_rules_of_today_to_everybody(self) -> None:
        text = Client().get("/how-sales-are-shared/").content.decode()
        for words in ("75%", "97%", "65%", "Marketplace sale"):
            assert words in text

    def test_says_what_is_announced(self) -> None:
        rules.introduce(terms(), by=cast.fay(), reason="Costs rose")
        assert "Costs rose" in Client().get("/how-sales-are-shared/").content.decode()

    def test_reckons_what_a_sale_gives(self) -> None:
        asked = {"direction": "pays", "amount": "20", "currency": "USD", "tax": ""}
        text = Client().get("/how-sales-are-shared/", asked).content.decode()
        for words in ("$15.00", "$19.40", "$13.00", "$2.00"):
            assert words in text

    def test_reckons_the_price_for_a_wish(self) -> None:
        asked = {"direction": "gets", "amount": "15", "currency": "USD", "tax": ""}
        text = Client().get("/how-sales-are-shared/", asked).content.decode()
        assert "$20.00" in text
        assert "$15.46" in text

    @pytest.mark.parametrize(
        "asked", [{"amount": "a lot"}, {"amount": "-1"}, {"currency": "XXX"}, {"tax": "99"}, {"amount": "9" * 30}]
    )
    def test_says_what_it_cannot_read(self, asked: dict[str, str]) -> None:
        told = {"direction": "pays", "amount": "20", "currency": "USD", "tax": "", **asked}
        assert Client().get("/how-sales-are-shared/", told).status_code == 422


@pytest.mark.django_db
class TestApi:
    BODY = {"code": "organic", "starts_at": "2040-01-01T00:00:00Z", "platform_bps": 3000, "fixed_minor": 0}

    def api_of(self, user: User) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    def test_tells_everybody_the_rules(self) -> None:
        found = APIClient().get("/api/v1/revenue-rules/").json()["results"]
        assert {rule["code"]: rule["platform_bps"] for rule in found} == {
            "organic": 2500, "own_link": 300, "affiliate": 2500, "tip": 500, "membership": 1000, "pass": 3000,
        }  # fmt: skip

    def test_tries_a_rule_out(self, ada: User, fay: User) -> None:
        sell(ada.creator)
        (effect,) = self.api_of(fay).post("/api/v1/revenue-rules/simulation/", self.BODY).json()["effects"]
        assert effect["platform_change"] == {"minor": "100", "currency": "USD"}
        assert effect["most_affected"][0]["change"]["minor"] == "-100"

    def test_introduces_a_rule(self, fay: User) -> None:
        answer = self.api_of(fay).post("/api/v1/revenue-rules/", {**self.BODY, "reason": "Costs rose"})
        assert answer.status_code == 201
        assert RevenueRule.objects.get(starts_at=NEW_YEAR).introduced_by == fay

    def test_refuses_what_does_not_fit(self, fay: User) -> None:
        for path in ("/api/v1/revenue-rules/", "/api/v1/revenue-rules/simulation/"):
            wrong = {**self.BODY, "affiliate_bps": 500, "reason": "x"}
            assert self.api_of(fay).post(path, wrong).status_code == 400

    def test_is_introduced_by_finance_alone(self, ada: User) -> None:
        for path in ("/api/v1/revenue-rules/", "/api/v1/revenue-rules/simulation/"):
            assert self.api_of(ada).post(path, self.BODY).status_code == 403


class Rule:
    def __init__(self, platform_bps: int, affiliate_bps: int = 0, fixed_minor: int = 0) -> None:
        self.platform_bps, self.affiliate_bps, self.fixed_minor = platform_bps, affiliate_bps, fixed_minor


@given(
    wish=st.integers(0, 3_000), platform=st.integers(0, 9_000), affiliate=st.integers(0, 900),
    fixed=st.integers(0, 50), tax=st.sampled_from([0, 700, 2550]), currency=st.sampled_from(["USD", "JPY", "KWD"]),
)  # fmt: skip
def test_price_for_is_the_least_price_that_gives_the_wish(
    wish: int, platform: int, affiliate: int, fixed: int, tax: int, currency: str
) -> None:
    rule, amount = Rule(platform, affiliate, fixed), Money(wish, currency)
    found = calculator.price_for(amount, rule, tax)
    assert found is not None
    assert calculator.creators_part(found, rule, tax) >= amount
    step = CURRENCIES[currency].charge_multiple
    below = range(max(0, found.minor - 400 * step) // step * step, found.minor, step)
    assert all(calculator.creators_part(Money(minor, currency), rule, tax) < amount for minor in below)


def test_price_for_what_no_price_gives_is_none() -> None:
    assert calculator.price_for(Money(1, "USD"), Rule(10_000)) is None
    assert calculator.price_for(Money(990_000, "USD"), Rule(2_500)) is None
