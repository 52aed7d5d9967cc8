"""Proof as strangers follow it: a camera on the code leads to the check; a program finds the standard's members."""

import copy
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw

from accounts.models import User
from learners.certificates import credential, issuing, paper
from learners.models import Certificate
from tests.courses.factories import make_course
from tests.learners.certified import make_certificate

pytestmark = pytest.mark.django_db
SCHEMA = json.loads((Path(__file__).parent / "open_badges.json").read_text())
MODULE_PX = 6


@pytest.fixture
def certificate(lin: User, ada: User) -> Certificate:
    return make_certificate(lin, make_course())


def read(picture: Image.Image) -> list[str]:
    """What a camera reads."""
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def on_page(html: str) -> Image.Image:
    """The code of the page, drawn as a browser draws it: dark modules in the white square."""
    (side,) = {int(found) for found in re.findall(r'viewBox="0 0 (\d+) \1" role="img"', html)}
    modules = re.findall(r"M(\d+) (\d+)h1v1h-1z", html)
    picture = Image.new("L", (side * MODULE_PX, side * MODULE_PX), 255)
    draw = ImageDraw.Draw(picture)
    for x, y in modules:
        left, top = int(x) * MODULE_PX, int(y) * MODULE_PX
        draw.rectangle((left, top, left + MODULE_PX - 1, top + MODULE_PX - 1), fill=0)
    return picture


def on_paper(certificate: Certificate, lang: str) -> Image.Image:
    """The sheet as a printer prints it, at 216 dots an inch."""
    (page,) = pypdfium2.PdfDocument(paper.pdf(certificate, lang))
    return page.render(scale=3).to_pil()


def follow(address: str) -> str:
    """What somebody without an account sees there."""
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("http", "testserver")
    answer = Client().get(parts.path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_code_on_the_page_leads_to_the_page_itself(certificate: Certificate) -> None:
    page = Client().get(certificate.get_absolute_url()).content.decode()
    (address,) = read(on_page(page))
    assert urlsplit(address).path == certificate.get_absolute_url()
    assert certificate.code_in_groups in follow(address)


@pytest.mark.parametrize("lang", ["en", "zh-hans"])
def test_the_code_on_paper_leads_to_the_public_check(certificate: Certificate, sam: User, lang: str) -> None:
    (address,) = read(on_paper(certificate, lang))
    page = follow(address)
    assert "Lin Wei 林薇" in page
    assert certificate.version.title in page
    issuing.revoke(certificate, by=sam, cause="evidence", reason="Played by a program")
    assert "Played by a program" in follow(address) or "revoked" in follow(address)
    assert page != follow(address)


def test_another_certificate_s_code_leads_elsewhere_and_a_torn_one_nowhere(
    certificate: Certificate, cole: User
) -> None:
    """The control: the camera reads what is drawn, not what was expected."""
    other = make_certificate(cole, certificate.course, "Cole")
    (address,) = read(on_paper(other, "en"))
    assert urlsplit(address).path == other.get_absolute_url() != certificate.get_absolute_url()
    sheet = on_page(Client().get(certificate.get_absolute_url()).content.decode())
    sheet.paste(255, (0, 0, sheet.width, sheet.height // 2))
    assert read(sheet) == []


def must_fit(told: Any) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(told)


def test_the_credential_has_what_the_standard_asks_for(certificate: Certificate) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    must_fit(credential.credential(certificate))


def test_so_has_one_whose_name_is_hidden(certificate: Certificate, lin: User) -> None:
    holder = Client()
    holder.force_login(lin)
    holder.post(reverse("learners:show_name", args=[certificate.code]))
    shown = Certificate.objects.shown().get(pk=certificate.pk)
    told = credential.credential(shown)
    assert "identifier" not in told["credentialSubject"]
    must_fit(told)


def without(told: Any, way: tuple[Any, ...]) -> Any:
    cut = copy.deepcopy(told)
    place = cut
    for key in way[:-1]:
        place = place[key]
    del place[way[-1]]
    return cut


def test_without_any_member_that_the_standard_requires_it_fits_no_more(certificate: Certificate) -> None:
    """The control: the schema does look."""
    told = credential.credential(certificate)
    ways = [
        ("@context",), ("id",), ("type",), ("issuer",), ("validFrom",), ("credentialSubject",),
        ("issuer", "id"), ("issuer", "type"), ("credentialSubject", "type"), ("credentialSubject", "achievement"),
        *[("credentialSubject", "achievement", key) for key in ("id", "type", "criteria", "description", "name")],
        ("credentialSubject", "achievement", "criteria", "narrative"),
        *[("credentialSubject", "identifier", 0, key) for key in ("type", "hashed", "identityHash", "identityType")],
        ("evidence", 0, "type"), ("credentialStatus", "type"), ("@context", 0), ("type", 1),
    ]  # fmt: skip
    for way in ways:
        with pytest.raises(jsonschema.ValidationError):
            must_fit(without(told, way))
    for change in ({"validFrom": "2026-11-29"}, {"type": ["VerifiableCredential"]}, {"id": "nothing"}):
        with pytest.raises(jsonschema.ValidationError):
            must_fit(told | change)
