"""Films converted anew: after everything that somebody waits for, while learners watch what was there before."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from marketplace.lib import failpoints, work
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.metrics import Waiting
from tests.cast import person
from tests.courses.factories import make_course
from tests.faults.test_transcoding_killed import let_the_lease_run_out, start_worker, worker_environment
from tests.videos.films import folder_of, make_film, ready_video, transcoded, upload_of, work_off
from videos import ladder, playback, remaking, shelves, space, transcoding, turns, uploading
from videos.models import Priority, PutAway, Remaking, TwinPrint, Upload, Video
from videos.models.remaking import RemakingEnded

pytestmark = pytest.mark.django_db


@pytest.fixture
def max_(db: None) -> User:
    return person("Max", role="admin")


@pytest.fixture
def playing(ada: User, film: Path) -> Video:
    """A film that plays, made by rules of before."""
    video = transcoded(ada, film)
    assert video.is_ready
    Video.objects.filter(pk=video.pk).update(rules=0)
    video.refresh_from_db()
    return video


def ask(by: User, films: str = "rules", listed: tuple[Video, ...] = ()) -> Remaking:
    return Remaking.objects.ask(by=by, films=films, reason="Better rules", listed=[str(each.pk) for each in listed])


def look_after(row: Remaking) -> Remaking:
    """A worker's turn at it."""
    Remaking.objects.filter(pk=row.pk).update(due_at=timezone.now())
    work.run(Remaking, row.pk, remaking.carry_out)
    row.refresh_from_db()
    return row


def outcomes(row: Remaking) -> list[tuple[str, str, str]]:
    return list(row.items.values_list("film_name", "outcome", "code"))


def master(address: str) -> bytes:
    answer: Any = Client().get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_a_film_is_made_anew_in_its_place_and_addresses_of_before_play_what_was_there(
    ada: User, max_: User, playing: Video
) -> None:
    old, mails = playing.output, Mail.objects.count()
    (folder_of(playing) / "master.m3u8").write_text("#EXTM3U\n# old\n")
    before = playback.play_url(playing, str(ada.pk))
    row = look_after(ask(max_))
    (copy,) = row.copies()
    assert work_off()
    assert master(before) == b"#EXTM3U\n# old\n"
    playing.refresh_from_db()
    assert (playing.is_ready, playing.rules, playing.former_output) == (True, ladder.RULES, old)
    assert playing.output != old
    assert {rendition.state for rendition in playing.renditions.all()} == {"ready"}
    # Whoever opens the film just now still sees what was; from the next minutes on, what is.
    assert playback.master_text(playing, playback.play_url(playing, "anon")) == "#EXTM3U\n# old\n"
    with time_machine.travel(time.time() + 180, tick=False):
        after = playback.play_url(playing, str(ada.pk))
        assert b"# old" not in master(after)
        assert playback.master_text(playing, after).encode() == master(after)
        assert master(before) == b"#EXTM3U\n# old\n"
    look_after(row)
    assert outcomes(row) == [("film.mp4", "made", "")]
    assert row.finished_at is not None
    assert not Video.objects.filter(pk=copy.pk).exists()
    assert not shelves.original(copy.pk).exists()
    assert shelves.original(playing.pk).exists()
    assert Mail.objects.count() == mails  # nothing that its creator asked for


def test_an_address_that_was_given_out_by_what_is_remembered_plays_one_film_to_its_end(
    ada: User, settings: Any
) -> None:
    settings.KEZHAN_RIGHT_REMEMBERED_S = 600
    film = ready_video(ada, seconds=40)
    copy = Video.objects.begin_anew(film)
    Video.objects.filter(pk=copy.pk).update(state="ready", output="2-new", duration_ms=40_000, percent=100,
                                            ready_at=timezone.now())  # fmt: skip
    viewer, asset, old = str(ada.pk), film.asset, film.output

    def folder(address: str) -> str:
        token, expires = address.split("/")[2:4]
        return playback.admit(token, int(expires), viewer, asset).output

    before = playback.play_url(film, viewer)
    assert folder(before) == old
    remaking.put_in_place(film, copy)
    with time_machine.travel(time.time() + 590, tick=False):
        late = playback.play_url(film, viewer)
        assert folder(late) == old  # as it is remembered
    with time_machine.travel(time.time() + 610, tick=False):
        assert [folder(late), folder(playback.play_url(film, viewer))] == [old, old]
    with time_machine.travel(time.time() + 800, tick=False):
        assert folder(playback.play_url(film, viewer)) == "2-new"


