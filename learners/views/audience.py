"""The creator's page about how her course is watched."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from courses.views.studio.doors import course_page, creator_required, own_course, shown_version
from learners import audience_shown


@require_GET
@creator_required
def audience(request: HttpRequest, slug: str) -> HttpResponse:
    course = own_course(request, slug)
    found = audience_shown.of(course)
    chosen = found.chosen(request.GET.get("lesson", ""))
    page = {"audience": found, "chosen": chosen, "curve": audience_shown.curve(chosen) if chosen else None}
    page["fewest"] = audience_shown.FEWEST
    return course_page(request, "learners/audience.html", course, shown_version(course), **page)


@require_GET
@creator_required
def audience_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    found = audience_shown.of(own_course(request, slug))
    response = StreamingHttpResponse(audience_shown.csv_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kezhan-audience-{slug}.csv"'
    return response
