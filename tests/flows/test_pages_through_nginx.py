"""Visitors' pages through a real nginx with the rules of deploy/nginx.conf: kept for a second, and for nobody else than
they are for. Without an nginx: skipped.
"""

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings as known
from django.core.cache import cache
from django.core.signals import request_started
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from courses.models import Course
from marketplace.lib import form_tokens, kept_pages
from marketplace.local import nginx
from tests.courses.factories import make_course

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(nginx.find_nginx() is None, reason="NO NGINX: apt-get install nginx-light, or KEZHAN_NGINX"),
]
PAGE = "/courses/kilns/"
SHELF = "/courses/?category=programming"
LANGUAGE = re.compile(r'<html lang="([\w-]+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
KEEPS_ANYBODY = {'"~*sessionid|messages" 1; default 0;': "default 0;"}
ONE_PAGE_FOR_ALL = {"$host $request_uri $keep_as": "$host $request_uri"}


@dataclass
class Edge:
    """nginx before the live server, and what came through to Django."""

    address: str
    web: str
    folder: Path
    asked: list[str] = field(default_factory=list)

    def get(self, path: str = PAGE, **headers: str) -> requests.Response:
        """As a browser would, without a session: what is in `headers` counts, `_` for `-`."""
        return self.ask("GET", path, headers)

    def ask(self, method: str, path: str, headers: dict[str, str], **more: Any) -> requests.Response:
        sent: dict[str, Any] = {name.replace("_", "-"): value for name, value in headers.items()}
        sent.setdefault("Accept-Encoding", None)  # not that of requests
        return requests.request(method, self.address + path, headers=sent, timeout=20, allow_redirects=False, **more)

    @property
    def past(self) -> "Edge":
        """The same without nginx."""
        return Edge(self.web, self.web, self.folder)

    def is_kept(self, path: str = PAGE, **headers: str) -> bool:
        """Whether the second of two that ask at once costs Django nothing. A second may turn between them."""
        for _ in range(3):
            self.get(path, **headers)
            before = len(self.asked)
            self.get(path, **headers)
            if len(self.asked) == before:
                return True
        return False

    def raw(self, *lines: str) -> str:
        """The answer to lines that are sent as they are written."""
        host, port = self.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as line:
            line.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
            return line.makefile("rb").read().decode(errors="replace")

    def said(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "access.log").read_text().splitlines()]


@contextmanager
def standing(web: str, folder: Path, changes: dict[str, str] | None = None) -> Iterator[Edge]:
    with nginx.running(folder, web.removeprefix("http://"), folder, changes) as address:
        edge = Edge(address, web, folder)

        def note(environ: dict[str, Any], **_rest: Any) -> None:
            edge.asked.append(environ["PATH_INFO"])

        request_started.connect(note)
        yield edge
        request_started.disconnect(note)


@pytest.fixture
def course(ada: User) -> Course:
    """Without a preview, whose signed address is another each minute: the page would be too."""
    return make_course(title="Kilns", preview_first=False)


@pytest.fixture
def edge(live_server: Any, course: Course, tmp_path: Path) -> Iterator[Edge]:
    with standing(live_server.url, tmp_path / "nginx") as edge:
        yield edge


def cookie_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return f"sessionid={client.cookies['sessionid'].value}"


def language_of(answer: requests.Response) -> str:
    found = LANGUAGE.search(answer.text)
    assert found, answer.status_code
    return found[1]


# --- what is kept ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/courses/", PAGE, "/courses/kilns/versions/", "/courses/kilns/ratings/", "/clips/", SHELF]
)
def test_visitors_pages_cost_django_nothing(edge: Edge, path: str) -> None:
    assert edge.is_kept(path)
    answer = edge.get(path)
    assert answer.status_code == 200
    assert answer.content == edge.past.get(path).content
    assert not answer.cookies
    assert "nonce" not in answer.text


