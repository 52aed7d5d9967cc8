from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.utils import translation

from accounts.models import User
from marketplace.lib.icons import ICONS
from marketplace.lib.money import Money
from marketplace.lib.templatetags import ui


class Note(forms.Form):
    text = forms.CharField(label="Text", help_text="A word or two.")


def draw(template: str, **context: object) -> str:
    return Template("{% load ui %}" + template).render(Context(context))


@pytest.mark.parametrize("name", list(ICONS))
def test_every_icon_is_well_formed(name: str) -> None:
    assert ElementTree.fromstring(ui.icon(name)).attrib["viewBox"] == "0 0 24 24"


@pytest.mark.parametrize("style", ["TIME_FORMAT", "DATETIME_FORMAT", "SHORT_DATETIME_FORMAT"])
def test_an_english_sentence_that_ends_with_a_time_ends_with_one_dot(style: str) -> None:
    at = datetime(2026, 3, 9, 14, 30, tzinfo=UTC)
    assert draw(f"{{{{ at|date:'{style}' }}}}.", at=at).endswith("2:30 PM.")


def test_an_icon_is_silent_beside_words_and_speaks_alone() -> None:
    assert 'aria-hidden="true"' in ui.icon("play")
    assert 'aria-label="Play"' in ui.icon("play", "Play")


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        ui.icon("unicorn")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 min"), (45, "45 s"), (760, "13 min"), (3600, "1 h"), (4320, "1 h 12 min"), (None, "0 min")],
)
def test_a_length_is_said_in_words(seconds: int | None, text: str) -> None:
    assert ui.duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(7, "0:07"), (760.9, "12:40"), (3723, "1:02:03")])
def test_a_place_in_a_film_is_a_clock(seconds: float, text: str) -> None:
    assert ui.clock(seconds) == text


@pytest.mark.parametrize(
    ("language", "number", "text"),
    [
        ("en", 12_345, "12,345"),
        ("zh-hans", 9_999, "9999"),
        ("zh-hans", 19_999, "1.9万"),
        ("zh-hans", 250_000_000, "2.5亿"),
    ],
)
def test_numbers_are_grouped_as_the_language_does(language: str, number: int, text: str) -> None:
    with translation.override(language):
        assert ui.count(number) == text


def test_a_price_of_nothing_is_a_word_and_an_amount_of_nothing_a_number() -> None:
    assert ui.price(Money.zero("USD")) == "Free"
    assert ui.money(Money.zero("USD")) == "$0.00"
    assert ui.price(None) == ui.money(None) == ""


@pytest.mark.parametrize(
    ("milli", "text"),
    [(4000, "4.0"), (3999, "3.9"), (4449, "4.4"), (4450, "4.4"), (4499, "4.4"), (4500, "4.5"), (0, "0.0")],
)
def test_stars_are_rounded_down_so_that_what_reads_4_5_is_under_4_5_and_up(milli: int, text: str) -> None:
    assert ui.stars(milli) == text


def test_the_query_string_is_kept_but_for_what_changes() -> None:
    request = RequestFactory().get("/courses/?q=ink&page=2&level=all")
    assert draw("{% url_with page=3 level='' %}", request=request) == "?q=ink&amp;page=3"


def test_a_stranger_holds_no_role() -> None:
    assert not ui.has_role(AnonymousUser(), "moderator")


def test_a_moderator_holds_her_role_and_no_other(sam: User) -> None:
    assert ui.has_role(sam, "moderator")
    assert not ui.has_role(sam, "finance")


def test_a_field_is_tied_to_its_label_help_and_error() -> None:
    html = draw("{% field form.text %}", form=Note({}))
    assert '<label class="field__label" for="id_text">' in html
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'id="id_text_helptext"' in html
    assert 'id="id_text_error"' in html


def test_a_form_with_mistakes_opens_with_links_to_them() -> None:
    assert 'href="#id_text"' in str(Note({}))
    assert "role=" not in str(Note())


def test_words_of_people_are_escaped() -> None:
    assert "<b>" not in draw(
        "{% state 'ok' name %}{% avatar name %}{% meter 1 2 name %}{% icon 'x' name %}", name="<b>"
    )


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("with `return <x>`.", "with <code>return &lt;x&gt;</code>."),
        ("`a` or `b`", "<code>a</code> or <code>b</code>"),
        ("one ` stays, <b>", "one ` stays, &lt;b&gt;"),
        ("`a` and `", "<code>a</code> and `"),
    ],
)
def test_what_stands_between_backticks_is_code(words: str, html: str) -> None:
    assert draw("{{ words|code_spans }}", words=words) == html


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh-hans", "zh-Hans")])
def test_a_page_says_its_language(client: Client, db: None, language: str, tag: str) -> None:
    client.cookies["django_language"] = language
    assert f'<html lang="{tag}">' in client.get("/accounts/login/").content.decode()


def test_the_theme_cookie_is_written_into_the_page(client: Client, db: None) -> None:
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/accounts/login/").content.decode()


def test_the_last_resort_needs_neither_context_nor_database() -> None:
    assert "Something broke" in get_template("500.html").render()


def test_nothing_on_a_page_needs_unsafe_inline(client: Client, db: None) -> None:
    answer = client.get("/accounts/login/")
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    page = answer.content.decode()
    assert " style=" not in page
    assert " onclick=" not in page