def test_nginx_is_told_the_folder_by_the_age_of_the_address(ada: User, max_: User, playing: Video) -> None:
    def folder(address: str) -> str:
        return Client().get(address.replace("/hls/", "/hls-right/").removesuffix("master.m3u8"))["X-Film-Output"]

    before, old = playback.play_url(playing, str(ada.pk)), playing.output
    look_after(ask(max_))
    work_off()
    playing.refresh_from_db()
    with time_machine.travel(time.time() + 180, tick=False):
        after = playback.play_url(playing, str(ada.pk))
        # In turn: what is remembered of one address says nothing of the other.
        assert [folder(each) for each in (before, after, before, after)] == [old, playing.output] * 2


def test_a_long_film_is_made_in_chunks_and_a_pause_keeps_those_that_are_made(
    ada: User, max_: User, tmp_path: Path, settings: Any
) -> None:
    settings.KEZHAN_VIDEO_CHUNK_FROM_S, settings.KEZHAN_VIDEO_CHUNK_S = 8, 4
    film = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=12, size=(160, 120)))
    old, row = film.output, look_after(ask(max_, "list", (film,)))
    for _ in range(3):
        turns.work_on_next()
    (copy,) = row.copies()
    made = set(copy.chunks.made().values_list("output", flat=True))
    assert made
    row.pause(max_)
    assert work_off() == 0
    row.resume(max_)
    assert made == set(copy.chunks.made().values_list("output", flat=True))
    work_off()
    film.refresh_from_db()
    assert (film.former_output, film.is_ready) == (old, True)
    new, before = folder_of(film), shelves.film_folder(film.asset, old)
    assert {file.name for file in (new / "v120").iterdir()} == {file.name for file in (before / "v120").iterdir()}
    look_after(row)
    assert not list((shelves.root() / "chunks").iterdir())


def test_the_old_files_go_when_no_address_shows_them_any_more(max_: User, playing: Video) -> None:
    row = look_after(ask(max_))
    work_off()
    look_after(row)
    folder = shelves.root() / "films" / str(playing.asset)
    uploading.expire_old()
    assert len(list(folder.iterdir())) == 2
    with time_machine.travel(timezone.now() + timedelta(hours=7), tick=False):
        uploading.expire_old()
    playing.refresh_from_db()
    assert [place.name for place in folder.iterdir()] == [playing.output]
    assert (playing.former_output, playing.former_until) == ("", None)


def test_what_its_creator_wrote_and_chose_stays_and_the_machine_looks_anew(max_: User, playing: Video) -> None:
    Video.objects.filter(pk=playing.pk).update(poster_number=2, posters_count=2, name="Her name")
    TwinPrint.objects.update(finished_at=timezone.now())
    row = look_after(ask(max_))
    work_off()
    look_after(row)
    playing.refresh_from_db()
    assert playing.name == "Her name"
    assert playing.poster_number == min(2, playing.posters_count)
    assert TwinPrint.objects.get(video=playing).finished_at is None


def test_it_never_comes_before_the_first_film_of_a_new_course_nor_before_any_other(
    ada: User, lin: User, max_: User, playing: Video
) -> None:
    look_after(ask(max_))
    (copy,) = Video.objects.exclude(made_for=None)
    course = make_course(live=False)
    version = course.versions.get()
    version.lessons.all().delete()
    first = upload_of(course.creator.user, b"x", "first").video
    version.sections.first().add_lesson("One", "video", first)
    usual = upload_of(lin, b"x", "usual").video
    assert [turns.take() for _ in range(4)] == [first, usual, copy, None]


def oldest_film_s() -> float:
    """As the metrics tell it."""
    (age,) = [family for family in Waiting().collect() if family.name == "kezhan_work_oldest_due_seconds"]
    return next(sample.value for sample in age.samples if sample.labels == {"kind": "videos.video"})


