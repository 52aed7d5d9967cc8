"""What search engines, feed readers and sites where an address is passed on are told: every language, every part."""

import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, default_storage, storages
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from courses import sharing, sitemaps
from courses.models import Category, Course, Takedown
from courses.views import seo
from marketplace.lib.images import cleaned
from tests.courses.clips import make_clip
from tests.courses.factories import make_category, make_course
from tests.courses.test_collections import make as curate
from tests.creators.institutions import make_institution, verify
from videos.shelves import film_folder

pytestmark = pytest.mark.django_db

ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">')
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)">')


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Kilns & <glazes>", category=make_category("crafts-heritage"))


def meta(page: str, name: str) -> str:
    found = re.search(rf'<meta (?:property|name)="{name}" content="([^"]*)">', page)
    assert found, name
    return found[1]


def test_a_page_names_itself_and_its_other_language(client: Client, course: Course, settings: object) -> None:
    page = client.get(course.get_absolute_url()).content.decode()
    spoken = dict(ALTERNATE.findall(page))
    assert set(spoken) == {"en", "zh-Hans", "x-default"}
    assert CANONICAL.findall(page) == [spoken["x-default"]]
    for language, address in spoken.items():
        path = "/" + address.split("/", 3)[3]
        there = Client().get(path).content.decode()
        assert dict(ALTERNATE.findall(there)) == spoken
        assert CANONICAL.findall(there) == [address]
        if language != "x-default":
            assert f'<html lang="{language}"' in there


def test_a_language_in_the_address_is_for_who_has_said_nothing_yet(client: Client, course: Course, lin: User) -> None:
    address = course.get_absolute_url()
    first = client.get(f"{address}?hl=zh-hans")
    assert '<html lang="zh-Hans"' in first.content.decode()
    # What she opens next is in that language too.
    assert '<html lang="zh-Hans"' in client.get("/").content.decode()
    client.post("/i18n/setlang/", {"language": "en", "next": f"{address}?hl=zh-hans"})
    assert '<html lang="en"' in client.get(f"{address}?hl=zh-hans").content.decode()
    reader = Client()
    reader.force_login(lin)
    answer = reader.get(f"{address}?hl=zh-hans")
    assert '<html lang="en"' in answer.content.decode()
    assert "django_language" not in answer.cookies


@pytest.mark.parametrize("asked", ["hl=xx", "hl=", "hl=zh-hans%00", "hl=en&hl=..%2f", "chl=zh-hans"])
def test_an_unknown_language_asks_for_nothing(client: Client, course: Course, asked: str) -> None:
    answer = client.get(f"{course.get_absolute_url()}?{asked}")
    assert answer.status_code == 200
    assert '<html lang="en"' in answer.content.decode()
    assert "django_language" not in answer.cookies


def test_a_page_in_a_language_is_kept_too(client: Client, course: Course, django_assert_num_queries: object) -> None:
    Client().get(f"{course.get_absolute_url()}?hl=zh-hans")
    with django_assert_num_queries(0):
        page = Client().get(f"{course.get_absolute_url()}?hl=zh-hans").content.decode()
    assert '<html lang="zh-Hans"' in page
    assert '<html lang="en"' in client.get(course.get_absolute_url()).content.decode()


def test_a_sitemap_comes_in_parts_by_keys(client: Client, monkeypatch: pytest.MonkeyPatch, ada: User) -> None:
    monkeypatch.setattr(sitemaps, "A_PART", 3)
    made = [make_course(title=f"Course {n}", live=n != 4) for n in range(8)]
    index = client.get("/sitemap.xml").content.decode()
    parts = [found for found in re.findall(r"<loc>([^<]+)</loc>", index) if "courses" in found]
    assert len(parts) == made[-1].pk // 3 + 1
    answers = [client.get("/" + part.split("/", 3)[3]) for part in parts]
    assert {answer["Cache-Control"] for answer in answers} == {"max-age=5, public"}  # what is taken down goes as fast
    texts = [answer.content.decode() for answer in answers]
    listed = re.findall(r"<loc>[^<]+(/courses/[^<]+)</loc>", "".join(texts))
    assert sorted(listed) == sorted(course.get_absolute_url() for course in made if course.live_version_id)
    assert 'hreflang="zh-Hans"' in "".join(texts)


