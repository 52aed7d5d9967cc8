"""Tips: an order of its own that gives no right, shared by its own rule, asked for once and taken back within a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from courses.models import Course
from creators.models import Suspension
from learners.models import Enrollment
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import CURRENCIES, Money
from payments import checkout, disputes, invariants, ledger, meter, order_mails, privacy, refunds, settling, splits
from payments.incomes import papers, receipts, rollups, statements
from payments.incomes.figures import figures
from payments.models import (
    AccountKind,
    CartItem,
    Invoice,
    Order,
    OrderItem,
    ProviderEvent,
    Refund,
    RevenueRule,
    Tip,
    TipStop,
)
from payments.models.tip import TipsAllowed, TipsStopped
from payments.referrals import standing
from payments.refunds import NothingToRefund
from payments.sandbox import desk
from payments.sandbox.models import SandboxDispute, SandboxFault
from payments.tips import giving, names, taking_back, terms
from payments.tips.terms import NoTipsHere, TipAmountRefused, TipForLearners, TooManyTips
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.payments import shop
from tests.payments.sales import only_item
from tests.payments.statements import today, verifier, write
from tests.payments.test_tax_rates import vat

FIVE = Money(500, "USD")


def with_course(learner: User, price: Money | None = None, **told: Any) -> Course:
    """A course of Ada's that the learner was given."""
    course = make_course(price=price or Money(1_999, "USD"), lessons=1, **told)
    Enrollment.objects.grant(learner=learner, course=course, source=Enrollment.Source.STAFF)
    return course


def tip(giver: User, course: Course, amount: Money = FIVE, **told: Any) -> Order:
    """Given and paid, by the events alone."""
    order = giving.start(giver, course, amount, **told)
    shop.pay(order)
    shop.deliver_all()
    order.refresh_from_db()
    return order


def balance(kind: AccountKind, owner: int | None, currency: str = "USD") -> int:
    return ledger.balance(kind, owner, currency, "sandbox").minor


