"""Credentials: signed by the site's key, checked by a verifier that knows nothing of us, void when altered."""

import base64
import json
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import jwt
import pytest
from django.conf import settings as conf
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from courses.models import Course
from learners.certificates import credential, issuing, keys, sharing, status_list
from learners.models import Certificate
from tests.courses.factories import make_course
from tests.learners.certified import make_certificate

pytestmark = pytest.mark.django_db
VERIFIER = conf.BASE_DIR / "docs" / "verify" / "kezhan_credential.py"


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


@pytest.fixture
def certificate(lin: User, course: Course) -> Certificate:
    return make_certificate(lin, course)


@pytest.fixture
def folder(tmp_path: Path, certificate: Certificate) -> Path:
    """did.json, credential.jwt and status.jwt, as their addresses give them."""
    fetch(tmp_path)
    (tmp_path / "credential.jwt").write_text(credential.signed(certificate))
    return tmp_path


def fetch(folder: Path) -> None:
    client = Client()
    (folder / "did.json").write_bytes(client.get("/.well-known/did.json").content)
    (folder / "status.jwt").write_bytes(client.get(reverse("learners:certificate_status", args=[0])).content)


def verdict(folder: Path, *more: str) -> tuple[int, str]:
    """The verifier's, run alone: no installed package and no module of ours is in its reach."""
    names = ["did.json", "credential.jwt", *more]
    done = subprocess.run([sys.executable, "-I", "-S", VERIFIER, *names], cwd=folder, capture_output=True, text=True)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_what_was_downloaded_holds_without_us(folder: Path, certificate: Certificate) -> None:
    status, said = verdict(folder, "--status", "status.jwt")
    assert status == 0
    assert "Lin Wei 林薇" in said
    assert certificate.version.title in said
    assert "was not revoked" in said