def test_institutions_and_lists_stand_in_sitemaps(client: Client, course: Course, ada: User) -> None:
    school, hidden = make_institution(ada), make_institution(ada, verified=False, name="Hidden", domain="h.example")
    index = client.get("/sitemap.xml").content.decode()
    parts = {name: next(p for p in re.findall(r"<loc>([^<]+)</loc>", index) if name in p) for name in
             ("institutions", "lists")}  # fmt: skip
    texts = {name: client.get("/" + part.split("/", 3)[3]).content.decode() for name, part in parts.items()}
    assert school.get_absolute_url() in texts["institutions"]
    assert hidden.get_absolute_url() not in texts["institutions"]
    listed = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", texts["lists"])
    assert listed == [reverse(name) for name in sitemaps.LISTS]
    assert {"/clips/", "/exposure/", "/report-card/", "/rules/", "/rules/log/"} < set(listed)
    for address in listed:  # each is a page that may be found
        page = client.get(address)
        assert page.status_code == 200
        assert "noindex" not in page.content.decode()


def test_every_public_page_says_where_it_is_and_how_it_looks_elsewhere(client: Client, course: Course) -> None:
    """What the foot leads to, and what those pages lead to in turn."""
    foot = re.search(r"<footer.*</footer>", client.get("/").content.decode(), re.DOTALL)
    assert foot
    pages = {page for page in re.findall(r'href="(/[^"?#]*)"', foot[0]) if not page.startswith(tuple(seo.PRIVATE))}
    assert {"/exposure/", "/rules/", reverse("payments:sharing"), reverse("learners:check_certificate")} <= pages
    pages |= set(re.findall(r'href="(/rules/[^"?#]*)"', client.get("/rules/").content.decode()))
    pages |= {reverse(name) for name in sitemaps.LISTS}
    pages |= {reverse(name, args=[course.slug]) for name in ("courses:detail", "courses:versions", "community:ratings")}
    public = {page: answer for page in pages if (answer := client.get(page)).status_code == 200}
    assert pages - set(public) == {reverse("creators:become")}  # to log in first
    assert len([page for page in public if page.startswith("/rules/")]) > 4  # the book, three beside it, and rules
    for page, answer in public.items():
        text = answer.content.decode()
        assert CANONICAL.findall(text) == [f"http://testserver{page}"], page
        assert set(dict(ALTERNATE.findall(text))) == {"en", "zh-Hans", "x-default"}, page
        assert all(meta(text, name) for name in ("og:title", "og:image")), page


@pytest.mark.parametrize("page", ["0", "-1", "999999", "x", "1e3", "9" * 40, "²"])
def test_a_part_that_is_not_there(client: Client, course: Course, page: str) -> None:
    assert client.get("/sitemap-courses.xml", {"p": page}).status_code == 404


def test_a_part_costs_the_same_however_many_there_are(
    client: Client, course: Course, django_assert_num_queries
) -> None:
    with django_assert_num_queries(2):  # the last key, the range
        client.get("/sitemap-courses.xml")


@pytest.mark.parametrize(
    ("name", "args"), [("feed", ()), ("feed-shelf", ("crafts-heritage",)), ("feed-creator", ("ada-lin-studio",))]
)
def test_new_courses_can_be_followed(client: Client, course: Course, name: str, args: tuple[str, ...]) -> None:
    make_course(title="Elsewhere", category=make_category("programming"), live=False)
    answer = client.get(reverse(name, args=args))
    assert answer["Content-Type"].startswith("application/rss+xml")
    assert answer["Cache-Control"] == "max-age=5, public"  # what is taken down goes as fast as from pages
    channel = ElementTree.fromstring(answer.content).find("channel")
    assert channel is not None
    assert [item.findtext("title") for item in channel.findall("item")] == ["Kilns & <glazes>"]
    (item,) = channel.findall("item")
    assert (item.findtext("link") or "").endswith(course.get_absolute_url())


def test_no_feed_of_what_is_not_there(client: Client, course: Course) -> None:
    assert client.get("/feeds/shelves/nothing.xml").status_code == 404
    assert client.get("/feeds/creators/nobody.xml").status_code == 404


def test_pages_tell_of_their_feed(client: Client, course: Course) -> None:
    for page, feed in (
        ("/", "/feeds/courses.xml"),
        ("/courses/?category=crafts-heritage", "/feeds/shelves/crafts-heritage.xml"),
        (course.creator.get_absolute_url(), f"/feeds/creators/{course.creator.slug}.xml"),
    ):
        assert f'href="{feed}"' in client.get(page).content.decode()