def test_it_may_wait_for_hours_without_an_alert(ada: User, max_: User, playing: Video) -> None:
    look_after(ask(max_))
    copies = Video.objects.exclude(made_for=None)
    copies.update(due_at=timezone.now() - timedelta(hours=9))
    assert Video.due_work().exists()
    assert oldest_film_s() == 0
    copies.update(priority=Priority.USUAL)
    assert oldest_film_s() > 8 * 3600


def test_a_conversion_of_many_is_no_film_of_anybody_s(ada: User, max_: User, playing: Video) -> None:
    used = space.of(ada).used
    look_after(ask(max_))
    (copy,) = Video.objects.exclude(made_for=None)
    assert space.of(ada).used == used
    client = APIClient()
    client.force_authenticate(ada)
    listed = client.get(reverse("api-videos")).data["results"]
    assert [each["id"] for each in listed] == [str(playing.pk)]
    assert client.get(reverse("api-video", args=[copy.pk])).status_code == 404
    uploading.expire_old()
    work_off()
    assert Video.objects.get(pk=copy.pk).is_ready  # the sweep left its original alone
    TwinPrint.objects.ask_for_missing()
    assert not TwinPrint.objects.filter(video=copy).exists()


def test_only_so_many_are_begun_at_a_time(ada: User, max_: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remaking, "AT_ONCE", 2)
    for _ in range(3):
        ready_video(ada)
    Video.objects.update(rules=0)
    row = look_after(ask(max_))
    assert (row.items.begun().count(), row.counts["waiting"]) == (2, 3)


@pytest.mark.parametrize("lost", ["v240", "a64"])
def test_films_that_lack_something_are_found_by_their_files_and_by_today_s_ladder(
    ada: User, max_: User, playing: Video, lost: str
) -> None:
    whole = ready_video(ada, name="whole")
    row = look_after(ask(max_, "missing"))
    assert (row.counts["all"], row.finished_at is not None) == (0, True)
    playing.renditions.get(name=lost).delete()
    assert [each.film for each in look_after(ask(max_, "missing")).items.all()] == [playing]
    assert not remaking.lacks_something(whole)


def test_a_file_that_is_gone_is_found(playing: Video) -> None:
    assert not remaking.lacks_something(playing)
    (folder_of(playing) / "v240" / "index.m3u8").unlink()
    assert remaking.lacks_something(playing)


def test_films_whose_original_was_put_away_or_that_were_removed_are_left_out(
    ada: User, max_: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remaking, "AT_ONCE", 1)
    gone, *others = (ready_video(ada, name=name) for name in ("gone", "one", "two", "three"))
    PutAway.objects.create(video=gone, by=ada)
    row = look_after(ask(max_, "list", (gone, *others)))
    assert {name for name, *_ in outcomes(row)} == {"one", "two", "three"}
    begun = row.items.begun().get()
    removed, put_away = (film for film in others if film.pk != begun.film_id)
    removed.delete()
    PutAway.objects.create(video=put_away, by=ada)
    row.copies().get().cancel(max_)
    look_after(look_after(row))
    assert [end[1:] for end in outcomes(row)] == [("skipped", "removed")] * 3
    assert row.finished_at is not None


def test_a_film_that_its_creator_removes_meanwhile_is_not_made(
    ada: User, max_: User, playing: Video, django_capture_on_commit_callbacks: Any
) -> None:
    row = look_after(ask(max_))
    (copy,) = row.copies()
    claimed: Any = turns.take()
    with django_capture_on_commit_callbacks(execute=True):
        assert uploading.remove_film(playing, ada)
    with pytest.raises(work.LeaseLost):
        transcoding.transcode(claimed)
    look_after(row)
    assert outcomes(row) == [("film.mp4", "skipped", "removed")]
    assert not list((shelves.root() / "originals").glob(f"{copy.pk}*"))
    assert not list((shelves.root() / "films").glob("*"))


def test_one_that_is_put_away_meanwhile_is_not_made_either(ada: User, max_: User, playing: Video) -> None:
    row = look_after(ask(max_))
    claimed: Any = turns.take()
    uploading._put_away(playing, ada)
    with pytest.raises(work.LeaseLost):
        transcoding.transcode(claimed)
    look_after(row)
    assert outcomes(row) == [("film.mp4", "skipped", "removed")]
    assert Video.objects.get().output == playing.output


