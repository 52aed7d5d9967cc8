"""The tag `url` of our templates: the addresses that Django's own gives, and its errors."""

from typing import Any
from uuid import UUID

import pytest
from django.template import Context, Template
from django.template.engine import Engine
from django.test import RequestFactory
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, set_script_prefix

DJANGO = Engine(builtins=[])
KEY = UUID("00000000-0000-4000-8000-000000000001")


def names(resolver: URLResolver, space: str = "") -> Any:
    """All names of addresses, with their namespaces."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from names(each, f"{space}{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern) and each.name:
            yield f"{space}{each.name}"


def told(template: Any, **context: Any) -> str:
    try:
        return str(template.render(Context(context)))
    except NoReverseMatch:
        return "no such address"


@pytest.mark.parametrize("values", [(), ("a-course",), (7,), (KEY,), ("a-course", KEY), ("课",), ("",), ('"<',)])
def test_every_address_is_the_one_that_django_gives(values: tuple[Any, ...]) -> None:
    text = f"{{% url name {' '.join(f'v{at}' for at in range(len(values)))} %}}"
    ours, django = Template(text), DJANGO.from_string(text)
    given = {f"v{at}": value for at, value in enumerate(values)}
    for name in set(names(get_resolver())):
        for _looked_up_then_known in range(2):
            assert told(ours, name=name, **given) == told(django, name=name, **given), name


def test_it_is_put_under_a_name_and_unknown_ones_leave_that_empty() -> None:
    text = Template('{% url "courses:detail" slug as there %}{% url "nowhere" as gone %}[{{ there }}][{{ gone }}]')
    assert text.render(Context({"slug": "kilns"})) == "[/courses/kilns/][]"
    with pytest.raises(NoReverseMatch):
        Template('{% url "nowhere" %}').render(Context())


def test_what_is_named_is_django_s() -> None:
    text = Template('{% url "courses:detail" slug=slug %}')
    assert text.render(Context({"slug": "kilns", "request": RequestFactory().get("/")})) == "/courses/kilns/"


def test_a_site_below_a_path_has_addresses_below_it() -> None:
    text = Template('{% url "courses:catalogue" %}')
    assert text.render(Context()) == "/courses/"
    set_script_prefix("/shop/")
    try:
        assert text.render(Context()) == "/shop/courses/"
    finally:
        set_script_prefix("/")
    assert text.render(Context()) == "/courses/"
