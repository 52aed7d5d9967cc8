"""Links: who is credited with a sale and by which rule, and that nobody earns by bringing herself."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from accounts.models import User
from courses.models import Course
from creators.models import Creator, Suspension
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import checkout, ledger, referrals, refunds, rules, splits
from payments.coupons import tries
from payments.coupons.tries import OF_ADDRESS, OF_PERSON, TooManyCodes
from payments.models import AccountKind, Coupon, Order, PromoterStop, Referral, ReferralDay, RevenueRule
from payments.models.promoter_stop import PromotersStopped
from payments.models.referral import NotPromotable, ReferralEnded, TooManyLinks
from payments.models.revenue_rule import RemembersTooLong
from payments.referrals import Followed, board, clicks, figures, links
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.payments import shop
from tests.payments.test_checkout_pages import client_of, put
from tests.payments.test_coupon_pages import api_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    """Ada's, 19.99 USD."""
    return make_course(lessons=1)


@pytest.fixture
def promoter(db: None) -> Creator:
    return make_creator(cast.person("Paula"), "Paula Points")


def link_of(owner: Creator, course: Course | None = None, kind: str = "affiliate", **told: Any) -> Referral:
    return Referral.objects.make(owner=owner, by=owner.user, kind=kind, course=course, **told)


def buy(buyer: User, courses: list[Course], referral: str = "", coupon_code: str = "", at: Any = None) -> Order:
    order = checkout.start(buyer=buyer, courses=courses, referral=Followed(referral, at), coupon_code=coupon_code)
    shop.pay(order)
    shop.deliver_all()
    order.refresh_from_db()
    return order


def rule_and_parts(order: Order) -> tuple[str, int, int, int]:
    item = order.items.get()
    return item.rule.code, item.platform_minor, item.affiliate_minor, item.creator_minor


class TestTheBoardOfPromoters:
    def test_says_who_brought_what_and_what_is_left_of_their_part(self, ada, lin, cole, fay, course, promoter) -> None:
        quiet = make_creator(cast.person("Quinn"), "Quinn Quiet")
        buy(lin, [course], link_of(promoter).code)
        second = make_course(title="Slips", price=Money(1000, "EUR"), lessons=1)
        buy(lin, [second], link_of(promoter).code)
        given = buy(cole, [course], link_of(quiet).code)
        refunds.refund(given, by=fay, reason="asked")
        shop.send_refunds()
        first, last = board.rows(ada.creator)
        assert (first.promoter, first.sales) == (promoter, 2)
        assert first.earned == {"USD": Money(199, "USD"), "EUR": Money(100, "EUR")}
        assert (last.promoter, last.sales, last.earned) == (quiet, 1, {"USD": Money(0, "USD")})
        assert board.rows(promoter) == []
        client = Client()
        client.force_login(ada)
        page = client.get("/studio/promotion/").content.decode()
        assert "Paula Points" in page
        told = client.get("/api/v1/promoters/").json()
        assert told["allowed"] is True
        assert [(row["name"], row["sales"]) for row in told["board"]] == [("Paula Points", 2), ("Quinn Quiet", 1)]
        assert told["board"][1]["earned"] == [{"minor": "0", "currency": "USD"}]


