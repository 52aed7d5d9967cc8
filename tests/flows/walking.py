"""How the doors are walked through: every address of the URL configuration, each method that its view answers."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.flows.world import World

API_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Doors with tables of their own: test_doors_of_accounts, test_doors_of_admin.
WITH_OWN_TABLES = ("accounts/", "admin/")
# What a request needs before it looks for anybody's things, or before it is said whether she may.
FORMS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(["studio:list_course", "api-institution-listings"], {"course": "{slug}"}),
    "payments:cart_add": {"course": "{slug}"},
    "payments:cart_remove": {"course": "{slug}"},
    "studio:move": {"lesson": "{studio:pk}", "direction": "up"},
    "studio:attach_video": {"video": "{pk}"},
    "studio:move_question": {"direction": "up"},
    "studio:move_criterion": {"direction": "up"},
    "studio:begin_replacement": {"video": "{pk}"},
    "moderation:preview": {"verdict": "approve"},
    "community:rate": {"stars": "5", "revision": "1"},
    "api-own-rating": {"stars": "5"},
    "community:reply": {"text": "Thank you", "number": "0"},
    "api-reply-to-rating": {"text": "Thank you"},
    **dict.fromkeys(["community:ask", "api-questions"], {"title": "Why wedge?", "text": "It holds without."}),
    **dict.fromkeys(["community:answer", "community:comment", "community:edit_post"], {"text": "Air goes out of it."}),
    **dict.fromkeys(["api-answers", "api-comments", "api-post"], {"text": "Air goes out of it."}),
    "api-accepted": {"answer": "{community:accept:pk}"},
    **dict.fromkeys(["learners:report_outdated", "api-out-of-date"], {"text": "The kiln is sold no more."}),
    **dict.fromkeys(["learners:peer_review", "api-peer-review"], {"text": "It holds; thin the rim.", "marks": {}}),
    **dict.fromkeys(["community_review:vote", "api-community-vote"], {"verdict": "fine", "text": "It teaches it all."}),
    "institutions:desk": {"name": "Clay", "domain": "clay.example", "kind": "school"},
    "institutions:invite": {"email": "new@example.com", "role": "viewer"},
    "institutions:change_role": {"role": "viewer"},
    "api-institution-members": {"email": "new@example.com", "role": "viewer"},
    "api-institution-member": {"role": "viewer"},
}


def views(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(name, pattern) of every address, without those that have tables of their own."""
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            name = each.name or ""
            yield f"{namespace}:{name}" if namespace and name else name, each
        elif str(each.pattern) not in WITH_OWN_TABLES:
            yield from views(each, each.namespace or namespace)


VIEWS = dict(views(get_resolver()))


def methods(name: str) -> list[str]:
    """Those that its view answers; every other one is 405 whoever asks, by Django's own dispatch."""
    view: Any = VIEWS[name].callback
    if (kind := getattr(view, "cls", None)) is None:
        return ["GET", "POST"]
    return [one for one in API_METHODS if one.lower() in kind.http_method_names and hasattr(kind, one.lower())]


def address(world: World, name: str) -> str:
    parameters = world.kwargs(name, list(VIEWS[name].pattern.converters))
    return reverse(name, kwargs=parameters) + _question(world, name)


def _question(world: World, name: str) -> str:
    return f"?session_id={world.objects['payments:session_id']}" if name == "payments:checkout_return" else ""


def form(world: World, name: str) -> bytes:
    filled = {key: _filled(world, value) for key, value in FORMS.get(name, {}).items()}
    return (json.dumps(filled) if is_of_api(name) or not filled else urlencode(filled)).encode()


def _filled(world: World, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return re.sub(r"{(.+?)}", lambda found: str(world.objects[found[1]]), value)


def is_of_api(name: str) -> bool:
    return name.startswith("api-")


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever happens inside is undone."""
    block: Any = transaction.atomic()
    # As pytest-django marks its own: the gateway refuses to be called inside the transactions of the product only.
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def knock(client: Client, method: str, address: str, body: bytes = b"{}", **headers: Any) -> HttpResponse:
    """One request, and everything that it did taken back."""
    kind = "application/json" if "/api/" in address else "application/x-www-form-urlencoded"
    with taken_back():
        return client.generic(method, address, b"" if method == "GET" else body, kind, headers=headers)  # type: ignore[return-value]


def is_refused(answer: HttpResponse) -> bool:
    """401, 403, 404, or sent to log in or to become a creator first."""
    to = answer.headers.get("Location", "")
    sent_away = to.startswith((reverse("account_login"), reverse("creators:become")))
    return answer.status_code in (401, 403, 404) or sent_away
