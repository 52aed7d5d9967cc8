"""A person who was reported for what she said: muted by one moderator, put right by another, read by her in Chinese."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import AccountCurb, User
from community.models import Rating
from marketplace.lib.emails import Mail
from moderation.models import Appeal, Case, Measure
from tests import cast
from tests.browser.chromium import assert_accessible, login, speak
from tests.browser.test_moderation_keys import Keyboard
from tests.community.factories import rate
from tests.courses.factories import make_course
from tests.moderation.decisions import report
from tests.moderation.factories import kim

pytestmark = pytest.mark.django_db(transaction=True)
EFFECT = "nothing that this person writes reaches others"


@pytest.fixture
def insult(ada: User) -> Rating:
    mia = cast.person("Mia")
    User.objects.filter(pk=mia.pk).update(language="zh-hans")
    return rate(User.objects.get(pk=mia.pk), make_course(title="Glazes"), 1, text="The creator is a fool.")


@pytest.fixture
def case(insult: Rating, lin: User) -> Case:
    return report("person", f"rating-{insult.pk}", lin, rule="respect", text="She insults whoever teaches.")


def mute(page: Page, insult: Rating) -> None:
    """By keyboard: the case, a claim, seven days; what it does is read before it is done."""
    hand = Keyboard(page)
    page.goto(reverse("moderation:cases"))
    hand.press("j")
    hand.follow("Enter", "/cases/*/")
    evidence = page.get_by_role("region", name="What it showed")
    for words in ("Met through", "Rating in words", "1 of 5", "The creator is a fool."):
        expect(evidence).to_contain_text(words)
    assert page.get_by_text("She insults whoever teaches.").is_visible()
    hand.follow("c", "/cases/*/")
    hand.press("ArrowDown", "ArrowDown")
    expect(page.get_by_label("May not write")).to_be_checked()
    hand.press("Tab", "ArrowDown", "Tab")
    hand.write("An insult in a rating.")
    hand.press("Tab")
    hand.write("7")
    assert_accessible(page)
    hand.follow("Control+Enter", "/weigh/")
    expect(page.get_by_text(EFFECT)).to_be_visible()
    expect(page.get_by_role("region", name="The mail")).to_contain_text(insult.learner.email)
    assert_accessible(page)
    assert not Measure.objects.exists()
    assert not AccountCurb.objects.open().exists()
    hand.follow("Enter", reverse("moderation:cases"))


def appeal(page: Page) -> None:
    """On a phone, in Chinese."""
    page.goto(reverse("reports:about_me"))
    expect(page.get_by_text("An insult in a rating.")).to_be_visible()
    expect(page.get_by_role("heading", name="禁言")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="提出申诉").click()
    page.get_by_role("textbox").fill("它不是侮辱，是引用书里的话。")
    assert_accessible(page)
    page.get_by_role("button", name="提交申诉").click()
    expect(page.get_by_text("申诉已提交").first).to_be_visible()
    expect(page.get_by_role("link", name="提出申诉")).to_have_count(0)


def overturn(page: Page) -> None:
    """By keyboard, and by another moderator."""
    hand = Keyboard(page)
    page.goto(reverse("moderation:appeals"))
    hand.press("j")
    hand.follow("Enter", "/appeals/*/")
    page.get_by_text("What it showed").click()
    expect(page.get_by_text("The creator is a fool.")).to_be_visible()
    page.get_by_label("Overturned").focus()
    hand.press("Space", "Tab")
    hand.write("It quotes the book.")
    assert_accessible(page)
    hand.follow("Control+Enter", "/appeals/*/")
    expect(page.get_by_role("region", name="What it does")).to_contain_text("This person can write to others again.")
    assert AccountCurb.objects.open().exists()
    assert_accessible(page)
    hand.follow("Enter", reverse("moderation:appeals"))


def test_a_person_is_muted_appeals_and_writes_again(
    open_browser: Callable[..., Page], insult: Rating, case: Case, sam: User
) -> None:
    desk, phone, other = open_browser(), open_browser(width=390, locale="zh-CN"), open_browser()
    login(desk, sam)
    login(phone, insult.learner)
    login(other, kim())
    speak(phone, "zh-hans")
    mute(desk, insult)
    made = Measure.objects.get()
    assert (made.action, made.reason, made.case) == ("mute", "An insult in a rating.", case)
    assert AccountCurb.objects.open().get().person == insult.learner
    desk.goto(reverse("moderation:reported_case", args=[case.pk]))
    assert desk.get_by_role("heading", name="Decision", exact=True).count() == 0
    appeal(phone)
    desk.goto(reverse("moderation:answer_appeal", args=[Appeal.objects.get().pk]))
    assert desk.get_by_role("radio").count() == 0  # who decided does not answer
    overturn(other)
    assert not AccountCurb.objects.open().exists()
    phone.reload()
    expect(phone.get_by_text("It quotes the book.").first).to_be_visible()
    expect(phone.get_by_text("经申诉推翻").first).to_be_visible()
    assert Mail.objects.filter(to=insult.learner.email, subject__contains="申诉").count() == 2