class TestAttribution:
    def test_a_sale_without_a_link_is_the_marketplaces(self, lin, course) -> None:
        assert rule_and_parts(buy(lin, [course])) == ("organic", 500, 0, 1499)

    def test_the_creators_own_link_leaves_her_97_percent(self, ada, lin, course) -> None:
        order = buy(lin, [course], link_of(ada.creator, kind="own").code)
        assert rule_and_parts(order) == ("own_link", 60, 0, 1939)

    def test_a_promoter_gets_a_tenth_and_the_creator_the_rest(self, lin, course, promoter) -> None:
        link = link_of(promoter)
        order = buy(lin, [course], link.code)
        assert rule_and_parts(order) == ("affiliate", 500, 199, 1300)
        assert (order.items.get().affiliate, order.items.get().referral_code) == (promoter, link.code)
        assert ledger.balance(AccountKind.AFFILIATE_PENDING, promoter.pk, "USD", "sandbox").minor == 199

    def test_the_link_of_one_course_brings_that_course_only(self, lin, promoter) -> None:
        pottery, glazes = shop.two_courses()
        order = buy(lin, [pottery, glazes], link_of(promoter, glazes).code)
        codes = [item.rule.code for item in order.items.order_by("course_id")]
        assert codes == ["organic", "affiliate"]

    def test_a_link_to_ones_own_courses_brings_nothing_of_others(self, lin, course, promoter) -> None:
        assert rule_and_parts(buy(lin, [course], link_of(promoter, kind="own").code))[0] == "organic"

    def test_nobody_earns_by_her_own_purchase(self, course, promoter) -> None:
        assert rule_and_parts(buy(promoter.user, [course], link_of(promoter).code)) == ("organic", 500, 0, 1499)

    def test_a_co_author_who_buys_came_by_herself(self, ada, course, promoter) -> None:
        bea = make_creator(cast.person("Bea"))
        splits.accept(splits.propose(course, [(bea, 2000)], by=ada), by=bea.user)
        for code in (link_of(ada.creator, kind="own").code, link_of(promoter).code):
            quote = referrals.attribution_for(bea.user, course, code, clock.now(), ((bea.pk, 2000),))
            assert quote == ("organic", None)
        assert rule_and_parts(buy(bea.user, [course], link_of(promoter).code))[:3] == ("organic", 500, 0)

    def test_a_co_authors_link_is_an_own_link(self, ada, lin, course) -> None:
        bea = make_creator(cast.person("Bea"))
        splits.accept(splits.propose(course, [(bea, 2000)], by=ada), by=bea.user)
        assert rule_and_parts(buy(lin, [course], link_of(bea, course).code)) == ("own_link", 60, 0, 1939)

    def test_a_link_that_was_ended_brings_nothing(self, lin, course, promoter) -> None:
        link = link_of(promoter)
        link.end(by=promoter.user)
        assert rule_and_parts(buy(lin, [course], link.code))[0] == "organic"

    def test_a_code_of_nobody_brings_nothing(self, lin, course) -> None:
        for code in ("NOBODY99", "", "x", "春", "a\x00bcd"):
            assert referrals.attribution_for(lin, course, code, clock.now()) == ("organic", None)

    def test_a_suspended_promoter_gets_nothing(self, lin, sam, course, promoter) -> None:
        link = link_of(promoter)
        Suspension.objects.suspend(creator=promoter, by=sam, rule_code="spam", reason="a test")
        assert rule_and_parts(buy(lin, [course], link.code))[0] == "organic"

    def test_a_creators_coupon_is_her_own_link_even_when_it_is_over(self, ada, lin, cole, course) -> None:
        now = clock.now()
        coupon = Coupon.objects.make(
            by=ada, creator=ada.creator, kind="percent", value=5000, starts_at=now - timedelta(days=3),
            ends_at=now + timedelta(hours=1),
        )  # fmt: skip
        order = buy(lin, [course], coupon_code=coupon.code)
        assert (order.total.minor, order.items.get().rule.code) == (999, "own_link")
        clock.advance(timedelta(hours=2))
        late = buy(cole, [course], referral=coupon.code)
        assert (late.total.minor, late.items.get().rule.code) == (1999, "own_link")

    def test_the_creators_own_code_comes_before_a_promoters_link(self, ada, lin, course, promoter) -> None:
        coupon = Coupon.objects.make(by=ada, creator=ada.creator, kind="percent", value=1000)
        order = buy(lin, [course], link_of(promoter).code, coupon.code)
        assert rule_and_parts(order)[0] == "own_link"

    def test_what_the_platform_gives_away_takes_nothing_from_a_promoter(self, fay, lin, course, promoter) -> None:
        coupon = Coupon.objects.make(
            by=fay, kind="percent", value=5000, cap_total=9, most_minor=10_000, most_currency="USD"
        )
        order = buy(lin, [course], link_of(promoter).code, coupon.code)
        assert rule_and_parts(order) == ("affiliate", 500, 199, 1300)
        assert (order.total.minor, order.items.get().promotion_minor) == (999, 1000)

    def test_what_the_order_says_stays_when_the_link_ends(self, lin, course, promoter) -> None:
        link = link_of(promoter)
        order = checkout.start(buyer=lin, courses=[course], referral=Followed(link.code))
        link.end(by=promoter.user)
        shop.pay(order)
        shop.deliver_all()
        assert rule_and_parts(order)[:3] == ("affiliate", 500, 199)


def remember_for(code: str, days: int, *, in_days: float = 1) -> None:
    """A rule's new version that differs in its days alone."""
    now = clock.now()
    rule = RevenueRule.objects.in_force(code, at=now)
    RevenueRule.objects.introduce(
        code, starts_at=now + timedelta(days=in_days), platform_bps=rule.platform_bps, by=cast.fay(),
        affiliate_bps=rule.affiliate_bps, remembered_days=days, reason="We try it",
    )  # fmt: skip


