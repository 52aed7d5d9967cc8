"""Bad input over the whole API, drawn from its own OpenAPI schema: every answer is a clear refusal, never a 500.

Each field of each body is replaced by things that programs choke on; the rest of the body stays as it should be. What
is drawn is the same every time. A request's effects are taken back after it.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from courses.models import Course
from tests.flows.test_doors import NAMES as DOORS
from tests.flows.test_doors import allowed
from tests.flows.walking import address, is_of_api, knock
from tests.flows.world import World

pytestmark = pytest.mark.usefixtures("db")

SEED = 20_261_123
DRAWN_A_FIELD = 3
NUL = "a\x00b"
# Python's json writes and reads Infinity and NaN, and 1e309 is read as Infinity.
NASTY: list[Any] = [
    "课" * 200_000, "", " ", "²", "9" * 5_000, "1e309", float("inf"), float("nan"), -1, 0, 10**30, -(10**30),
    1.5, True, None, [], {}, [[]], [None], {"minor": "1", "currency": NUL}, {"minor": "-100", "currency": "USD"},
    {"minor": "9" * 5_000, "currency": "USD"}, {"minor": "1e309", "currency": "USD"}, {"minor": "²", "currency": "USD"},
    {"minor": {}, "currency": []}, [NUL], [{}, 10**30], "../../etc/passwd", "'; drop table users; --",
]  # fmt: skip
BODIES = [
    b"", b"{", b"[]", b"null", b'"x"', b"1e309", b"\xff\xfe", b'{"\\u0000": 1}', b"[" * 5_000, b"9" * 5_000,
]  # fmt: skip
NAMES = ["q", "cursor", "page_size", "category", "length", "price", "creator", "sort"]
QUESTIONS = ["%00", "1e309", "-1", "9" * 40, "%FF", "a" * 3_000, "%C2%B2", "cj0xJnA9%00", "cD0lMDA="]


@dataclass(frozen=True)
class Operation:
    """One operation of the schema at an address where `who` may come in, with a body that is as it should be."""

    name: str
    who: str
    method: str
    address: str
    body: dict[str, Any]


def operations(world: World) -> Iterator[Operation]:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    paths = sorted(schema["paths"].items(), key=lambda pair: pair[0].count("{"))
    for name in filter(is_of_api, DOORS):
        here = address(world, name).partition("?")[0]
        by_method = next((told for path, told in paths if re.fullmatch(re.sub(r"{.*?}", "[^/]+", path), here)), {})
        for method, told in by_method.items():
            if people := allowed(name, method.upper()):
                body = _sample(_shape_of_body(told), schema["components"]["schemas"], world)
                yield Operation(name, people[-1], method.upper(), here, body)


def _shape_of_body(told: dict[str, Any]) -> dict[str, Any]:
    by_type = told.get("requestBody", {}).get("content", {})
    return next((by_type[kind]["schema"] for kind in [*by_type, "application/json"] if kind in by_type), {})


def _sample(shape: dict[str, Any], shapes: dict[str, Any], world: World) -> Any:
    """Something of this shape."""
    if "$ref" in shape:
        return _sample(shapes[shape["$ref"].rpartition("/")[2]], shapes, world)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in shape:
            return _sample(shape[several][0], shapes, world)
    if "enum" in shape:
        return shape["enum"][0]
    if "example" in shape:
        return shape["example"]
    kind = shape.get("type")
    if kind == "object" or "properties" in shape:
        return {name: _sample(each, shapes, world) for name, each in shape.get("properties", {}).items()}
    if kind == "array":
        return [_sample(shape["items"], shapes, world)]
    if shape.get("format") == "uuid":
        return str(world.objects["pk"])
    return {"integer": 1, "number": 1.0, "boolean": True}.get(kind, world.objects["slug"])


Ask = Callable[..., HttpResponse]


@pytest.fixture
def ask(world: World, db: None) -> Ask:
    """Asks for an operation as its person, who logs in once."""
    clients: dict[str, Client] = {}

    def answered(operation: Operation, body: bytes, question: str = "") -> HttpResponse:
        cache.clear()  # nobody is asked to slow down
        if operation.who not in clients:
            clients[operation.who] = Client(raise_request_exception=False)
            if operation.who in world.people:
                clients[operation.who].force_login(world.people[operation.who])
        return knock(clients[operation.who], operation.method, operation.address + question, body)

    return answered


def complaint(operation: Operation, what: Any, answer: HttpResponse) -> list[str]:
    """What is wrong with the answer: it broke, or a refusal that programs cannot read."""
    is_clear = answer.status_code < 400 or answer.headers["Content-Type"].startswith("application/problem+json")
    if answer.status_code < 500 and is_clear:
        return []
    return [f"{operation.method} {operation.address} {str(what)[:60]!r}: {answer.status_code}"]


def test_no_field_of_any_body_breaks_the_server(world: World, ask: Ask) -> None:
    chosen, wrong = random.Random(SEED), []
    for operation in operations(world):
        for field in operation.body if isinstance(operation.body, dict) else []:
            for nasty in [NUL, "\ud800", *chosen.sample(NASTY, DRAWN_A_FIELD)]:
                body = json.dumps({**operation.body, field: nasty}).encode()
                wrong += complaint(operation, {field: nasty}, ask(operation, body))
    assert not wrong, "\n".join(wrong)


def test_a_body_that_is_no_object_is_refused(world: World, ask: Ask) -> None:
    wrong = []
    for operation in operations(world):
        for body in BODIES if isinstance(operation.body, dict) else []:
            wrong += complaint(operation, body, ask(operation, body))
    assert not wrong, "\n".join(wrong)


def test_no_question_breaks_a_list(world: World, ask: Ask) -> None:
    chosen, wrong = random.Random(SEED), []
    for operation in operations(world):
        if operation.method == "GET":
            for name in chosen.sample(NAMES, 3):
                asked = f"?{name}={chosen.choice(QUESTIONS)}"
                wrong += complaint(operation, asked, ask(operation, b"", asked))
    assert not wrong, "\n".join(wrong)


PRICES: list[Any] = [
    {"minor": "-1", "currency": "USD"}, {"minor": "99999999999", "currency": "USD"}, {"minor": "1", "currency": "USD"},
    {"minor": "1999", "currency": "XXX"}, {"minor": 19.99, "currency": "USD"}, {"minor": "19.99", "currency": "USD"},
    {"minor": "1e309", "currency": "USD"}, {"minor": "1999"}, {"currency": "USD"}, "1999", 1999, None, [],
]  # fmt: skip


@pytest.mark.parametrize("price", PRICES, ids=str)
def test_a_price_that_nobody_can_mean_is_refused_and_changes_nothing(world: World, price: Any) -> None:
    client = Client()
    client.force_login(world.people["Ada"])
    course = Course.objects.get(slug=world.objects["studio:slug"])
    answer = client.post(
        f"/api/v1/studio/courses/{course.slug}/price/", {"amount": price}, content_type="application/json"
    )
    assert answer.status_code in (400, 409)
    assert answer.headers["Content-Type"] == "application/problem+json"
    before = course.price
    course.refresh_from_db()
    assert course.price == before


@pytest.mark.parametrize("text", ["a\x00b", "²", "9" * 5_000], ids=["nul", "superscript", "endless"])
def test_a_page_that_is_asked_for_something_that_cannot_be_is_not_found(world: World, text: str) -> None:
    client, slug = Client(), world.objects["studio:slug"]
    client.force_login(world.people["Ada"])
    assert client.post("/cart/add/", {"course": text}).status_code == 404
    assert client.get("/checkout/", {"course": text}).status_code == 404
    assert client.get("/checkout/return/", {"session_id": text}).status_code == 404
    moved = client.post(f"/studio/courses/{slug}/curriculum/move/", {"lesson": text, "direction": "up"})
    assert moved.status_code == 404
    assert client.get(f"/studio/courses/{slug}/preview/", {"lesson": text}).status_code == 200