def test_paused_nothing_is_made_and_resumed_it_goes_on(ada: User, max_: User, playing: Video) -> None:
    row = look_after(ask(max_))
    claimed: Any = turns.take()
    row.pause(max_)
    with pytest.raises(work.LeaseLost):
        transcoding.transcode(claimed)
    assert (work_off(), row.is_paused) == (0, True)
    other = ready_video(ada)
    late = look_after(ask(max_, "list", (other,)))
    late.pause(max_)
    late.pause(max_)
    assert look_after(late).counts["waiting"] == 1
    row.resume(max_)
    work_off()
    assert look_after(row).counts["made"] == 1
    of_films = AuditEvent.objects.filter(verb__startswith="films.")
    verbs = list(of_films.order_by("pk").values_list("verb", flat=True))
    assert verbs[:2] == ["films.remake", "films.pause_remaking"]
    assert "films.resume_remaking" in verbs


def test_ended_what_is_not_made_stays_as_it_is(ada: User, max_: User, playing: Video) -> None:
    row = look_after(ask(max_))
    row.end(max_)
    look_after(row)
    assert outcomes(row) == [("film.mp4", "skipped", "ended")]
    assert (Video.objects.get(), work_off()) == (playing, 0)
    with pytest.raises(RemakingEnded):
        row.resume(max_)
    # It may be asked for again.
    assert look_after(ask(max_)).counts["waiting"] == 1


def fail_once(row: Remaking, monkeypatch: pytest.MonkeyPatch) -> Remaking:
    """A worker's turn at it that goes wrong."""

    def broken(_row: Remaking) -> None:
        raise OSError("the disk is away")

    with monkeypatch.context() as patched:
        patched.setattr(remaking, "_settle", broken)
        with pytest.raises(OSError, match="away"):
            look_after(row)
    row.refresh_from_db()
    return row