class TestHowLongALinkCounts:
    @pytest.mark.parametrize(("days", "rule"), [(29.99, "affiliate"), (30.01, "organic")])
    def test_a_promoters_counts_for_30_days(self, lin, course, promoter, days: float, rule: str) -> None:
        at = clock.now() - timedelta(days=days)
        assert rule_and_parts(buy(lin, [course], link_of(promoter).code, at=at))[0] == rule

    def test_each_kind_of_link_has_its_own_days(self, ada, lin, promoter) -> None:
        pottery, glazes = shop.two_courses()
        remember_for("affiliate", 7)
        clock.advance(timedelta(days=2))
        ten_days = clock.now() - timedelta(days=10)
        assert rule_and_parts(buy(lin, [pottery], link_of(promoter).code, at=ten_days))[0] == "organic"
        own = link_of(pottery.creator, kind="own").code
        cole = cast.cole()
        assert rule_and_parts(buy(cole, [pottery], own, at=ten_days))[0] == "own_link"

    def test_the_rule_of_the_day_of_the_checkout_says_how_long(self, lin, course, promoter) -> None:
        code, followed_at = link_of(promoter).code, clock.now()
        remember_for("affiliate", 60, in_days=20)
        clock.advance(timedelta(days=45))
        order = buy(lin, [course], code, at=followed_at)
        assert rule_and_parts(order) == ("affiliate", 500, 199, 1300)
        assert order.items.get().rule.remembered_days == 60

    def test_an_order_keeps_its_credit_when_the_days_are_over_before_it_is_paid(self, lin, course, promoter) -> None:
        order = checkout.start(
            buyer=lin, courses=[course], referral=Followed(link_of(promoter).code, clock.now() - timedelta(days=29.99))
        )
        clock.advance(timedelta(minutes=30))
        shop.pay(order)
        shop.deliver_all()
        assert rule_and_parts(order) == ("affiliate", 500, 199, 1300)

    def test_a_forgotten_link_leaves_the_coupons_credit_alone(self, ada, lin, course, promoter) -> None:
        coupon = Coupon.objects.make(by=ada, creator=ada.creator, kind="percent", value=5000)
        old = clock.now() - timedelta(days=80)
        order = buy(lin, [course], link_of(promoter).code, coupon_code=coupon.code, at=old)
        assert order.items.get().rule.code == "own_link"

    def test_the_browser_s_way_keeps_the_time(self, client, lin, course, promoter) -> None:
        client.get(course.get_absolute_url() + "?ref=" + link_of(promoter).code)
        clock.advance(timedelta(days=31))
        client.force_login(lin)
        form = {"course": course.slug, "total": 1999, "currency": "USD"}
        assert client.post(f"/checkout/?course={course.slug}", form).status_code == 302
        assert Order.objects.get().items.get().rule.code == "organic"

    @pytest.mark.parametrize("days", [0, -1, 91, 10_000])
    def test_days_that_no_rule_may_have_are_refused(self, fay, days: int) -> None:
        with pytest.raises(RemembersTooLong):
            remember_for("affiliate", days)
        told = {"code": "affiliate", "starts_at": "2040-01-01T00:00:00Z", "platform_bps": 2500, "reason": "x"}
        answer = api_of(fay).post("/api/v1/revenue-rules/", {**told, "remembered_days": days}, format="json")
        assert answer.status_code == 400

    def test_finance_introduces_them_by_page_and_api_and_creators_read_them(self, ada, fay, course) -> None:
        told = {"code": "affiliate", "starts_at": "2040-01-01T00:00", "platform_percent": "25",
                "affiliate_percent": "10", "remembered_days": "45", "reason": "We try it"}  # fmt: skip
        assert client_of(fay).post("/finance/rules/introduce/", told).status_code == 302
        rule = RevenueRule.objects.get(starts_at__year=2040)
        assert rule.remembered_days == 45
        assert "45 days" in client_of(fay).get("/finance/rules/").content.decode()
        rules.announce(rule.announcement)
        assert "A link counts for 45 days after it was followed." in Mail.objects.get(to=ada.email).text
        assert "for 30 days" in client_of(ada).get("/studio/promotion/").content.decode()