def test_a_page_is_kept_packed_and_sent_so_to_who_takes_it(edge: Edge) -> None:
    assert edge.is_kept(Accept_Encoding="gzip, deflate, br, zstd")
    packed, plain = edge.get(Accept_Encoding="gzip, deflate, br, zstd"), edge.get()
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < len(plain.content) / 3
    assert packed.content == plain.content
    for refused in ("", "identity", "br", "gzip;q=0", "deflate, gzip; q=0.0", "x-gzipped"):
        assert "Content-Encoding" not in edge.get(Accept_Encoding=refused).headers, refused
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_headers_are_those_of_a_drawn_page(edge: Edge) -> None:
    assert edge.is_kept()
    kept, drawn = edge.get(), edge.past.get()
    own = {"Date", "Server", "Connection", "Content-Length", "X-Request-ID", "Keep-Alive", "Vary"}
    of_cache = {"ETag": kept.headers["ETag"], "Cache-Control": "private, no-cache"}
    assert {name: value for name, value in kept.headers.items() if name not in own} == {
        **{name: value for name, value in drawn.headers.items() if name not in own},
        **of_cache,
    }
    assert kept.headers["Content-Security-Policy"] == drawn.headers["Content-Security-Policy"]


def test_each_answer_has_an_id_of_its_own_that_the_log_knows(edge: Edge) -> None:
    ids = [edge.get().headers["X-Request-ID"] for _ in range(3)]
    assert len(set(ids)) == 3
    assert edge.get("/accounts/login/").headers["X-Request-ID"] not in ids
    said = {line["request_id"]: line for line in edge.said()}
    assert "HIT" in {said[one]["cache"] for one in ids}
    assert {said[one]["path"] for one in ids} == {PAGE}


# --- whose page it is -----------------------------------------------------------------------------------------------


ASKED = [
    "", "en", "en-US,en;q=0.9", "EN-gb", "zh", "zh-CN", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans-CN,zh-Hans;q=0.9", "zh-TW",
    "en-US,en;q=0.9,zh-CN;q=0.8", "zh-CN,en;q=0.9", "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", "de", "*", "ja,zh;q=0.9",
    "ja,zh-CN;q=0.5,en;q=0.8", "en;q=0.5,zh", "zh;q=0", "zh;q=0.1,en;q=0.9", "en;q=0,zh;q=1", "de,*,zh", "zh_CN",
    "en_US", "zh,", "zh,,en", "zh-CN;q=2,en", "zh,en;q=", "x-zh", "zhx", "zh-" + "a" * 600, "en," * 300 + "zh",
    "ja," * 300 + "zh", "zh-aaaaaaaaa", "zh,*;q=0.1", "zh , en", "zh,en;q=0.8", "en-zh", "de-zh,zh",
    "zh-CN, zh;q=0.9, en;q=0.8",
]  # fmt: skip


def test_every_reader_gets_the_language_that_django_chooses(edge: Edge) -> None:
    """Each is asked for while pages of both languages lie in nginx."""
    straight = {asked: language_of(edge.past.get(Accept_Language=asked)) for asked in ASKED}
    assert set(straight.values()) == {"en", "zh-Hans"}
    through = {}
    for asked in ASKED:
        edge.get(Accept_Language="en")
        edge.get(Accept_Language="zh")
        through[asked] = language_of(edge.get(Accept_Language=asked))
    assert through == straight
    for usual in ("", "en-US,en;q=0.9", "zh-CN,zh;q=0.9,en;q=0.8", "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7"):
        assert edge.is_kept(Accept_Language=usual), usual


def _differ(edge: Edge) -> None:
    """Languages and themes, each asked for twice in turn."""
    for _ in range(2):
        assert language_of(edge.get(Accept_Language="en")) == "en"
        assert language_of(edge.get(Accept_Language="zh-CN")) == "zh-Hans"
        assert language_of(edge.get(Accept_Language="zh-CN", Cookie="django_language=en")) == "en"
        assert language_of(edge.get(Cookie="django_language=zh-hans; theme=dark")) == "zh-Hans"
        assert language_of(edge.get(Cookie="django_language=zh-tw")) == "zh-Hans"
        assert 'data-theme="dark"' in edge.get(Cookie="theme=dark").text
        assert 'data-theme="light"' in edge.get(Cookie="csrftoken=x; theme=light").text
        assert "data-theme=" not in edge.get(Cookie="theme=pink").text
        assert "data-theme=" not in edge.get().text


def test_languages_and_themes_have_pages_of_their_own(edge: Edge) -> None:
    _differ(edge)
    assert edge.is_kept(Cookie="django_language=zh-hans; theme=dark", Accept_Language="en")


