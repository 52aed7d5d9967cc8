"""Name and look of the site: where they show, what is refused, and that a look is never changed, only followed."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from learners.certificates import paper
from marketplace.lib import emails, spoken
from marketplace.lib.errors import NotAllowed
from operating import look
from operating.models import Look
from operating.models.look import LookEditedElsewhere
from tests import cast
from tests.courses.factories import make_course, make_picture
from tests.faults.taken_away import constraint, meeting, taken_away
from tests.learners.certified import make_certificate
from tests.operating.looks import WORDS, make_look
from tests.operating.pages import max_
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
ACME = {"name_en": "Acme School", "name_zh": "安可学堂", "tagline_en": "Learn by doing", "accent": "#0055aa"}


def address_of(row: Look) -> str:
    return reverse("look", args=[row.number, look.digest(look.stylesheet(row))])


@pytest.fixture
def _pictures(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(max_())
    return client


class TestBefore:
    def test_the_site_is_kezhan_and_asks_for_no_sheet(self, client: Client) -> None:
        page = client.get("/courses/").content.decode()
        assert "· Kezhan</title>" in page
        assert "look-" not in page
        assert look.names() == "Kezhan 课栈"
        with translation.override("zh-hans"):
            assert look.name() == "课栈"


class TestALook:
    def test_shows_on_pages_where_they_are_passed_on_and_in_the_feed(self, client: Client) -> None:
        client.get("/courses/")
        make_look(**ACME)
        page = client.get("/courses/").content.decode()
        assert "· Acme School</title>" in page
        assert f'<link rel="stylesheet" href="{look.stylesheet_address()}">' in page
        assert "Acme School 安可学堂" in page.partition("site-foot")[2]
        home = client.get("/").content.decode()
        assert 'og:site_name" content="Acme School 安可学堂"' in home
        assert 'og:description" content="Learn by doing"' in home
        assert "Acme School" in client.get("/feeds/courses.xml").content.decode()
        assert "安可学堂</title>" in client.get("/courses/?hl=zh-hans").content.decode()

    def test_shows_in_mails(self, lin: User) -> None:
        make_look(**ACME)
        mail = emails.post("k", lin, "course_complete", {"course": "Pots", "action_url": "https://x.example/"})
        assert "Acme School" in mail.html
        assert "background:#0055aa" in mail.html
        assert "Kezhan" not in mail.html

    def test_stands_on_papers_as_it_was_when_they_were_issued(self, ada: User, lin: User) -> None:
        before = make_certificate(lin, make_course())
        first = paper.pdf(before, "en")
        assert paper.sheet(before, "en")["house"] == "Kezhan"
        make_look(**ACME)
        assert paper.pdf(before, "en") == first
        with translation.override("zh-hans"):
            assert look.name_on_papers(timezone.now()) == "安可学堂"

    @pytest.mark.usefixtures("_pictures")
    def test_asks_no_file_for_a_page(self, client: Client) -> None:
        pictures = {"logo": SimpleUploadedFile("x.png", make_picture().read())}
        made = make_look(pictures=pictures)
        made.logo.storage.delete(made.logo.name)
        assert f'src="{made.logo.url}"' in client.get("/courses/").content.decode()

    def test_costs_no_question_while_it_is_at_hand(self) -> None:
        make_look(**ACME)
        look.name()
        with CaptureQueriesContext(connection) as asked:
            assert look.name("en") == "Acme School"
            assert look.stylesheet_address()
        assert not asked.captured_queries

    def test_has_a_sheet_of_its_own_that_never_changes(self, client: Client) -> None:
        first = make_look(**ACME)
        second = make_look(**ACME | {"accent": "#123456"})
        answer = client.get(address_of(first))
        assert "--seal: light-dark(#0055aa, #1763b9)" in answer.content.decode()
        assert "immutable" in answer.headers["Cache-Control"]
        assert "#123456" in client.get(address_of(second)).content.decode()
        assert client.get("/look-99-0123abcd.css").status_code == 404
        assert client.get(f"/look-{first.number}-0123abcd.css").status_code == 404

    @pytest.mark.usefixtures("_pictures")
    def test_brings_logos_and_an_icon(self, client: Client) -> None:
        pictures = {name: SimpleUploadedFile("x.png", make_picture().read()) for name in ("logo", "logo_dark", "icon")}
        made = make_look(pictures=pictures, logo_has_name=True)
        page = client.get("/courses/").content.decode()
        assert 'class="brand__logo brand__logo--light"' in page
        assert '<span class="visually-hidden">Kezhan</span>' in page
        assert f'<link rel="icon" href="{made.icon.url}" type="image/png">' in page
        assert "brand__logo--dark { display: none; }" in client.get(address_of(made)).content.decode()
        kept = make_look()
        assert kept.logo.name == made.logo.name
        gone = make_look(pictures={"logo": None, "logo_dark": None})
        assert not gone.logo
        assert gone.icon.name == made.icon.name


class TestWhatIsRefused:
    @pytest.mark.parametrize("accent", ["red", "#12", "#12345g", "url(x)", "#ffffff;}"])
    def test_what_is_no_color(self, accent: str) -> None:
        with pytest.raises(ValidationError, match="accent"):
            make_look(accent=accent)

    def test_a_color_that_cannot_be_read_and_the_nearest_is_named(self) -> None:
        with pytest.raises(ValidationError, match="#797902"):
            make_look(accent="#FFFF00")
        assert make_look(accent="#797902").accent == "#797902"

    @pytest.mark.usefixtures("_pictures")
    def test_a_file_that_is_no_picture_and_a_dark_logo_alone(self) -> None:
        with pytest.raises(ValidationError, match="logo"):
            make_look(pictures={"logo": SimpleUploadedFile("x.svg", b"<svg onload=alert(1)/>")})
        with pytest.raises(ValidationError, match="logo_dark"):
            make_look(pictures={"logo_dark": SimpleUploadedFile("x.png", make_picture().read())})

    def test_a_site_without_a_name_and_a_language_that_it_has_not(self) -> None:
        for wrong in ({"name_en": " "}, {"name_zh": ""}, {"language": "fr"}, {"name_en": "x" * 41}):
            with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
                make_look(**wrong)

    def test_others_than_administrators_and_who_saw_an_older_one(self, fay: User) -> None:
        with pytest.raises(NotAllowed):
            make_look(fay)
        make_look()
        with pytest.raises(LookEditedElsewhere):
            Look.objects.change(WORDS, {}, by=max_(), why="x", seen=0)

    def test_to_change_what_was(self) -> None:
        make_look()
        for act in (lambda: Look.objects.update(name_en="x"), lambda: Look.objects.all().delete()):
            with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
                act()


class TestTheLanguage:
    @pytest.mark.parametrize(
        ("header", "shown"),
        [("", "zh-hans"), ("fr", "zh-hans"), ("fr, *;q=0.1", "zh-hans"), ("en", "en"), ("fr, en;q=0.5", "en"),
         ("zh-CN", "zh-hans"), ("??", "zh-hans")],
    )  # fmt: skip
    def test_is_the_site_s_for_who_asks_for_none_of_ours(self, client: Client, header: str, shown: str) -> None:
        make_look(language="zh-hans")
        told = {"zh-hans": '<html lang="zh-Hans"', "en": '<html lang="en"'}[shown]
        for _time in range(2):  # drawn, and kept
            assert told in client.get("/courses/", headers={"Accept-Language": header}).content.decode()

    def test_of_the_cookie_wins(self, rf: RequestFactory) -> None:
        make_look(language="zh-hans")
        request = rf.get("/")
        request.COOKIES["django_language"] = "en"
        assert spoken.language_of(request) == "en"

    def test_is_english_where_nobody_decided(self, rf: RequestFactory) -> None:
        assert spoken.language_of(rf.get("/")) == "en"


class TestTheDesk:
    def test_changes_shows_and_takes_one_again(self, desk: Client) -> None:
        sent = {**WORDS, **ACME, "seen": 0, "why": "We are Acme", "logo_has_name": ""}
        assert desk.post(reverse("operating:look"), sent).status_code == 302
        assert look.name("en") == "Acme School"
        assert desk.post(reverse("operating:look"), {**sent, "name_en": "Other", "seen": 1}).status_code == 302
        assert desk.post(reverse("operating:look_again", args=[1]), {"why": "Back", "seen": 2}).status_code == 302
        assert (look.name("en"), Look.objects.present().number) == ("Acme School", 3)
        page = desk.get(reverse("operating:look")).content.decode()
        assert "We are Acme" in page
        assert AuditEvent.objects.filter(verb="look.change").count() == 3

    def test_looks_at_a_color_without_keeping_it(self, desk: Client) -> None:
        sent = {**WORDS, **ACME, "seen": 0, "why": "x", "try": "1"}
        page = desk.post(reverse("operating:look"), sent).content.decode()
        assert 'fill="#0055aa"' in page
        assert not Look.objects.exists()

    def test_says_what_is_wrong(self, desk: Client) -> None:
        sent = {**WORDS, **ACME, "seen": 0, "why": "x"}
        for wrong, words in (
            ({"accent": "#ffff00"}, "#797902"), ({"why": ""}, "required"), ({"seen": 4}, "meanwhile"),
            ({"accent": "red"}, "six digits"), ({"name_zh": ""}, "required"),
        ):  # fmt: skip
            answer = desk.post(reverse("operating:look"), {**sent, **wrong})
            assert answer.status_code == 422
            assert words in answer.content.decode()
        assert desk.post(reverse("operating:look_again", args=[9]), {"why": "x", "seen": 0}).status_code == 404

    def test_does_the_same_over_the_api(self) -> None:
        api = APIClient()
        api.force_login(max_())
        made = api.post("/api/v1/staff/looks/", {**WORDS, **ACME, "why": "We are Acme", "seen": 0})
        assert made.json()["number"] == 1
        kept = api.post("/api/v1/staff/looks/", {"name_en": "Acme", "name_zh": "安可学堂", "why": "Shorter", "seen": 1})
        assert (kept.json()["accent"], kept.json()["tagline_en"]) == ("#0055aa", "Learn by doing")
        refused = api.post("/api/v1/staff/looks/", {**WORDS, "accent": "#ffff00", "why": "x", "seen": 2})
        assert refused.status_code == 400
        assert "#797902" in str(refused.json())
        assert (
            api.post("/api/v1/staff/looks/1/again/", {"why": "x", "seen": 7}).json()["code"] == "look_edited_elsewhere"
        )
        assert len(api.get("/api/v1/staff/looks/").json()) == 2
        told = APIClient().get("/api/v1/site/").json()
        assert (told["name_zh"], told["accent"], told["logo"]) == ("安可学堂", "#0055aa", None)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def both(self) -> list[Any]:
        people = [max_(), cast.person("Mia", role="admin")]
        return at_once(lambda n: Look.objects.change(WORDS, {}, by=people[n], why="Mine", seen=0).number, 2)

    def test_make_one_look(self) -> None:
        made = self.both()
        assert [one for one in made if isinstance(one, int)] == [1]
        assert [type(one) for one in made if not isinstance(one, int)] == [LookEditedElsewhere]

    def test_make_two_without_the_rule(self) -> None:
        """The negative control: both look before either writes."""
        rule = constraint("operating_look", "operating_look_number_key")
        with taken_away(meeting("operating_look")), taken_away(rule):
            made = self.both()
        assert made == [1, 1]