class TestPromotersStopped:
    def test_a_creator_who_wants_no_promoters_shares_with_none(self, ada, lin, cole, course, promoter) -> None:
        link = link_of(promoter)
        client = client_of(ada)
        client.post("/studio/promotion/promoters/", {"allowed": "no"})
        assert rule_and_parts(buy(lin, [course], link.code)) == ("organic", 500, 0, 1499)
        with pytest.raises(NotPromotable):
            link_of(promoter, course)
        assert link_of(ada.creator, course).kind == "own"
        client.post("/studio/promotion/promoters/", {"allowed": "yes"})
        assert rule_and_parts(buy(cole, [course], link.code))[0] == "affiliate"

    def test_it_is_her_choice_alone_and_made_once(self, ada, cole, course) -> None:
        PromoterStop.objects.place(ada.creator, by=ada)
        with pytest.raises(PromotersStopped):
            PromoterStop.objects.place(ada.creator, by=ada)
        with pytest.raises(NotAllowed):
            PromoterStop.objects.lift(ada.creator, by=cole)
        assert api_of(ada).get("/api/v1/promoters/").json() == {"allowed": False, "board": []}
        assert api_of(ada).post("/api/v1/promoters/", {"allowed": True}).json() == {"allowed": True, "board": []}


class TestLinks:
    def test_only_courses_on_sale_can_be_promoted_and_only_for_oneself(self, ada, cole, promoter) -> None:
        draft = make_course(title="Kilns", live=False)
        with pytest.raises(NotPromotable):
            link_of(promoter, draft)
        with pytest.raises(NotAllowed):
            Referral.objects.make(owner=promoter, by=cole, kind="own")

    def test_there_is_an_end_to_how_many(self, promoter, monkeypatch) -> None:
        monkeypatch.setattr(Referral, "MOST", 1)
        link = link_of(promoter)
        with pytest.raises(TooManyLinks):
            link_of(promoter)
        link.end(by=promoter.user)
        with pytest.raises(ReferralEnded):
            link.end(by=promoter.user)

    def test_a_link_works_without_scripts_and_is_remembered(self, client, lin, course, promoter) -> None:
        link = link_of(promoter, course)
        answer = client.get(f"/r/{link.code.lower()}/")
        assert answer.url == course.get_absolute_url()
        client.force_login(lin)
        put(client, course)
        bill = client.get("/checkout/").context["bill"]
        form = {"course": course.slug, "total": bill.quote.total.minor, "currency": "USD"}
        client.post("/checkout/", form)
        assert Order.objects.get().items.get().affiliate == promoter

    def test_a_page_followed_with_a_code_remembers_it(self, client, course, promoter) -> None:
        plain = Client().get(course.get_absolute_url())
        marked = client.get(course.get_absolute_url() + "?ref=" + link_of(promoter).code)
        assert links.COOKIE in marked.cookies
        assert marked.cookies[links.COOKIE]["httponly"]
        assert links.COOKIE not in plain.cookies

    def test_a_page_that_was_drawn_for_everybody_writes_nothing(
        self, client, course, promoter, django_assert_num_queries
    ):
        code = link_of(promoter).code
        client.get("/courses/")
        Client().get("/courses/")
        with django_assert_num_queries(1):  # what time it is
            assert links.COOKIE in Client().get(f"/courses/?ref={code}").cookies

    def test_a_cookie_says_who_sent_her_and_when_and_a_forged_one_nothing(self, promoter) -> None:
        code, request = link_of(promoter).code, RequestFactory().get("/")
        response, before = HttpResponse(), clock.now()
        links.remember(request, response, code)
        request.COOKIES[links.COOKIE] = response.cookies[links.COOKIE].value
        came = links.followed(request)
        assert came.code == code
        assert came.at is not None
        assert timedelta(seconds=-1) < came.at - before < timedelta(seconds=60)
        assert response.cookies[links.COOKIE]["max-age"] == 90 * 86_400
        for forged in (code, f"{code}.1", "", "x" * 500):
            request.COOKIES[links.COOKIE] = forged
            assert links.followed(request) == Followed()

    def test_a_cookie_of_before_that_says_no_time_still_counts(self, promoter) -> None:
        code, request, response = link_of(promoter).code, RequestFactory().get("/"), HttpResponse()
        response.set_signed_cookie(links.COOKIE, code, salt=links._SALT)
        request.COOKIES[links.COOKIE] = response.cookies[links.COOKIE].value
        assert links.followed(request) == Followed(code)

    def test_a_code_that_names_nothing_leads_to_the_catalogue(self, client, db) -> None:
        answer = client.get("/r/NOBODY99/")
        assert (answer.url, links.COOKIE in answer.cookies) == ("/courses/", False)

    def test_a_coupons_link_brings_its_code_along(self, client, ada, course) -> None:
        coupon = Coupon.objects.make(by=ada, creator=ada.creator, kind="percent", value=2500, courses=[course])
        page = client.get(f"/r/{coupon.code}/", follow=True)
        assert page.redirect_chain[0][0] == course.get_absolute_url()
        assert f"The code {coupon.code} is used" in page.content.decode()
        put(client, course)
        assert "−$5.00" in client.get("/cart/").content.decode()

    def test_the_link_of_a_coupon_that_is_over_brings_no_code_but_says_who_sent(self, client, ada, course) -> None:
        coupon = Coupon.objects.make(by=ada, creator=ada.creator, kind="percent", value=2500)
        coupon.end(by=ada)
        answer = client.get(f"/r/{coupon.code}/")
        assert links.COOKIE in answer.cookies
        assert "coupon" not in client.session

    def test_codes_are_not_guessed_by_links_and_links_go_on_leading(self, client, ada, course, promoter) -> None:
        coupon = Coupon.objects.make(by=ada, creator=ada.creator, kind="percent", value=2500, courses=[course])
        for number in range(OF_ADDRESS):
            assert client.get(f"/r/GUESS{number}/").url == "/courses/"
        answer = client.get(f"/r/{coupon.code}/")
        assert (answer.url, links.COOKIE in answer.cookies) == ("/courses/", False)
        assert "coupon" not in client.session
        assert client.get(f"/r/{link_of(promoter, course).code}/").url == course.get_absolute_url()

    def test_a_coupon_s_link_that_works_is_no_wrong_code(self, client, ada, course) -> None:
        coupon = Coupon.objects.make(by=ada, creator=ada.creator, kind="percent", value=2500, courses=[course])
        answers = {client.get(f"/r/{coupon.code}/").url for _number in range(OF_ADDRESS + 1)}
        assert answers == {course.get_absolute_url()}