def test_negative_control_one_page_for_all_would_be_seen(live_server: Any, course: Course, tmp_path: Path) -> None:
    with standing(live_server.url, tmp_path / "nginx", ONE_PAGE_FOR_ALL) as edge, pytest.raises(AssertionError):
        _differ(edge)


def _shows_each_her_own(edge: Edge, lin: User) -> None:
    session = cookie_of(lin)
    for _ in range(2):
        assert lin.email not in edge.get().text
        assert lin.email in edge.get(Cookie=session).text
        assert lin.email in edge.get(Cookie=f"theme=system; {session}", Accept_Encoding="gzip").text
        assert lin.email not in edge.get(Accept_Encoding="gzip").text


def test_who_is_logged_in_gets_her_page_and_nobody_else_does(edge: Edge, lin: User) -> None:
    _shows_each_her_own(edge, lin)
    assert not edge.is_kept(Cookie=cookie_of(lin))


def test_negative_control_without_a_look_at_cookies_it_would_be_seen(
    live_server: Any, course: Course, lin: User, tmp_path: Path
) -> None:
    with standing(live_server.url, tmp_path / "nginx", KEEPS_ANYBODY) as edge:
        with pytest.raises(AssertionError):
            _shows_each_her_own(edge, lin)
        # Even so Django lets no page of hers be kept.
        time.sleep(2)
        assert lin.email in edge.get(Cookie=cookie_of(lin)).text
        assert lin.email not in edge.get().text


def test_a_session_is_seen_however_its_cookie_is_written(edge: Edge, lin: User) -> None:
    session, host = cookie_of(lin), "Host: 127.0.0.1"
    edge.get()
    for lines in (
        [f"Cookie: {session}"],
        ["Cookie: theme=dark", f"Cookie: {session}"],
        [f"cookie: a=b;{session}"],
        [f"Cookie: a=b;  {session}  ; c=d"],
        ["Cookie: sessionid=", f"Cookie: {session}"],
        [f"Cookie: {session.replace('=', ' = ')}"],
    ):
        before = len(edge.asked)
        edge.raw(f"GET {PAGE} HTTP/1.1", host, *lines)
        assert len(edge.asked) == before + 1, lines


def test_a_message_that_waits_is_her_own(edge: Edge) -> None:
    edge.get()
    before = len(edge.asked)
    edge.get(Cookie="messages=W1siX19qc29uX21lc3NhZ2UiLDAsMjAsIkhpIiwiIl1d")
    assert len(edge.asked) == before + 1


def test_who_has_just_put_something_in_her_cart_sees_it(edge: Edge) -> None:
    page = edge.get()
    form = {"csrfmiddlewaretoken": TOKEN.findall(page.text)[0], "course": "kilns"}
    answer = edge.ask("POST", "/cart/add/", {"Sec-Fetch-Site": "same-origin"}, data=form)
    assert answer.status_code == 302
    assert "In your cart" in edge.get(Cookie=f"sessionid={answer.cookies['sessionid']}").text
    assert "In your cart" not in edge.get().text


# --- forms ----------------------------------------------------------------------------------------------------------


def test_forms_of_a_kept_page_are_taken_from_here_alone(edge: Edge) -> None:
    assert edge.is_kept()
    tokens = set(TOKEN.findall(edge.get().text))
    assert tokens == {form_tokens.OF_KEPT_PAGE}
    form = {"csrfmiddlewaretoken": tokens.pop(), "language": "zh-hans", "theme": "dark", "course": "kilns"}

    def answered(path: str, **headers: str) -> int:
        return edge.ask("POST", path, headers, data=form).status_code

    for path in ("/i18n/setlang/", "/cart/add/", reverse("accounts:theme")):
        assert answered(path, Sec_Fetch_Site="same-origin") == 302
        assert answered(path, Origin="http://127.0.0.1") == 302
        assert answered(path, Referer=f"http://127.0.0.1{PAGE}") == 302
        assert answered(path, Origin="https://elsewhere.example") == 403
        assert answered(path, Sec_Fetch_Site="cross-site", Cookie="csrftoken=" + "a" * 32) == 403
        assert answered(path, Referer="http://127.0.0.1.elsewhere.example/") == 403
        assert answered(path) == 403


