"""nginx's question for a right, answered before sessions, languages and people are looked at.

Two hundred viewers of a film ask some twenty times a second; the signed address is the whole authority, nobody reads
what a refusal says. A quarter of such a request was spent in middlewares that have nothing to do with it.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .urls import RIGHT

PREFIX = "/hls-right/"


class RightDoor:
    """Middleware. What is no address of a right goes its way, to the page that says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        match = RIGHT.resolve(request.path_info.removeprefix("/"))
        if match is None:
            return self.get_response(request)
        request.resolver_match = match  # what the figures of requests are counted under
        return match.func(request, *match.args, **match.kwargs)