def test_it_says_what_open_badges_ask_for(certificate: Certificate) -> None:
    token = credential.signed(certificate)
    head = jwt.get_unverified_header(token)
    told = jwt.decode(token, keys.signing_key().public_key(), algorithms=["ES256"])
    assert (head["alg"], head["kid"]) == ("ES256", keys.did_document()["assertionMethod"][0])
    assert told["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert told["iss"] == told["issuer"]["id"] == "did:web:testserver"
    assert told["jti"] == told["id"] == f"http://testserver{certificate.get_absolute_url()}"
    assert told["sub"] == told["credentialSubject"]["id"] == certificate.subject.urn
    assert told["credentialSubject"]["achievement"]["version"] == "1"
    assert told["credentialStatus"]["statusListIndex"] == str(certificate.pk % status_list.PLACES)
    assert credential.digest(certificate.evidence) in told["evidence"][0]["narrative"]


def verifier() -> dict[str, Any]:
    """The verifier's own functions; it imports nothing of ours."""
    space: dict[str, Any] = {"__name__": "verifier"}
    exec(compile(VERIFIER.read_text(), str(VERIFIER), "exec"), space)
    return space


def test_altered_by_one_bit_anywhere_it_fails(folder: Path) -> None:
    alone, path = verifier(), folder / "credential.jwt"
    token = path.read_bytes()
    places = [*range(0, len(token), 61), *range(len(token) - 88, len(token), 5), len(token) - 1]
    for place in places:
        for bit in (1, 4):
            path.write_bytes(token[:place] + bytes([token[place] ^ bit]) + token[place + 1 :])
            with pytest.raises(alone["Wrong"]):
                alone["check"](folder / "did.json", path)
    path.write_bytes(token)
    assert alone["check"](folder / "did.json", path)["type"][1] == "OpenBadgeCredential"


@pytest.mark.parametrize("field", ["name", "version", "holder"])
def test_another_course_version_or_holder_under_the_same_signature_fails(folder: Path, field: str) -> None:
    head, body, signature = (folder / "credential.jwt").read_text().split(".")
    told = json.loads(base64.urlsafe_b64decode(body + "=="))
    if field == "holder":
        told["credentialSubject"]["identifier"][0]["identityHash"] = "Cole"
    else:
        told["credentialSubject"]["achievement"][field] = "9"
    forged = base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
    (folder / "credential.jwt").write_text(f"{head}.{forged}.{signature}")
    assert verdict(folder)[0] == 1


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_a_token_that_names_another_way_of_signing_fails(folder: Path, certificate: Certificate, alg: str) -> None:
    told = credential.credential(certificate)
    head = {"kid": keys.did_document()["assertionMethod"][0]}
    token = jwt.encode(told, "the public key, as a secret for hashes" if alg == "HS256" else None, alg, head)
    (folder / "credential.jwt").write_text(token)
    assert verdict(folder) == (1, "It does not hold: the credential is signed in another way than ours.\n")


def test_another_site_s_signature_fails(folder: Path, certificate: Certificate, settings: Any) -> None:
    settings.KEZHAN_CREDENTIAL_KEY = secrets.token_urlsafe(32)
    (folder / "credential.jwt").write_text(credential.signed(certificate))
    assert "a key that the site does not have" in verdict(folder)[1]


def test_once_revoked_it_fails_and_nothing_more_is_signed(folder: Path, sam: User, certificate: Certificate) -> None:
    issuing.revoke(certificate, by=sam, cause="evidence", reason="Played by a program")
    fetch(folder)
    assert verdict(folder, "--status", "status.jwt") == (1, "It does not hold: it was revoked.\n")
    assert "Whether it was revoked was not asked" in verdict(folder)[1]
    with pytest.raises(credential.CertificateRevoked):
        credential.signed(Certificate.objects.shown().get())


def test_one_revoked_certificate_is_one_bit_and_its_neighbor_stands(
    folder: Path, sam: User, cole: User, course: Course, certificate: Certificate
) -> None:
    issuing.revoke(make_certificate(cole, course, "Cole"), by=sam, cause="mistake", reason="x")
    fetch(folder)
    assert verdict(folder, "--status", "status.jwt")[0] == 0
    listed = jwt.decode((folder / "status.jwt").read_text(), keys.signing_key().public_key(), algorithms=["ES256"])
    alone = verifier()
    bits = alone["gzip"].decompress(alone["unpacked"](listed["credentialSubject"]["encodedList"][1:]))
    assert (len(bits) * 8, sum(byte.bit_count() for byte in bits)) == (status_list.PLACES, 1)


def test_after_the_key_was_changed_old_credentials_hold_and_those_of_a_dropped_key_do_not(
    folder: Path, certificate: Certificate, settings: Any
) -> None:
    old = keys.public_keys()[0].written
    settings.KEZHAN_CREDENTIAL_KEY, settings.KEZHAN_CREDENTIAL_FORMER_KEYS = secrets.token_urlsafe(32), [old]
    fetch(folder)
    assert verdict(folder, "--status", "status.jwt")[0] == 0
    (folder / "credential.jwt").write_text(credential.signed(certificate))
    assert verdict(folder)[0] == 0
    settings.KEZHAN_CREDENTIAL_KEY, settings.KEZHAN_CREDENTIAL_FORMER_KEYS = secrets.token_urlsafe(32), []
    fetch(folder)
    assert verdict(folder)[0] == 1


def test_a_hidden_name_is_in_no_new_credential(certificate: Certificate) -> None:
    sharing.show_name(certificate, False)
    told = credential.credential(Certificate.objects.shown().get())
    assert "identifier" not in told["credentialSubject"]
    assert "林薇" not in json.dumps(told, ensure_ascii=False)


def test_without_a_key_pages_go_on_and_nothing_is_signed(lin: User, certificate: Certificate, settings: Any) -> None:
    settings.KEZHAN_CREDENTIAL_KEY = ""
    client = Client()
    client.force_login(lin)
    assert client.get("/.well-known/did.json").status_code == 404
    assert client.get(reverse("learners:certificate_status", args=[0])).status_code == 404
    assert "Open Badge" not in client.get(certificate.get_absolute_url()).content.decode().split("<footer")[0]
    assert client.get(reverse("learners:certificate_credential", args=[certificate.code])).status_code == 409


@pytest.mark.parametrize("written", ["short", "A" * 44, "_" * 43, "课" * 43])
def test_a_key_that_is_none_stops_with_a_sentence(settings: Any, written: str) -> None:
    settings.KEZHAN_CREDENTIAL_KEY = written
    with pytest.raises(ImproperlyConfigured, match="KEZHAN_CREDENTIAL_KEY is no key"):
        keys.public_keys()
    assert [found.id for found in checks.run_checks(tags=["security"])] == ["learners.E001"]


def test_a_former_key_that_is_no_point_stops_with_a_sentence(settings: Any) -> None:
    settings.KEZHAN_CREDENTIAL_FORMER_KEYS = [f"{'A' * 43}.{'B' * 42}A"]
    with pytest.raises(ImproperlyConfigured, match="KEZHAN_CREDENTIAL_FORMER_KEYS"):
        keys.public_keys()


def test_the_command_prints_a_key_that_works_and_the_old_one_s_public_half(settings: Any, capsys: Any) -> None:
    old = keys.public_keys()[0]
    call_command("credential_key")
    fresh, former = (line.partition("=")[2] for line in capsys.readouterr().out.split())
    settings.KEZHAN_CREDENTIAL_KEY, settings.KEZHAN_CREDENTIAL_FORMER_KEYS = fresh, [former]
    assert [key.id for key in keys.public_keys()][1] == old.id


@given(junk=st.binary(max_size=400))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_breaks_the_verifier(folder: Path, capsys: Any, junk: bytes) -> None:
    alone = verifier()
    (folder / "junk").write_bytes(junk)
    for names in (("did.json", "junk"), ("junk", "credential.jwt"), ("did.json", "credential.jwt", "--status", "junk")):
        assert alone["main"]([name if name == "--status" else str(folder / name) for name in names]) == 1