def client_of(user: User, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(user)
    return client


@pytest.mark.django_db
class TestATip:
    def test_is_paid_by_the_function_of_every_order_and_shared_by_its_own_rule(self, ada, lin) -> None:
        order = tip(lin, with_course(lin))
        item = only_item(order)
        assert (order.state, order.total, item.rule.code, item.is_tip) == ("paid", FIVE, "tip", True)
        assert (item.platform_minor, item.affiliate_minor, item.creator_minor) == (25, 0, 475)
        assert balance(AccountKind.CREATOR_PENDING, ada.creator.pk) == 475
        assert balance(AccountKind.PLATFORM_REVENUE, None) == 25
        assert not any(invariants.breaks(ask_provider=True).values())

    @pytest.mark.parametrize("currency", ["JPY", "KWD"])
    def test_of_another_currency_conserves_its_units(self, lin, currency) -> None:
        facts = CURRENCIES[currency]
        course = with_course(lin, Money(facts.min_charge * 9, currency))
        for amount in (terms.of_currency(currency).least, terms.of_currency(currency).most):
            item = only_item(tip(lin, course, amount))
            assert item.platform_minor + item.creator_minor == item.net_minor == amount.minor

    def test_is_shared_by_co_authors_as_a_sale_is(self, ada, lin) -> None:
        course, bea = with_course(lin), make_creator(cast.person("Bea"))
        splits.accept(splits.propose(course, [(bea, 2_000)], by=ada), by=bea.user)
        tip(lin, course)
        assert [balance(AccountKind.CREATOR_PENDING, who.pk) for who in (ada.creator, bea)] == [380, 95]
        assert set(Mail.objects.filter(key__startswith="tip:").values_list("to", flat=True)) == {
            ada.email, bea.user.email
        }  # fmt: skip

    def test_gives_no_right_and_nothing_that_counts_sales_knows_of_it(self, ada, lin) -> None:
        course = with_course(lin)
        course.refresh_from_db()
        before = list(Enrollment.objects.order_by("pk").values())
        learners, prices = course.learners_count, course.price_changes.count()
        order = tip(lin, course)
        item = only_item(order)
        course.refresh_from_db()
        assert list(Enrollment.objects.order_by("pk").values()) == before
        assert (course.learners_count, course.price_changes.count()) == (learners, prices)
        assert item.granted_at is None
        assert not OrderItem.objects.of_buyer(lin).exists()
        assert not OrderItem.objects.left_of(course, "sandbox").exists()
        assert not OrderItem.objects.standing(lin, [course]).exists()
        assert meter.of_learner(lin) == {}
        assert standing.sales(ada.creator.pk, rising(), clock.now()) == 0
        assert not order.refunds.exists(), "nobody bought it twice"
        month = today().replace(day=1)
        while not rollups.roll():
            pass
        shown = figures(ada.creator, "USD", month, month)
        assert (shown.total.sales, shown.total.share.minor) == (0, 475)
        assert list(rollups.breaks()) == []

    def test_cannot_become_a_right_or_stop_being_a_tip(self, lin) -> None:
        item = only_item(tip(lin, with_course(lin)))
        for change in ({"granted_at": clock.now()}, {"is_tip": False}):
            with pytest.raises(IntegrityError), transaction.atomic():
                OrderItem.objects.filter(pk=item.pk).update(**change)

    def test_is_taxed_as_other_items_are(self, lin, fay, settings) -> None:
        settings.KEZHAN_TAX, settings.KEZHAN_SELLER_COUNTRY = "table", "DE"
        vat(fay)
        item = only_item(tip(lin, with_course(lin)))
        assert (item.price_minor, item.tax_minor, item.tax_bps) == (500, 80, 1_900)

    def test_waits_as_long_as_other_income(self, lin) -> None:
        course = with_course(lin)
        item = only_item(tip(lin, course))
        sold = only_item(shop.buy(cast.cole(), [course]))
        assert item.hold_until - item.order.paid_at == sold.hold_until - sold.order.paid_at

    def test_does_not_close_an_open_purchase_nor_empty_a_cart(self, lin) -> None:
        course, other = with_course(lin), make_course(title="Glazes", lessons=1)
        purchase = checkout.start(buyer=lin, courses=[other])
        CartItem.objects.create(owner=lin, course=other, put_in_at=clock.now())
        tip(lin, course)
        purchase.refresh_from_db()
        assert (purchase.state, CartItem.objects.count()) == ("pending", 1)

    def test_may_come_several_times_and_for_a_free_course(self, lin) -> None:
        course = make_course(price=Money(0, "USD"), lessons=1)
        Enrollment.objects.enroll_free(learner=lin, course=course)
        assert {tip(lin, course).state, tip(lin, course).state} == {"paid"}
        assert OrderItem.objects.filter(is_tip=True).count() == 2


def rising() -> Any:
    from payments.tiers import Tiers

    return Tiers(90, ((5, 1_200),))


@pytest.mark.django_db
class TestIsRefused:
    @pytest.mark.parametrize("minor", [0, 49, 20_001])
    def test_of_an_amount_out_of_bounds(self, lin, minor) -> None:
        with pytest.raises(TipAmountRefused):
            giving.start(lin, with_course(lin), Money(minor, "USD"))

    def test_in_another_currency_or_between_its_steps(self, lin) -> None:
        with pytest.raises(TipAmountRefused):
            giving.start(lin, with_course(lin), Money(500, "EUR"))
        with pytest.raises(TipAmountRefused):
            giving.start(lin, with_course(lin, Money(10_010, "KWD"), title="Dinar"), Money(5_001, "KWD"))

    def test_from_who_does_not_have_the_course(self, lin, cole) -> None:
        course = with_course(lin)
        with pytest.raises(TipForLearners):
            giving.start(cole, course, FIVE)
        order = shop.buy(cole, [course])
        refunds.refund(order, by=cast.fay(), reason="asked")
        shop.send_refunds()
        with pytest.raises(TipForLearners):
            giving.start(cole, course, FIVE)

    def test_for_one_s_own_course_or_one_that_one_shares_in(self, ada, lin) -> None:
        course, bea = with_course(lin), make_creator(cast.person("Bea"))
        splits.accept(splits.propose(course, [(bea, 2_000)], by=ada), by=bea.user)
        Enrollment.objects.grant(learner=bea.user, course=course, source=Enrollment.Source.STAFF)
        for person in (ada, bea.user):
            with pytest.raises(terms.OwnCourse):
                giving.start(person, course, FIVE)

    def test_where_the_course_is_taken_down_or_its_creator_suspended_or_wants_none(self, ada, lin, sam) -> None:
        course = with_course(lin)
        TipStop.objects.choose(ada.creator, False, by=ada)
        with pytest.raises(NoTipsHere):
            giving.start(lin, course, FIVE)
        with pytest.raises(TipsStopped):
            TipStop.objects.choose(ada.creator, False, by=ada)
        TipStop.objects.choose(ada.creator, True, by=ada)
        with pytest.raises(TipsAllowed):
            TipStop.objects.choose(ada.creator, True, by=ada)
        with pytest.raises(NotAllowed):
            TipStop.objects.choose(ada.creator, False, by=lin)
        taken = with_course(lin, title="Taken")
        taken.take_down(by=sam, rule_code="spam", reason="a test")
        taken.refresh_from_db()
        with pytest.raises(NoTipsHere):
            giving.start(lin, taken, FIVE)
        Suspension.objects.suspend(creator=ada.creator, by=sam, rule_code="spam", reason="a test")
        with pytest.raises(NoTipsHere):
            giving.start(lin, Course.objects.get(pk=course.pk), FIVE)

    def test_after_so_many_in_a_day_until_the_next(self, lin, settings) -> None:
        settings.TIPS_A_DAY = 2
        course = with_course(lin)
        tip(lin, course)
        tip(lin, course, Money(200, "USD"))
        with pytest.raises(TooManyTips):
            giving.start(lin, course, Money(300, "USD"))
        assert Order.objects.filter(items__is_tip=True).count() == 2
        clock.advance(timedelta(hours=25))
        assert tip(lin, course, Money(300, "USD")).state == "paid"


@pytest.mark.django_db
class TestAskedAgain:
    def test_for_the_same_amount_it_is_the_same_order(self, lin) -> None:
        course = with_course(lin)
        first = giving.start(lin, course, FIVE)
        again = giving.start(lin, course, FIVE, shows_name=True)
        assert again == first
        assert Tip.objects.get().shows_name, "what she said last"

    def test_for_another_amount_the_one_before_is_closed(self, lin) -> None:
        course = with_course(lin)
        first = giving.start(lin, course, FIVE)
        second = giving.start(lin, course, Money(200, "USD"))
        first.refresh_from_db()
        assert (first.state, second.state) == ("expired", "pending")

    def test_events_that_repeat_book_it_once(self, lin) -> None:
        order = giving.start(lin, with_course(lin), FIVE)
        shop.pay(order)
        shop.deliver_all(times=3, seed=7)
        once = shop.state_of_everything()
        ProviderEvent.objects.update(finished_at=None)
        for pk in ProviderEvent.objects.values_list("pk", flat=True):
            settling.take_event(pk)
        checkout.complete(order.checkout_session_id or "")
        order_mails.receipt(Order.objects.get(pk=order.pk))
        assert shop.state_of_everything() == once
        assert Mail.objects.filter(key__startswith="tip:").count() == 1

    def test_a_wrong_amount_at_the_provider_is_flagged_and_changes_nothing(self, lin) -> None:
        order = giving.start(lin, with_course(lin), FIVE)
        from payments.sandbox.models import SandboxSession

        SandboxSession.objects.filter(pk=order.checkout_session_id).update(amount=499)
        shop.pay(order)
        shop.deliver_all()
        order.refresh_from_db()
        assert (order.state, bool(order.flagged_at)) == ("pending", True)
        assert balance(AccountKind.PLATFORM_REVENUE, None) == 0


@pytest.mark.django_db
class TestTakenBack:
    def test_within_the_hours_by_its_giver_whole_and_once(self, ada, lin) -> None:
        course = with_course(lin)
        order = tip(lin, course)
        refund = taking_back.take_back(order, by=lin)
        with pytest.raises(NothingToRefund):
            taking_back.take_back(order, by=lin)
        shop.send_refunds()
        refund.refresh_from_db()
        order.refresh_from_db()
        assert (refund.state, refund.cause, order.state) == ("done", "tip", "refunded")
        assert balance(AccountKind.CREATOR_PENDING, ada.creator.pk) == 0
        assert Enrollment.objects.of(lin).active().filter(course=course).exists(), "the course stays"
        assert refund.credit_note.snapshot["lines"][0]["tip"] is True
        text = Mail.objects.get(key=f"refund:{refund.pk}").text
        assert "Tip for" in text
        assert "left your library" not in text
        assert not any(invariants.breaks(ask_provider=True).values())

    def test_no_longer_after_them_and_by_finance_ever(self, lin, cole, fay) -> None:
        order = tip(lin, with_course(lin))
        with pytest.raises(NotAllowed):
            taking_back.take_back(order, by=cole)
        clock.advance(timedelta(hours=24, minutes=1))
        with pytest.raises(taking_back.TooLateToTakeBack):
            taking_back.take_back(order, by=lin)
        refunds.refund(order, by=fay, reason="asked")
        shop.send_refunds()
        assert Refund.objects.get().state == "done"

    def test_that_the_provider_refuses_is_told_and_gives_no_right(self, lin) -> None:
        course = with_course(lin)
        order = tip(lin, course)
        Enrollment.objects.of(lin).get(course=course).end(Enrollment.EndReason.REFUNDED)
        SandboxFault.objects.plan("refunds.create", "400")
        taking_back.take_back(order, by=lin)
        shop.send_refunds()
        order.refresh_from_db()
        assert (Refund.objects.get().state, bool(order.flagged_at)) == ("failed", True)
        assert not Enrollment.objects.of(lin).active().exists()
        assert "your tip of $5.00" in Mail.objects.get(key__startswith="refund-failed:").text

    def test_a_purchase_is_no_tip(self, lin) -> None:
        order = shop.buy(lin, [make_course(lessons=1)])
        with pytest.raises(taking_back.NoTip):
            taking_back.take_back(order, by=lin)

    @pytest.mark.parametrize("end", ["win", "lose"])
    def test_a_dispute_of_it_is_booked_as_of_a_sale(self, ada, lin, end) -> None:
        order = tip(lin, with_course(lin))
        desk.on_charge(order.charge_id, "dispute")
        shop.deliver_all()
        with pytest.raises(Exception, match="bank"):
            taking_back.take_back(order, by=lin)
        found = SandboxDispute.objects.get()
        from payments.disputes import prefilled
        from payments.models import Dispute

        assert "A tip to" in prefilled.draft(Dispute.objects.get())["product_description"]
        desk.on_dispute(found.pk, end)
        shop.deliver_all()
        disputes.take(found.pk)
        assert balance(AccountKind.CREATOR_PENDING, ada.creator.pk) == (475 if end == "win" else 0)
        assert not any(invariants.breaks(ask_provider=True).values())


@pytest.mark.django_db
class TestTheName:
    def test_is_shown_where_the_giver_chose_so_alone(self, ada, lin) -> None:
        course = with_course(lin)
        hidden, shown = tip(lin, course), tip(lin, course, Money(200, "USD"), shows_name=True)
        assert (names.of(hidden), names.of(shown)) == ("", lin.name)
        client = client_of(ada)
        for order, is_named in ((hidden, False), (shown, True)):
            item = only_item(order)
            page = client.get(f"/studio/earnings/sales/{item.pk}/").content.decode()
            told = client.get(f"/api/v1/earnings/sales/{item.pk}/").json()
            mail = Mail.objects.get(key=f"tip:{order.pk}:{ada.creator.pk}")
            assert [lin.name in page, told["giver"] == lin.name, lin.name in mail.text] == [is_named] * 3
            assert lin.email not in page + mail.text

    def test_is_gone_with_the_account_and_her_copy_tells_of_her_tips(self, lin) -> None:
        order = tip(lin, with_course(lin), shows_name=True)
        told = privacy.tell(lin).tables
        assert [row["shows_name"] for row in told["tips"]] == [True]
        assert [row["is_tip"] for row in told["items"]] == [True]
        Tip.objects.forget_names(Order.objects.of(lin))
        assert names.of(order) == ""


@pytest.mark.django_db
class TestPapers:
    def test_say_that_it_is_a_tip_in_either_language(self, ada, lin) -> None:
        from django.utils import translation

        from payments.documents import invoice as paper

        order = tip(lin, with_course(lin))
        snapshot = Invoice.objects.get(order=order).snapshot
        for lang, words in (("en", "Tip for “"), ("zh-hans", "打赏")):
            rows = paper.sheet(snapshot, "1", clock.now(), lang)["rows"]
            assert words in rows[0][0]["text"]
            with translation.override(lang):
                assert words in only_item(order).title
                csv = "".join(papers.csv_lines(statements.statement(ada.creator, "USD", today().replace(day=1))))
                assert words in csv
        lines = [line.label for part in receipts.receipt(ada.creator, only_item(order).pk).parts for line in part.lines]
        assert lines[0] == "Tip"

    def test_are_reckoned_anew_by_the_verifier(self, ada, lin, tmp_path) -> None:
        order = tip(lin, with_course(lin))
        tip(lin, Course.objects.get(), Money(333, "USD"))
        taking_back.take_back(order, by=lin)
        shop.send_refunds()
        files, verify = write(tmp_path, ada.creator), verifier()
        head, seals = verify.read_seals(files[0])
        verify.check_statement(files[1], head, seals, None)


@pytest.mark.django_db
class TestPages:
    def test_offer_it_quietly_to_who_has_the_course(self, ada, lin, cole) -> None:
        course = with_course(lin)
        assert f"/courses/{course.slug}/tip/" in client_of(lin).get(course.get_absolute_url()).content.decode()
        for other in (client_of(cole), client_of(ada), Client()):
            assert "/tip/" not in other.get(course.get_absolute_url()).content.decode()
        TipStop.objects.choose(ada.creator, False, by=ada)
        assert "/tip/" not in client_of(lin).get(course.get_absolute_url()).content.decode()

    def test_take_a_suggested_amount_or_one_s_own_and_lead_to_pay(self, lin) -> None:
        course, client = with_course(lin), client_of(lin)
        page = client.get(f"/courses/{course.slug}/tip/").content.decode()
        for words in ("$2.00", "$10.00", "From $0.50 to $200.00", "for 24 hours", "keeps 5%"):
            assert words in page
        answer = client.post(f"/courses/{course.slug}/tip/", {"amount": "5.00", "own": ""})
        order = Order.objects.get()
        assert (answer.url, order.total, Tip.objects.get().shows_name) == (order.pay_address, FIVE, False)
        client.post(f"/courses/{course.slug}/tip/", {"own": "7.77", "shows_name": "on"})
        assert Order.objects.get(state="pending").total.minor == 777

    @pytest.mark.parametrize("own", ["", "0.49", "1e9", "five", "-3", "1.005", "\x00"])
    def test_say_what_is_wrong_with_an_amount(self, lin, own) -> None:
        course = with_course(lin)
        assert client_of(lin).post(f"/courses/{course.slug}/tip/", {"own": own}).status_code == 422
        assert not Order.objects.exists()

    def test_say_to_others_why_not(self, cole, lin) -> None:
        course = with_course(lin)
        assert "stand in your library" in client_of(cole).get(f"/courses/{course.slug}/tip/").content.decode()
        assert client_of(cole).post(f"/courses/{course.slug}/tip/", {"own": "5"}).status_code == 409

    def test_of_the_order_take_it_back(self, lin) -> None:
        order, client = tip(lin, with_course(lin)), client_of(lin)
        page = client.get(order.get_absolute_url()).content.decode()
        assert "Take the tip back" in page
        assert "Not for you?" not in page
        assert "Thank you. Your tip" in page
        assert client.post(f"/orders/{order.number}/take-tip-back/").url == order.get_absolute_url()
        assert Refund.objects.count() == 1
        assert "Take the tip back" not in client.get(order.get_absolute_url()).content.decode()
        assert client.get("/orders/").status_code == 200

    def test_let_a_creator_choose(self, ada, lin) -> None:
        client = client_of(ada)
        assert "Take no tips" in client.get("/studio/promotion/").content.decode()
        client.post("/studio/promotion/tips/", {"takes": "no"})
        assert "Take tips again" in client.get("/studio/promotion/").content.decode()
        assert client.post("/studio/promotion/tips/", {"takes": "no"}).status_code == 409

    def test_say_who_made_it_in_chinese_too(self, lin) -> None:
        course = with_course(lin)
        client = client_of(lin, headers={"accept-language": "zh-hans"})
        assert client.get(f"/courses/{course.slug}/tip/").status_code == 200


@pytest.mark.django_db
class TestTheApi:
    def test_does_what_the_pages_do(self, ada, lin, cole) -> None:
        course, client = with_course(lin), client_of(lin)
        told = client.get(f"/api/v1/courses/{course.slug}/tip/").json()
        assert (told["is_open"], told["least"]["minor"], told["most"]["minor"]) == (True, "50", "20000")
        assert client_of(cole).get(f"/api/v1/courses/{course.slug}/tip/").json()["is_open"] is False
        body: Any = {"amount": {"minor": "500", "currency": "USD"}, "shows_name": True}
        made = client.post(f"/api/v1/courses/{course.slug}/tip/", body, content_type="application/json")
        assert (made.status_code, made.json()["items"][0]["is_tip"]) == (201, True)
        assert made.json()["items"][0]["title"].startswith("Tip for")
        order = Order.objects.get()
        shop.pay(order)
        shop.deliver_all()
        back = client.post(f"/api/v1/orders/{order.number}/take-tip-back/")
        assert (back.status_code, Refund.objects.get().cause) == (201, "tip")
        hers = client_of(ada)
        assert hers.get("/api/v1/takes-tips/").json() == {"takes_tips": True}
        no = hers.post("/api/v1/takes-tips/", {"takes_tips": False}, content_type="application/json")
        assert no.json() == {"takes_tips": False}
        body["amount"]["minor"] = "1"
        assert (
            client.post(f"/api/v1/courses/{course.slug}/tip/", body, content_type="application/json").status_code == 400
        )

    def test_lists_it_among_sales_and_says_that_it_is_one(self, ada, lin) -> None:
        tip(lin, with_course(lin))
        (row,) = client_of(ada).get("/api/v1/earnings/sales/").json()["results"]
        assert (row["is_tip"], row["title"][:7], row["creator_share"]["minor"]) == (True, "Tip for", "475")


@pytest.mark.django_db
def test_the_rule_of_tips_is_versioned_like_the_others(lin, fay) -> None:
    course = with_course(lin)
    first = only_item(tip(lin, course))
    RevenueRule.objects.introduce(
        "tip", starts_at=clock.now() + timedelta(seconds=1), platform_bps=0, by=fay, reason="All of it is theirs"
    )
    clock.advance(timedelta(minutes=1))
    second = only_item(tip(lin, course, Money(200, "USD")))
    assert (first.platform_minor, second.platform_minor) == (25, 0)
    assert RevenueRule.objects.in_force("tip", at=datetime(2021, 1, 1, tzinfo=UTC)).platform_bps == 500
