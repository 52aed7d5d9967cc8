"""Paying by bank transfer, in Chromium: chosen on a phone, noted by finance, and the course is hers."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from learners.models import Enrollment
from marketplace.lib.money import Money
from payments.models import HandPayment, PaymentWay
from tests.browser.chromium import assert_accessible, login, speak
from tests.courses.factories import make_course
from tests.payments.by_hand import come_in, picture, wait_for, way_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course(live_server: Any, settings: Any, ada: User) -> Course:
    settings.KEZHAN_BASE_URL = live_server.url  # the provider's page leads back there
    return make_course(price=Money(4999, "EUR"), lessons=1)


@pytest.fixture
def way() -> PaymentWay:
    return way_for("EUR")


def test_a_transfer_pays_an_order(
    open_browser: Callable[..., Page], lin: User, fay: User, course: Course, way: PaymentWay
) -> None:
    page = open_browser(width=390)
    login(page, lin)
    page.goto(f"/checkout/?course={course.slug}")
    page.get_by_label("Bank transfer").check()
    page.get_by_role("button", name="Pay €49.99").click()
    page.wait_for_url("**/orders/**")
    order_url, hand = page.url, HandPayment.objects.get()
    expect(page.get_by_text(hand.reference_in_groups)).to_be_visible()
    expect(page.get_by_role("img", name="The transfer as a QR code, for the app of your bank")).to_be_visible()
    page.get_by_role("button", name="I have sent it").click()
    expect(page.get_by_text("As soon as it arrives you get a mail")).to_be_visible()
    login(page, fay)
    page.goto("/finance/arrivals/")
    page.get_by_text("Note what came in").click()
    page.get_by_label("Day at the bank").fill("2026-11-02")
    page.get_by_label("Amount", exact=True).fill("49.99")
    page.get_by_label("Currency", exact=True).select_option("EUR")
    page.get_by_label("The bank's own reference").fill("B-1")
    page.get_by_label("What the payer wrote").fill(f"thanks {hand.reference.lower()}")
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("€49.99 paid order")).to_be_visible()
    login(page, lin)
    page.goto(order_url)
    expect(page.get_by_text("Your courses are in your library.")).to_be_visible()
    assert Enrollment.objects.of(lin).active().filter(course=course).exists()


@pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-hans", 1280)])
def test_its_pages_are_accessible(
    open_browser: Callable[..., Page], lin: User, fay: User, course: Course, way: PaymentWay, language: str, width: int
) -> None:
    order = wait_for(lin, [course], way)
    come_in(order, 1000)
    wallet = way_for("CNY", kind="alipay", account="", bank_code="", name_en="Alipay", name_zh="支付宝", qr=picture())
    silk = make_course(price=Money(9900, "CNY"), lessons=1, title="Silk")
    scanned = wait_for(lin, [silk], wallet)
    ways = ["/finance/ways/", f"/finance/ways/{way.code}/", "/finance/arrivals/"]
    page = open_browser(width=width)
    for person, paths in (
        (lin, [f"/checkout/?course={course.slug}", order.get_absolute_url(), scanned.get_absolute_url()]),
        (fay, ways),
    ):
        login(page, person)
        speak(page, language)
        for path in paths:
            page.goto(path)
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