def picture(client: Client, page: str) -> Image.Image:
    address = meta(client.get(page).content.decode(), "og:image")
    answer = client.get("/" + address.split("/", 3)[3])
    assert answer["Content-Type"] == "image/jpeg"
    return Image.open(io.BytesIO(answer.content))


def test_a_course_is_passed_on_with_a_picture(client: Client, course: Course) -> None:
    shown = picture(client, course.get_absolute_url())
    assert shown.size == (1200, 630)
    assert len(shown.resize((60, 30)).getcolors() or []) > 20  # words stand on it
    assert meta(client.get(course.get_absolute_url()).content.decode(), "og:title") == "Kilns &amp; &lt;glazes&gt;"
    assert picture(client, "/").size == (1200, 630)


def test_a_new_title_is_a_new_picture_and_the_old_one_goes(client: Client, course: Course) -> None:
    old = sharing.address(course)
    before = client.get(old).content
    Course.objects.filter(pk=course.pk).update(title="灶与釉")
    course.refresh_from_db()
    answer = client.get(old)
    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    # It shows the cover, which leaves every cache within a day when it is taken down.
    assert client.get(answer["Location"])["Cache-Control"] == "max-age=43200, public"
    assert client.get(answer["Location"]).content != before
    assert storages["private"].listdir(f"shared/{course.pk}")[1] == [f"{sharing.stamp(course)}.jpg"]


def test_no_address_but_the_card_s_own_leads_to_it(client: Client, course: Course, sam: User) -> None:
    address = sharing.address(course)
    client.get(address)
    assert not default_storage.exists("shared")
    assert client.get(f"/media/shared/{course.pk}/{sharing.stamp(course)}.jpg").status_code == 404
    Takedown.objects.take_down(course=course, by=sam, rule_code="privacy", reason="Shows somebody's address")
    assert client.get(address).status_code == 404


class AsS3(InMemoryStorage):
    """Knows files alone: a folder is nowhere, and lists nothing."""

    def exists(self, name: str) -> bool:
        return name.endswith(".jpg") and super().exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return super().listdir(path) if InMemoryStorage.exists(self, path) else ([], [])


def test_old_cards_go_where_no_folder_is_found(course: Course, settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "private": {"BACKEND": f"{__name__}.AsS3"}}
    for title in ("Kilns", "Glazes", "Bowls"):
        course.title = title
        sharing.picture(course)
    assert storages["private"].listdir(f"shared/{course.pk}")[1] == [f"{sharing.stamp(course)}.jpg"]


def test_two_first_askers_at_once_leave_the_right_card(course: Course) -> None:
    folder, name, other = f"shared/{course.pk}", "stamp", []
    card = sharing.Drawn(b"card")

    def draw() -> sharing.Drawn:
        if not other:  # somebody else comes while this one is drawing, and is done before it
            other.append(True)
            assert sharing._kept(folder, name, draw) == card
        return card

    assert sharing._kept(folder, name, draw) == card
    assert storages["private"].listdir(folder)[1] == [f"{name}.jpg"]
    assert sharing._kept(folder, name, pytest.fail) == card