class TestCodesAreNotGuessedByOrders:
    """Which link or coupon brought a buyer changes what her basket comes to, and so her order's number."""

    @pytest.fixture
    def coupon(self, ada: User) -> Coupon:
        return Coupon.objects.make(by=ada, creator=ada.creator, kind="percent", value=5000)

    def test_by_the_api_a_right_code_after_too_many_wrong_ones_is_nobodys(self, lin, course, promoter, coupon) -> None:
        api, told = api_of(lin), {"courses": [course.slug]}
        plain = api.post("/api/v1/orders/", told).json()["number"]
        wrong = [told | {"referral": f"GUESS{n}"} for n in range(OF_PERSON)]
        guessed = {api.post("/api/v1/orders/", each).json()["number"] for each in wrong}
        guessed.add(api.post("/api/v1/orders/", told | {"referral": coupon.code}).json()["number"])
        assert guessed == {plain}
        assert api.post("/api/v1/orders/", told | {"referral": link_of(promoter).code}).json()["number"] != plain

    def test_a_right_code_before_that_is_its_creators(self, lin, course, coupon) -> None:
        assert rule_and_parts(buy(lin, [course], referral=coupon.code))[0] == "own_link"

    def test_by_pages_each_code_that_a_browser_carries_is_a_try(self, client, lin, course, coupon) -> None:
        client.force_login(lin)
        put(client, course)
        for number in range(OF_PERSON):
            client.get(f"{course.get_absolute_url()}?ref=GUESS{number}")
            client.get("/cart/")
        client.get(f"{course.get_absolute_url()}?ref={coupon.code}")
        client.post(f"/checkout/?course={course.slug}", {"course": course.slug, "total": 1999, "currency": "USD"})
        assert Order.objects.get().items.get().rule.code == "organic"
        with pytest.raises(TooManyCodes):
            tries.must_be_left(lin.pk, "")

    def test_the_wrong_codes_of_others_take_no_sale_from_a_link_that_was_followed_before(
        self, client, lin, course, coupon
    ) -> None:
        coupon.end(by=coupon.made_by)  # its code takes nothing off, but says who sent her
        client.get(f"/r/{coupon.code}/")
        client.get(f"{course.get_absolute_url()}?ref={coupon.code}")
        client.force_login(lin)
        put(client, course)
        for number in range(OF_ADDRESS):
            Client().get(f"/r/GUESS{number}/")
        with pytest.raises(TooManyCodes):
            tries.must_be_left(None, "127.0.0.1")
        client.post(f"/checkout/?course={course.slug}", {"course": course.slug, "total": 1999, "currency": "USD"})
        assert Order.objects.get().items.get().rule.code == "own_link"

    def test_what_cannot_be_a_code_is_no_wrong_one(self, lin, course, coupon) -> None:
        api, told = api_of(lin), {"courses": [course.slug], "referral": "?!"}
        for _order in range(OF_PERSON + 1):
            assert api.post("/api/v1/orders/", told).status_code in (200, 201)
        tries.must_be_left(lin.pk, "127.0.0.1")

    def test_a_wrong_code_that_a_browser_carries_along_is_one_try(self, client, lin, course, coupon) -> None:
        client.force_login(lin)
        put(client, course)
        client.get(f"{course.get_absolute_url()}?ref=LETTER-OF-MAY")
        for _page in range(OF_PERSON + 2):
            client.get("/cart/")
        page = client.post("/cart/code/", {"code": coupon.code}, follow=True)
        assert "−$10.00" in page.content.decode()


