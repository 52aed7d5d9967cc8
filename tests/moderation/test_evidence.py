"""What a reported thing showed, in words: no key, no code and no number of the house reaches a reader."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from accounts.models import User
from moderation import evidence, targets
from moderation.models import Case
from tests import cast
from tests.community.factories import rate
from tests.courses.clips import make_clip
from tests.courses.factories import make_course, make_video
from tests.moderation import things
from tests.moderation.decisions import decide_case, report, target

pytestmark = pytest.mark.django_db

# Names of the house, and the keys under which evidence is kept.
RAW = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{32}|\b[a-z]+_[a-z]+\b|\bfrom_s\b|\{|\[")
# `clip` is the number of the cut alone; the two ends of a clip are one fact.
NOT_TOLD = {"clip", "from_s", "to_s"}


def _page(desk: Client, case: Case) -> str:
    html = desk.get(reverse("moderation:reported_case", args=[case.pk])).content.decode()
    return html[html.index('id="evidence-title"') : html.index("SHA-256")]


@pytest.mark.parametrize("kind", [*things.PUBLIC, *things.PRIVATE])
def test_every_fact_of_every_kind_has_a_name(kind: str) -> None:
    kind, dash, met = kind.partition("-")
    shown = target(kind, f"{met}-{things.key_of(met)}" if dash else things.key_of(kind)).shown
    assert set(shown) - NOT_TOLD <= set(evidence.LABELS)
    facts = evidence.facts(shown)
    for line in (line for fact in facts for line in fact.lines):
        assert line.text, facts
        assert not RAW.search(f"{line.text} {line.note}"), line
    with translation.override("zh-hans"):
        assert all(re.search(r"[\u4e00-\u9fff]", str(fact.label)) for fact in evidence.facts(shown))


def test_what_is_missing_has_no_line() -> None:
    empty = {"article": "", "film": "", "lessons": [], "outcomes": None}
    assert evidence.facts({"title": "Clay", **empty}) == evidence.facts({"title": "Clay"})


def test_a_film_is_called_by_its_name_and_watched_from_the_reported_second(lin: User, sam: User) -> None:
    lesson = make_course(title="Kilns").live_lessons().exclude(video=None).first()
    assert lesson is not None
    assert lesson.video is not None
    submission = lesson.version.submissions.get()
    case = report("lesson", lesson.key, lin, at_second=75)
    desk = Client()
    desk.force_login(sam)
    html = desk.get(reverse("moderation:reported_case", args=[case.pk])).content.decode()
    page = f"{reverse('moderation:case', args=[submission.pk])}?lesson={lesson.key}"
    assert f'<a href="{page}&amp;t=0#watch">{lesson.video.name}</a>' in html
    assert f'<a href="{page}&amp;t=75#watch">1:15</a>' in html
    watched = desk.get(f"{page}&t=75")
    assert watched.status_code == 200
    assert watched.context["chosen"] == lesson
    assert str(lesson.video.asset) not in strip_tags(_page(desk, case))


def test_a_film_of_no_submitted_version_is_named_and_leads_nowhere(ada: User) -> None:
    film = make_video(ada, name="draft.mp4")
    assert evidence.films({"film": str(film.asset)}) == {str(film.asset): evidence.Film("draft.mp4")}
    assert evidence.Film("draft.mp4").at(3) == ""


def test_a_film_that_is_gone_leaves_no_number_behind(ada: User) -> None:
    film = make_video(ada)
    shown = {"film": str(film.asset), "lessons": [["", "Kilns", "video", str(film.asset)]]}
    film.delete()
    assert [line.text for fact in evidence.facts(shown) for line in fact.lines] == ["No longer kept", "Kilns"]


def test_a_clip_names_its_lesson_and_its_place(sam: User) -> None:
    clip = make_clip(make_course(title="Glazes"))
    told = {str(fact.label): fact.lines for fact in evidence.facts(target("clip", clip.key).shown)}
    assert re.fullmatch(r"\d+:\d\d–\d+:\d\d", told["Piece of the film"][0].text)
    assert told["Lesson"][0].text == clip.course.live_lessons().get(key=clip.lesson_key).title


def test_community_reviewers_see_neither_the_films_name_nor_a_check_sum(lin: User) -> None:
    lesson = make_course(title="Glazes").live_lessons().exclude(video=None).first()
    assert lesson is not None
    assert lesson.video is not None
    blind = evidence.facts(target("lesson", lesson.key).shown, is_blind=True)
    assert lesson.video.name not in f"{blind}"
    assert {"Title", "Length"} <= {str(fact.label) for fact in blind}


@pytest.mark.parametrize(("language", "words"), [("en", ("Stars", "2 of 5")), ("zh-hans", ("星级", "2 星，满分 5 星"))])
def test_a_case_is_read_in_words(language: str, words: tuple[str, str], sam: User) -> None:
    said = rate(cast.lin(), make_course(title="Glazes"), 2, text="Dull.")
    case = report("rating", said.pk, cast.cole(), rule="respect")
    desk = Client(headers={"accept-language": language})
    type(sam).objects.filter(pk=sam.pk).update(language=language)
    desk.force_login(User.objects.get(pk=sam.pk))
    html = strip_tags(_page(desk, case))
    assert all(word in html for word in words), html
    assert not RAW.search(html), html


def test_whoever_it_is_about_reads_what_was_kept_and_where_she_appeals(lin: User, sam: User, ada: User) -> None:
    course = make_course(title="Glazes")
    case = report("creator", course.creator.slug, lin, rule="honest_person")
    course.creator.edit({"name": "Professor Ada"})
    measure = decide_case(case, "warn", sam, rule="honest_person")
    owner = Client()
    owner.force_login(ada)
    for address in (reverse("reports:about_me"), reverse("reports:appeal", args=[measure.pk])):
        html = owner.get(address).content.decode()
        shown = html[html.index("What it showed") :]
        assert "Ada Lin Studio" in shown
        assert "Professor Ada" not in shown[: shown.index("</details>")]  # as it was when it was reported
        assert "SHA-256" not in html


def test_of_people_the_kind_of_place_is_said(sam: User) -> None:
    said = rate(cast.lin(), make_course(title="Glazes"), 2, text="Dull.")
    told = {str(fact.label): fact.lines[0].text for fact in evidence.facts(target("person", f"rating-{said.pk}").shown)}
    assert told["Met through"] == str(targets.KINDS["rating"])
