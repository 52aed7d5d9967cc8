"""Pages that begin where the last one ended, as addresses."""

from django.http import HttpRequest

from courses.paging import Page


def marks(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("before", "after")}


def neighbors(request: HttpRequest, page: Page) -> dict[str, str]:
    """The addresses of the pages before and after this one, with the filters kept; empty at the ends."""
    kept = request.GET.copy()
    for name in ("before", "after"):
        kept.pop(name, None)

    def address(name: str, mark: str) -> str:
        return f"?{kept.urlencode()}{'&' if kept else ''}{name}={mark}" if mark else ""

    return {"before": address("before", page.before), "after": address("after", page.after)}