def test_pages_that_are_drawn_have_tokens_as_before(edge: Edge) -> None:
    drawn = [edge.get("/accounts/login/") for _ in range(2)]
    tokens = [TOKEN.findall(page.text)[0] for page in drawn]
    assert len(set(tokens)) == 2
    form = {"csrfmiddlewaretoken": tokens[0], "language": "zh-hans"}
    hers, others = (f"csrftoken={page.cookies['csrftoken']}" for page in drawn)
    assert edge.ask("POST", "/i18n/setlang/", {"Cookie": hers}, data=form).status_code == 302
    assert edge.ask("POST", "/i18n/setlang/", {"Cookie": others}, data=form).status_code == 403


# --- how old it may be ----------------------------------------------------------------------------------------------


def _seconds_until(is_so: Callable[[], bool], most: float) -> float:
    began = time.monotonic()
    while (passed := time.monotonic() - began) < most:
        if is_so():
            return passed
        time.sleep(0.05)
    raise AssertionError(f"still not so after {most} s")


def test_a_takedown_shows_within_two_seconds(edge: Edge, course: Course, sam: User) -> None:
    assert edge.is_kept()
    course.take_down(by=sam, rule_code="spam", reason="Spam")
    assert _seconds_until(lambda: edge.get().status_code == 404, 4) <= 2.3
    assert "Kilns" not in edge.get("/courses/").text
    assert edge.get(Cookie="sessionid=x").status_code == 404


def test_what_nobody_said_has_changed_shows_within_five_seconds(edge: Edge, course: Course) -> None:
    """Asked for all the time, by both codings, the worst case of two memories one behind the other."""
    edge.get()
    edge.get(Accept_Encoding="gzip")
    Course.objects.filter(pk=course.pk).update(subtitle="Bricks, and how hot")

    def is_so() -> bool:
        return all("how hot" in edge.get(Accept_Encoding=coding).text for coding in ("gzip", ""))

    assert _seconds_until(is_so, 8) <= 5.3


def test_nothing_is_shown_while_the_web_is_away(live_server: Any, course: Course, tmp_path: Path) -> None:
    """Not what was kept either: it may have been taken down since."""
    with standing(live_server.url, tmp_path / "nginx") as edge:
        assert edge.is_kept()
    with standing("http://127.0.0.1:1", tmp_path / "nginx") as edge:
        time.sleep(2.1)
        assert edge.get().status_code == 502


def test_without_valkey_nginx_still_keeps(edge: Edge, settings: Any) -> None:
    backend = "marketplace.lib.valkey_cache.ValkeyCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1/0"}}
    assert edge.is_kept()


# --- what passes by -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [f"{PAGE}?x=1", f"{PAGE}?hl=zh-hans", "/courses/?category=craft", "/search/?q=kilns", "/accounts/login/",
             "/feeds/courses.xml", "/courses/nothing/", "/cart/", f"{PAGE}?{'x' * 4_000}"],
)  # fmt: skip
def test_what_is_no_kept_page_is_asked_for_each_time(edge: Edge, path: str) -> None:
    edge.asked.clear()
    answers = [edge.get(path, X_Keep_As="en system gzip") for _ in range(2)]
    assert len(edge.asked) == 2
    assert not any("X-Accel-Expires" in answer.headers for answer in answers)
    assert answers[0].status_code in (200, 302, 404)


def test_a_language_in_the_address_is_remembered(edge: Edge) -> None:
    for _ in range(2):
        answer = edge.get(f"{PAGE}?hl=zh-hans")
        assert answer.cookies["django_language"] == "zh-hans"
        assert language_of(answer) == "zh-Hans"
    assert "django_language" not in edge.get().cookies


def test_a_query_that_is_too_long_is_refused_and_harms_nobody(edge: Edge) -> None:
    assert edge.get(f"{PAGE}?{'x' * 40_000}").status_code == 414
    assert edge.get().status_code == 200


