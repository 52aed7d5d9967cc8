"""What somebody agreed to: the version that her page linked, in her language, once an act, and for good."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db import IntegrityError, InternalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from rest_framework.test import APIClient

from accounts.models import User
from accounts.privacy import deleting, exporting
from courses.models import Course
from operating import agreements
from operating.models import Agreement, CustomPage
from operating.models.agreement import Act
from payments.hand import again
from payments.models import Order
from tests.courses.factories import make_course
from tests.faults.taken_away import take_away, triggers
from tests.operating.pages import WORDS, make_page, max_
from tests.payments.by_hand import wait_for, way_for

pytestmark = pytest.mark.django_db
PRIVACY = {"title_en": "Privacy", "text_en": "Little is kept."}
FIELD = re.compile(r'<input type="hidden" name="agreed" value="([^"]+)"( form="pay")?>')
SECRET = "a long word for a test"


def newer(page: CustomPage) -> None:
    """Another version is shown from now on."""
    page = CustomPage.objects.get(pk=page.pk)
    last = page.newest.number
    page.write({**WORDS, "text_en": f"After {last}."}, by=max_(), why="Clearer", seen=last)
    page.publish(last + 1, by=max_(), why="Clearer", in_foot=True, place=0, seen=page.present_id or 0)


def told(person: User) -> list[tuple[str, int, str, str, str]]:
    return [
        (row.version.page.slug, row.version.number, row.language, row.act, row.subject)
        for row in Agreement.objects.of(person)
    ]


def signs_up(client: Client, **changes: str) -> User:
    """As she does on the page, with all that its form has."""
    form = {"name": "Nova", "email": "nova@example.com", "password1": SECRET}
    said = FIELD.search(client.get(reverse("account_signup")).content.decode())
    assert (
        client.post(reverse("account_signup"), form | {"agreed": said[1] if said else ""} | changes).status_code == 302
    )
    return User.objects.get(email="nova@example.com")


class TestSigningUp:
    def test_is_agreeing_to_what_its_page_links(self, client: Client) -> None:
        make_page("terms")
        make_page("privacy", **PRIVACY)
        assert told(signs_up(client)) == [("terms", 1, "en", "sign_up", ""), ("privacy", 1, "en", "sign_up", "")]

    def test_in_chinese_is_to_the_chinese_words_where_there_are_some(self, client: Client) -> None:
        make_page("terms")
        make_page("privacy", **PRIVACY)
        client.cookies["django_language"] = "zh-hans"
        assert [(page, language) for page, _number, language, *_ in told(signs_up(client))] == [
            ("terms", "zh-hans"), ("privacy", "en"),
        ]  # fmt: skip

    def test_is_to_what_stood_there_when_her_page_was_drawn(self, client: Client) -> None:
        page = make_page("terms")
        said = agreements.word()
        newer(page)
        assert told(signs_up(client, agreed=said)) == [("terms", 1, "en", "sign_up", "")]

    @pytest.mark.parametrize("said", ["", "1", "[[1],'en']", "x" * 5000])
    def test_with_a_word_that_is_not_ours_is_to_what_is_shown_now(self, client: Client, said: str) -> None:
        newer(make_page("terms"))
        assert told(signs_up(client, agreed=said)) == [("terms", 2, "en", "sign_up", "")]

    def test_a_page_that_was_open_for_days_is_not_believed(self, lin: User, monkeypatch: pytest.MonkeyPatch) -> None:
        page = make_page("terms")
        said = agreements.word()
        newer(page)
        monkeypatch.setattr(agreements, "STANDS", timedelta(seconds=-1))
        agreements.note(lin, Act.SIGN_UP, said=said)
        assert told(lin) == [("terms", 2, "en", "sign_up", "")]

    def test_without_terms_is_agreeing_to_nothing(self, client: Client) -> None:
        make_page("privacy", **PRIVACY)
        assert not FIELD.search(client.get(reverse("account_signup")).content.decode())
        assert told(signs_up(client)) == []

    def test_over_the_api_is_the_same(self) -> None:
        make_page("terms")
        sent = {"email": "nova@example.com", "password": SECRET, "name": "Nova"}
        assert APIClient().post("/api/v1/people/", sent).status_code == 201
        assert told(User.objects.get(email="nova@example.com")) == [("terms", 1, "en", "sign_up", "")]


class TestBuying:
    @pytest.fixture
    def course(self, ada: User) -> Course:
        return make_course()

    def test_is_agreeing_about_the_order(self, client: Client, lin: User, course: Course) -> None:
        page = make_page("terms")
        client.force_login(lin)
        address = f"{reverse('payments:checkout')}?course={course.slug}"
        said = FIELD.search(client.get(address).content.decode())
        assert said
        assert said[2], "the form is elsewhere on the page"
        newer(page)
        form = {"course": course.slug, "total": "1999", "currency": "USD", "agreed": said[1]}
        for _time in range(2):
            assert client.post(address, form).status_code == 302
        number = Order.objects.get().number
        assert told(lin) == [("terms", 1, "en", "buy", number)]
        assert client.post(address, {**form, "agreed": ""}).status_code == 302
        assert told(lin)[1:] == [("terms", 2, "en", "buy", number)], "she was shown it when she pressed it again"

    def test_over_the_api_is_the_same(self, lin: User, course: Course) -> None:
        make_page("terms")
        api = APIClient()
        api.force_login(lin)
        order = api.post("/api/v1/orders/", {"courses": [course.slug]}).json()
        assert told(lin) == [("terms", 1, "en", "buy", order["number"])]

    def test_another_way_to_pay_is_about_the_same_words(self, lin: User, course: Course) -> None:
        page, way = make_page("terms"), way_for()
        with translation.override("zh-hans"):
            order = wait_for(lin, [course], way)
        newer(page)
        other = again.pay_otherwise(order, way="")
        assert told(lin) == [("terms", 1, "zh-hans", "buy", one.number) for one in (order, other)]

    @pytest.mark.parametrize("name", ["give_tip", "start_instalments"])
    def test_other_pages_that_say_so_have_the_word_for_their_form(self, name: str) -> None:
        make_page("terms")
        with open(f"templates/payments/{name}.html") as page:
            text = page.read()
        assert 'id="pay"' in text
        assert '{% agreed_pages "buy" %}' in text


class TestTheRow:
    def test_is_in_her_own_data_and_stays_without_a_name(self, client: Client, lin: User) -> None:
        make_page("terms")
        agreements.note(lin, Act.SIGN_UP)
        (row,) = {part.name: part.tell(lin) for part in exporting.parts.every()}["operating"].tables["agreements"]
        assert (row["page"], row["version"], row["act"]) == ("terms", 1, "sign_up")
        assert row["at"] <= timezone.now()
        assert client.get(row["address"]).status_code == 200
        deleting.delete(lin)
        assert Agreement.objects.get().person.name == ""

    def test_is_kept_as_it_was(self, lin: User) -> None:
        make_page("terms")
        agreements.note(lin, Act.SIGN_UP)
        for act in (lambda: Agreement.objects.update(language="zh-hans"), lambda: Agreement.objects.all().delete()):
            with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
                act()

    def wrong(self, lin: User) -> list[Agreement]:
        """A draft; a language that it is not written in."""
        draft = CustomPage.objects.start("imprint", PRIVACY, by=max_(), why="We open").newest
        shown = make_page("privacy", **PRIVACY).shown
        return [
            Agreement(person=lin, version=draft, act=Act.SIGN_UP, language="en"),
            Agreement(person=lin, version=shown, act=Act.SIGN_UP, language="zh-hans"),
        ]

    def test_is_of_nothing_that_was_never_shown(self, lin: User) -> None:
        for row in self.wrong(lin):
            with pytest.raises(IntegrityError, match="never shown"), transaction.atomic():
                Agreement.objects.bulk_create([row])

    def test_the_control_without_the_rule_it_is_taken(self, lin: User) -> None:
        rows = self.wrong(lin)
        take_away(triggers("operating_agreement", "agreement_is_to_what_was_shown"))
        assert len(Agreement.objects.bulk_create(rows)) == 2

    def test_is_about_an_order_where_it_is_of_paying(self, lin: User) -> None:
        shown = make_page("terms").shown
        for act, subject in ((Act.BUY, ""), (Act.SIGN_UP, "K1"), ("other", "")):
            with pytest.raises(IntegrityError), transaction.atomic():
                Agreement.objects.bulk_create(
                    [Agreement(person=lin, version=shown, act=act, subject=subject, language="en")]
                )

    def test_a_word_that_somebody_else_sealed_for_something_else_is_none(self, lin: User) -> None:
        newer(make_page("terms"))
        agreements.note(lin, Act.SIGN_UP, said=signing.dumps([[1], "en"], salt="another"))
        assert told(lin) == [("terms", 2, "en", "sign_up", "")]