class TestClicks:
    def test_each_visitor_counts_once_and_unknown_codes_are_dropped(self, course, promoter) -> None:
        link = link_of(promoter)
        for _n in range(3):
            Client().get(f"/r/{link.code}/")
        again = Client()
        for _n in range(4):
            again.get(f"{course.get_absolute_url()}?ref={link.code}")
        Client().get(f"{course.get_absolute_url()}?ref=NOBODY99")
        clicks.roll_up()
        assert ReferralDay.objects.get().clicks == 4
        clicks.roll_up()
        assert Referral.objects.with_clicks().get().clicks == 4

    def test_invented_codes_fill_no_memory(self, monkeypatch) -> None:
        monkeypatch.setattr(clicks, "MOST_CODES", 3)
        for n in range(10):
            clicks.count(f"CODE-{n}")
        assert clicks.roll_up() == 3


class TestPages:
    def test_a_promoter_makes_a_link_and_reads_what_it_brought(self, lin, course, promoter) -> None:
        client = client_of(promoter.user)
        assert "No links yet" in client.get("/studio/promotion/").content.decode()
        form = {"kind": "affiliate", "course": course.slug, "label": "Letter of May"}
        page = client.post("/studio/promotion/", form, follow=True).content.decode()
        assert "Letter of May" in page
        link = Referral.objects.get()
        Client().get(f"/r/{link.code}/")
        clicks.roll_up()
        buy(lin, [course], link.code)
        page = client.get("/studio/promotion/").content.decode()
        assert "$1.99" in page
        assert "$19.99" in page
        (row,) = figures.rows(promoter)
        assert (row.referral.clicks, row.sales, row.earned["USD"].minor) == (1, 1, 199)

    def test_a_refund_takes_back_what_the_promoter_earned(self, lin, fay, course, promoter) -> None:
        order = buy(lin, [course], link_of(promoter).code)
        refunds.refund(order, by=fay, reason="asked")
        shop.send_refunds()
        (row,) = figures.rows(promoter)
        assert row.earned["USD"].minor == 0
        assert ledger.balance(AccountKind.AFFILIATE_PENDING, promoter.pk, "USD", "sandbox").minor == 0

    def test_a_course_that_is_not_there_is_said_beside_the_field(self, promoter) -> None:
        answer = client_of(promoter.user).post("/studio/promotion/", {"kind": "own", "course": "nothing"})
        assert answer.status_code == 422
        assert "There is no course of this address on sale." in answer.content.decode()

    def test_a_link_is_ended_by_its_owner_alone(self, ada, promoter) -> None:
        link = link_of(promoter)
        assert client_of(ada).post(f"/studio/promotion/{link.pk}/end/").status_code == 404
        client_of(promoter.user).post(f"/studio/promotion/{link.pk}/end/")
        assert Referral.objects.get().ended_at

    def test_the_api_says_the_same(self, lin, course, promoter) -> None:
        api = api_of(promoter.user)
        made = api.post("/api/v1/referrals/", {"kind": "affiliate", "course": course.slug})
        assert made.status_code == 201
        code = made.json()[0]["code"]
        body = {"courses": [course.slug], "referral": code}
        assert api_of(lin).post("/api/v1/orders/", body).status_code == 201
        assert Order.objects.get().items.get().referral_code == code
        ended = api.post(f"/api/v1/referrals/{Referral.objects.get().pk}/end/").json()
        assert ended[0]["ended_at"]
