"""What videos tell a person of herself: her films and the words beside them, and nobody else's."""

import io
import json
import zipfile

from accounts.models import User
from accounts.privacy import exporting
from tests.videos.films import ready_video
from videos.models import Caption, Chapter, Transcription


def record_of(person: User) -> dict[str, list[dict[str, object]]]:
    out = io.BytesIO()
    exporting.pack(person, out)
    with zipfile.ZipFile(out) as packed:
        told: dict[str, list[dict[str, object]]] = json.loads(packed.read("record.json"))["videos"]
        assert {f"videos/{table}.csv" for table in told} <= set(packed.namelist())
        return told


def test_her_record_holds_her_films_with_their_captions_also_a_machine_s_draft(ada: User) -> None:
    film = ready_video(ada, name="Clay")
    words = {"webvtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nwedge it\n", "cues_count": 1}
    Caption.objects.put(video=film, language="en", label="English", **words)
    Caption.objects.draft(video=film, language="de", label="Deutsch", **words)
    Chapter.objects.put(film, [(0, "Wedging")])
    Transcription.objects.create(video=film, language="de", asked_by=ada)
    told = record_of(ada)
    assert [(row["name"], row["id"]) for row in told["films"]] == [("Clay", str(film.pk))]
    assert [(row["language"], row["is_draft"], row["is_machine_made"]) for row in told["captions"]] == [
        ("de", True, True),
        ("en", False, False),
    ]
    assert all("wedge it" in str(row["webvtt"]) and row["film"] == str(film.pk) for row in told["captions"])
    assert told["chapters"][0]["title"] == "Wedging"
    assert told["machine_captions_asked_for"][0]["language"] == "de"


def test_films_of_others_are_not_in_it(ada: User, lin: User) -> None:
    film = ready_video(ada)
    Caption.objects.draft(video=film, language="de", label="Deutsch", webvtt="WEBVTT\n\n", cues_count=0)
    assert not any(record_of(lin).values())