def test_what_failed_in_one_look_is_forgotten_after_one_that_went_well(
    max_: User, playing: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ask(max_)
    for _ in range(Remaking.MAX_ATTEMPTS + 1):
        assert fail_once(row, monkeypatch).last_error
        look_after(row)
        assert (row.is_open, row.attempts, row.last_error) == (True, 0, "")


def test_one_that_dies_lets_its_films_go_for_another(
    ada: User, max_: User, playing: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remaking, "AT_ONCE", 1)
    Video.objects.filter(pk=ready_video(ada).pk).update(rules=0)
    row = look_after(ask(max_))
    (copy,) = row.copies()
    row.pause(max_)
    for _ in range(Remaking.MAX_ATTEMPTS):
        fail_once(row, monkeypatch)
    assert row.dead_at is not None
    assert {end[1:] for end in outcomes(row)} == {("skipped", "ended")}
    assert not row.is_paused
    assert work_off() == 0
    uploading.expire_old()
    assert not Video.objects.filter(pk=copy.pk).exists()
    assert not shelves.original(copy.pk).exists()
    assert look_after(ask(max_)).counts["waiting"] == 2


def test_whoever_lists_the_films_is_heard_of_also_where_none_lacks_anything(
    ada: User, max_: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        ready_video(ada)
    beats: list[int] = []
    monkeypatch.setattr(remaking, "FILMS_AT_ONCE", 2)
    monkeypatch.setattr(Remaking, "heartbeat", lambda row: beats.append(row.pk))
    row = look_after(ask(max_, "missing"))
    assert (row.counts["all"], beats) == (0, [row.pk, row.pk])


def outputs(video: Video) -> list[str]:
    return [place.name for place in (shelves.root() / "films" / str(video.asset)).iterdir()]


def test_whoever_loses_it_while_the_files_move_leaves_none(
    max_: User, playing: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, keep = look_after(ask(max_)), shelves.keep
    moved: list[Path] = []

    def keep_and_lose(*told: Any) -> Path:
        moved.append(keep(*told))
        row.end(max_)
        return moved[0]

    monkeypatch.setattr(shelves, "keep", keep_and_lose)
    work_off()
    assert len(moved) == 1
    assert outputs(playing) == [playing.output]


def test_whoever_loses_a_new_film_then_leaves_no_empty_folder_either(
    ada: User, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video, keep = upload_of(ada, film.read_bytes()).video, shelves.keep

    def keep_and_lose(*told: Any) -> Path:
        place = keep(*told)
        Video.objects.get(pk=video.pk).cancel(ada)
        return place

    monkeypatch.setattr(shelves, "keep", keep_and_lose)
    work_off()
    assert Video.objects.get(pk=video.pk).state == "cancelled"
    assert not list((shelves.root() / "films").iterdir())


def test_what_a_killed_worker_left_goes_with_a_conversion_that_was_ended(max_: User, playing: Video) -> None:
    row = look_after(ask(max_))
    shelves.film_folder(playing.asset, "1-killed").mkdir()
    row.end(max_)
    look_after(row)
    assert outputs(playing) == [playing.output]


@pytest.mark.parametrize("is_made", [True, False])
def test_the_next_begins_as_soon_as_one_is_made_or_has_failed(
    ada: User, max_: User, playing: Video, django_capture_on_commit_callbacks: Any, *, is_made: bool
) -> None:
    if not is_made:
        shelves.original(playing.pk).write_bytes(b"no film at all" * 100)
    row = look_after(ask(max_))
    assert row.due_at > timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        work_off()
    row.refresh_from_db()
    assert row.due_at <= timezone.now()


def test_a_copy_may_be_gone_as_soon_as_it_is_adopted(
    max_: User, playing: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, reach = look_after(ask(max_)), failpoints.reach

    def reach_and_look(name: str) -> None:
        reach(name)
        if name == "videos.after_adoption":
            look_after(row)

    monkeypatch.setattr(failpoints, "reach", reach_and_look)
    work_off()
    assert outcomes(row) == [("film.mp4", "made", "")]
    playing.refresh_from_db()
    assert playing.former_output
    assert not Video.objects.exclude(made_for=None).exists()
    assert not list((shelves.root() / "jobs").iterdir())


def test_a_conversion_that_fails_leaves_the_film_as_it_was(max_: User, playing: Video) -> None:
    shelves.original(playing.pk).write_bytes(b"no film at all" * 100)
    row = look_after(ask(max_))
    work_off()
    look_after(row)
    ((_name, outcome, code),) = outcomes(row)
    assert (outcome, code != "") == ("failed", True)
    now = Video.objects.get()
    assert (now.is_ready, now.output, now.former_output) == (True, playing.output, "")
    assert not Mail.objects.filter(key__contains="failed").exists()


def test_a_film_that_comes_out_longer_is_another_film_and_stays_out(max_: User, playing: Video, tmp_path: Path) -> None:
    longer = make_film(tmp_path / "longer.mp4", seconds=6)
    shelves.original(playing.pk).write_bytes(longer.read_bytes())
    row = look_after(ask(max_))
    work_off()
    look_after(row)
    assert outcomes(row) == [("film.mp4", "failed", "other_length")]
    assert Video.objects.get().output == playing.output
    assert outputs(playing) == [playing.output]


def test_one_film_is_on_one_list_at_a_time_and_waits_while_old_files_play(max_: User, playing: Video) -> None:
    first, second = look_after(ask(max_)), look_after(ask(max_, "list", (playing,)))
    assert (first.counts["all"], second.counts["all"]) == (1, 0)
    work_off()
    look_after(first)
    again = look_after(ask(max_, "list", (playing,)))
    assert (again.counts["waiting"], again.items.begun().count()) == (1, 0)


def test_only_an_administrator_asks_pauses_and_ends(ada: User, sam: User, max_: User) -> None:
    row = ask(max_)
    for act in (lambda: ask(sam), lambda: row.pause(sam), lambda: row.resume(ada), lambda: row.end(ada)):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["videos.original_joined", "videos.before_adoption", "videos.after_adoption"])
def test_a_worker_killed_anywhere_leaves_a_film_that_plays_and_its_successor_makes_it(
    ada: User, max_: User, tmp_path: Path, point: str
) -> None:
    video = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=3))
    old = video.output
    row = look_after(ask(max_, "list", (video,)))
    (copy,) = row.copies()
    assert start_worker(copy, point).wait(timeout=60) == -signal.SIGKILL
    video.refresh_from_db()
    assert video.is_ready
    assert (folder_of(video) / "master.m3u8").is_file()
    let_the_lease_run_out(copy)
    work_off()
    look_after(row)
    video.refresh_from_db()
    assert (outcomes(row)[0][1], video.former_output) == ("made", old)
    here = {place.name for place in (shelves.root() / "films" / str(video.asset)).iterdir()}
    assert here == {old, video.output}


@pytest.mark.django_db(transaction=True)
def test_who_lists_the_films_may_be_killed(ada: User, max_: User) -> None:
    Video.objects.filter(pk=ready_video(ada).pk).update(rules=0)
    row = ask(max_)
    code = "import sys, django\ndjango.setup()\nfrom videos.tasks import remake_films\nremake_films(sys.argv[1])"
    command = [sys.executable, "-c", code, str(row.pk)]
    killed = subprocess.run(command, env=worker_environment("videos.remaking_listed"), check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    Remaking.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert look_after(row).counts["all"] == 1


def test_the_command_asks_and_shows(max_: User, playing: Video, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("remake_films", by=max_.email, reason="New rules", films="rules")
    row = Remaking.objects.get()
    look_after(row)
    call_command("remake_films", show=True)
    assert capsys.readouterr().out.splitlines()[-1] == (
        f"{row.pk}: rules, open, all 1, waiting 1, ended 0, made 0, failed 0, skipped 0"
    )
    for told in (
        {"films": "rules", "by": max_.email},
        {"films": "rules", "by": "nobody@example.com", "reason": "x"},
        {"films": "rules", "by": playing.owner.email, "reason": "x"},
        {"films": "list", "by": max_.email, "reason": "x"},
    ):
        with pytest.raises(CommandError):
            call_command("remake_films", **told)


def test_the_page_asks_shows_and_turns(max_: User, playing: Video) -> None:
    client = Client()
    client.force_login(max_)
    address = reverse("videos:remakings")
    wrong = client.post(address, {"films": "list", "listed": "nonsense\n", "reason": "x"})
    assert wrong.status_code == 422
    assert "No film that plays has this id: nonsense" in wrong.content.decode()
    told: Any = client.post(address, {"films": "list", "listed": f"{playing.pk}", "reason": "Sharper"})
    row = Remaking.objects.get()
    assert told.url == reverse("videos:remaking", args=[row.pk])
    look_after(row)
    assert "0 of 1 films." in client.get(told.url).content.decode()
    for turn in ("pause", "resume", "end"):
        assert client.post(reverse(f"videos:{turn}_remaking", args=[row.pk])).status_code == 302
    look_after(row)
    page = client.get(told.url, {"outcome": "skipped"}).content.decode()
    assert "The conversion of many films was ended before its turn." in page
    assert "Sharper" in client.get(address).content.decode()


def test_the_api_asks_shows_and_turns(max_: User, playing: Video) -> None:
    client = APIClient()
    client.force_authenticate(max_)
    assert client.post(reverse("api-remakings"), {"films": "list", "reason": "x"}, "json").status_code == 400
    assert client.post(reverse("api-remakings"), {"films": "old", "reason": "x"}, "json").status_code == 400
    answer = client.post(reverse("api-remakings"), {"films": "rules", "reason": "New rules"}, "json")
    assert (answer.status_code, answer.data["is_open"]) == (201, True)
    row = Remaking.objects.get()
    look_after(row)
    shown = client.get(reverse("api-remaking", args=[row.pk])).data
    assert shown["counts"] == {"all": 1, "waiting": 1, "made": 0, "failed": 0, "skipped": 0}
    assert client.post(reverse("api-remaking-pause", args=[row.pk])).data["is_paused"] is True
    assert client.post(reverse("api-remaking-resume", args=[row.pk])).data["is_paused"] is False
    (film,) = client.get(reverse("api-remade-films", args=[row.pk])).data["results"]
    assert (film["film"], film["name"], film["outcome"]) == (playing.pk, "film.mp4", "")
    assert client.post(reverse("api-remaking-end", args=[row.pk])).status_code == 200
    look_after(row)
    refused = client.post(reverse("api-remaking-end", args=[row.pk]))
    assert (refused.status_code, refused.json()["code"]) == (409, "remaking_ended")


def test_uploads_of_the_film_are_kept_for_it(max_: User, playing: Video) -> None:
    look_after(ask(max_))
    assert Upload.objects.wanted().filter(video=playing).exists()