def test_a_foreign_host_gets_nothing_and_leaves_nothing(edge: Edge) -> None:
    assert edge.is_kept()
    foreign = edge.raw(f"GET {PAGE} HTTP/1.1", "Host: elsewhere.example")
    assert foreign.startswith("HTTP/1.1 400")
    absolute = edge.raw(f"GET http://elsewhere.example{PAGE} HTTP/1.1", "Host: 127.0.0.1")
    assert absolute.startswith("HTTP/1.1 400")
    assert edge.get().status_code == 200


def test_paths_are_kept_as_they_are_written(edge: Edge) -> None:
    """An address that nginx would tidy up, and Django would not, is neither answered with nor kept as the tidy one."""
    edge.get()
    for bent in (f"/x/..{PAGE}", "/courses//kilns/", "/courses/kilns/../nothing/", "/courses/nothing/%2e%2e/kilns/"):
        asked = (f"GET {bent} HTTP/1.1", "Host: 127.0.0.1")
        through, straight = (each.raw(*asked).split("\r\n")[0].split()[1] for each in (edge, edge.past))
        assert through == straight, bent
    assert edge.get("/courses/nothing/").status_code == 404
    assert "Kilns" in edge.get("/courses/%6bilns/").text


def test_head_has_the_headers_and_no_page(edge: Edge) -> None:
    for _ in range(2):
        answer = edge.ask("HEAD", PAGE, {})
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["ETag"] == edge.get().headers["ETag"]
    assert "Kilns" in edge.get().text


def test_a_page_that_a_browser_has_is_not_sent_again_unless_it_is_another(edge: Edge, lin: User) -> None:
    tag = edge.get().headers["ETag"]
    assert edge.get(If_None_Match=tag).status_code == 304
    assert not edge.get(If_None_Match=tag).content
    for other in (
        {"Accept-Language": "zh"}, {"Cookie": "theme=dark"}, {"Cookie": cookie_of(lin)}, {"Accept-Encoding": "gzip"},
    ):  # fmt: skip
        assert edge.ask("GET", PAGE, {**other, "If-None-Match": tag}).status_code == 200, other
    hers = edge.get(Cookie=cookie_of(lin))
    assert "ETag" not in hers.headers
    assert "Last-Modified" not in hers.headers
    cache.clear()
    time.sleep(2.1)
    assert edge.get(If_None_Match=tag).status_code == 304, "drawn anew, and the same bytes"


def test_a_part_is_never_sent_or_kept_for_the_whole(edge: Edge) -> None:
    for _missed_then_kept in range(2):
        answer = edge.get("/courses/", Range="bytes=10-29")
        assert (answer.status_code, answer.content) == (200, edge.past.get("/courses/").content)


# --- names in two places --------------------------------------------------------------------------------------------


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield before + str(each.pattern), each.callback
        else:
            yield from _patterns(each, before + str(each.pattern))


def test_the_configuration_knows_the_addresses_of_kept_pages() -> None:
    written = re.search(r'"~(\^/.+)" 1;', nginx.CONFIGURATION.read_text())
    assert written is not None
    samples = {"<slug:slug>": "kilns-2_x", "<uuid:key>": "0f8fad5b-d9cb-469f-a165-70867728950e"}
    kept, others = set(), set()
    for route, view in _patterns(get_resolver()):
        address = "/" + re.sub("<.*?>", lambda found: samples.get(found[0], "x"), route)
        (kept if getattr(view, "is_kept_page", False) else others).add(address)
    assert len(kept) >= 10
    assert {address for address in kept if not re.search(written[1], address)} == set()
    assert {address for address in others if re.search(written[1], address)} == set()


def test_the_configuration_knows_our_cookies_languages_and_themes() -> None:
    text = nginx.CONFIGURATION.read_text()
    assert f'map $http_cookie $is_known {{ "~*{known.SESSION_COOKIE_NAME}|messages" 1; default 0; }}' in text
    languages = " ".join(
        ["$page_language {", '"" $browser_language;', *(f"{code} {code};" for code, _ in known.LANGUAGES)]
    )
    assert f"map $cookie_{known.LANGUAGE_COOKIE_NAME} {languages} default" in text
    system, *others = kept_pages.THEMES
    themes = " ".join(f"{theme} {theme};" for theme in others)
    assert f"map $cookie_theme $page_theme {{ {themes} default {system}; }}" in text
    assert f"proxy_set_header {kept_pages.KEEP_AS} $keep_as;" in text
