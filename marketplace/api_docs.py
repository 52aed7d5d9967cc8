"""The API's readable pages: the OpenAPI document as plain HTML of ours, without scripts or hosts of others."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request

PREFIX = "/api/v1/"
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Field:
    """One field of a body or one parameter; `kind` is its type in a few words."""

    name: str
    kind: str
    words: str
    is_required: bool


@dataclass(frozen=True)
class Operation:
    """One method of one address, with what it takes and what it answers."""

    key: str
    method: str
    path: str
    words: str
    parameters: list[Field]
    body: list[Field]
    answers: list[tuple[str, list[Field]]]


class Schema(SpectacularAPIView):
    """The OpenAPI document. It is the same for everybody and takes seconds to draw up: each process does it once a
    language and format.
    """

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer, asked = request.accepted_renderer, request.query_params.get("lang", "")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
        name = f'inline; filename="Kezhan API.{renderer.format}"'
        told = _drawn(renderer.media_type, language or settings.LANGUAGE_CODE)
        return HttpResponse(told, content_type=renderer.media_type, headers={"Content-Disposition": name})


@lru_cache(maxsize=8)
def _drawn(media_type: str, language: str) -> Any:
    renderer = next(one for one in Schema.renderer_classes if one.media_type == media_type)
    with translation.override(language):
        document = SchemaGenerator().get_schema(request=None, public=True)
        return renderer().render(document, renderer_context={})


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api_docs.html", {"chapters": chapters()})


@lru_cache(maxsize=1)
def chapters() -> list[tuple[str, list[Operation]]]:
    """Operations by the first word of their address, in the order of the alphabet."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        chapter = path.removeprefix(PREFIX).split("/")[0]
        for method in METHODS:
            if method in methods:
                found.setdefault(chapter, []).append(_operation(document, method, path, methods[method]))
    return sorted(found.items())


def _operation(document: dict[str, Any], method: str, path: str, about: dict[str, Any]) -> Operation:
    parameters = [
        Field(
            p["name"], f"{p['in']}, {_kind(document, p['schema'])}", p.get("description", ""), p.get("required", False)
        )
        for p in about.get("parameters", [])
    ]
    return Operation(
        key=f"{method}-{path.removeprefix(PREFIX).strip('/').replace('/', '-').replace('{', '').replace('}', '')}",
        method=method.upper(),
        path=path,
        words=about.get("description", ""),
        parameters=parameters,
        body=_fields(document, _schema_of(about.get("requestBody", {}))),
        answers=[(code, _fields(document, _schema_of(answer))) for code, answer in about["responses"].items()],
    )


def _schema_of(part: dict[str, Any]) -> dict[str, Any]:
    for content in part.get("content", {}).values():
        return content.get("schema", {})
    return {}


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema or len(schema.get("allOf", ())) == 1:
        schema = schema["allOf"][0] if "allOf" in schema else document["components"]["schemas"][_name(schema)]
    return schema


def _name(schema: dict[str, Any]) -> str:
    return schema["$ref"].rsplit("/", 1)[1]


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[Field]:
    """The fields of an object, of the items of a list, or of the results of a page."""
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        return _fields(document, schema["items"])
    properties = schema.get("properties", {})
    if {"next", "previous", "results"} <= set(properties):
        return _fields(document, properties["results"])
    required = schema.get("required", ())
    return [
        Field(name, _kind(document, part), part.get("description", ""), name in required)
        for name, part in properties.items()
    ]


def _kind(document: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        schema_name = _name(schema)
        choices = document["components"]["schemas"][schema_name].get("enum")
        return " | ".join(map(str, choices)) if choices else schema_name
    if "allOf" in schema or "oneOf" in schema:
        parts = schema.get("allOf") or schema["oneOf"]
        return " | ".join(_kind(document, part) for part in parts if part)
    if schema.get("type") == "array":
        return f"list of {_kind(document, schema['items'])}"
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    return schema.get("format") or str(schema.get("type", "any"))