def test_a_card_that_goes_while_it_is_asked_for_is_drawn(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, private = f"shared/{course.pk}", storages["private"]
    sharing._kept(folder, "stamp", lambda: sharing.Drawn(b"card"))

    def gone(name: str, mode: str = "rb") -> None:
        private.delete(name)
        raise FileNotFoundError(name)

    monkeypatch.setattr(private, "open", gone)
    assert sharing._kept(folder, "stamp", lambda: sharing.Drawn(b"anew")).jpeg == b"anew"


def test_a_title_that_comes_back_has_its_picture_again(client: Client, course: Course) -> None:
    first = sharing.address(course)
    for title in ("灶与釉", course.title):
        Course.objects.filter(pk=course.pk).update(title=title)
        course.refresh_from_db()
        old, new = client.get(first), client.get(sharing.address(course))
        assert new.status_code == 200
    assert old.status_code == 200
    assert sharing.address(course) == first


def test_clips_creators_and_institutions_are_passed_on_with_pictures_of_their_own(
    client: Client, course: Course, ada: User
) -> None:
    clip, school = make_clip(course), make_institution(ada)
    pages = [one.get_absolute_url() for one in (course, clip, ada.creator, school)]
    pictures = {picture(client, page).tobytes() for page in [*pages, "/"]}
    assert len(pictures) == 5
    before = sharing.address(ada.creator)
    ada.creator.edit({"headline": "清早开窑"})
    answer = client.get(before)
    assert (answer.status_code, answer["Location"]) == (302, sharing.address(ada.creator))
    clip.withdraw(ada)
    assert client.get(sharing.address(clip)).status_code == 404
    verify(school, "withdrawn")
    assert client.get(sharing.address(school)).status_code == 404


def test_a_clips_card_has_its_poster_and_a_creators_her_portrait(course: Course, ada: User) -> None:
    clip, green = make_clip(course), (10, 200, 40)
    folder = film_folder(clip.excerpt.asset, clip.excerpt.output)
    folder.mkdir(parents=True)
    Image.new("RGB", (540, 960), green).save(folder / "poster.jpg")
    portrait = io.BytesIO()
    Image.new("RGB", (400, 400), green).save(portrait, "PNG")
    portrait.seek(0)
    ada.creator.edit({"portrait": portrait})
    for thing in (clip, ada.creator):
        shown = Image.open(io.BytesIO(sharing.picture(thing).jpeg))
        red, green_of_it, blue = shown.getpixel((920, 300))  # type: ignore[misc]
        assert green_of_it > 150 > red + blue, thing


def test_a_picture_has_the_courses_cover(course: Course) -> None:
    bare = sharing.picture(course)
    cover = io.BytesIO()
    Image.new("RGB", (1280, 720), (10, 200, 40)).save(cover, "PNG")
    cover.seek(0)
    course.cover.save("cover.webp", cleaned(cover, 1280), save=False)
    shown = Image.open(io.BytesIO(sharing.picture(course).jpeg))
    assert sharing.picture(course) != bare
    red, green, blue = shown.getpixel((900, 320))  # type: ignore[misc]
    assert green > 150 > red + blue


def test_a_cover_that_cannot_be_read_leaves_the_words(course: Course) -> None:
    course.cover.save("cover.webp", ContentFile(b"no picture"), save=False)
    assert Image.open(io.BytesIO(sharing.picture(course).jpeg)).size == (1200, 630)


def test_a_card_without_its_cover_is_kept_by_nobody(client: Client, course: Course) -> None:
    file = io.BytesIO()
    Image.new("RGB", (1280, 720), (10, 200, 40)).save(file, "PNG")
    file.seek(0)
    course.cover.save("cover.webp", cleaned(file, 1280))
    name, content = course.cover.name, default_storage.open(course.cover.name).read()
    default_storage.delete(name)  # it was put away, and is on its way back
    answer = client.get(sharing.address(course))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    default_storage.save(name, ContentFile(content))
    answer = client.get(sharing.address(course))
    red, green, blue = Image.open(io.BytesIO(answer.content)).getpixel((900, 320))  # type: ignore[misc]
    assert green > 150 > red + blue
    assert answer["Cache-Control"] == "max-age=43200, public"


def test_no_picture_of_what_is_not_on_sale(client: Client, ada: User) -> None:
    draft = make_course(title="Draft", live=False)
    assert client.get(sharing.address(draft)).status_code == 404


def test_each_shelf_skill_and_collection_describes_itself(client: Client, course: Course) -> None:
    made = [
        curate([course], title_en=english, title_zh=chinese, words_en=f"For {english}", words_zh=f"{chinese}之课")
        for english, chinese in (("snow", "雪"), ("fire", "火"))
    ]
    pages = [f"/courses/?category={one.slug}" for one in Category.objects.all()]
    pages += ["/", "/courses/", "/skills/", "/skills/pottery/", "/skills/python/", "/collections/", "/institutions/"]
    pages += [one.get_absolute_url() for one in made]
    told = {}
    for language in ("en", "zh-hans"):
        for page in pages:
            answer = client.get(page, headers={"Accept-Language": language})
            told[page, language] = meta(answer.content.decode(), "description")
    twice = [words for words in told.values() if list(told.values()).count(words) > 1]
    assert not twice, "no two pages, and no two languages, say the same"
    assert all(8 <= len(words) <= 200 or page.startswith("/collections/") for (page, _language), words in told.items())
    assert "Pottery" in told["/courses/?category=crafts-heritage", "en"]
