"""All films of a creator, whether a lesson shows them or not."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from courses.models import Lesson
from videos.models import Video

from .doors import creator_required

FILMS_A_PAGE = 30


@creator_required
def uploads(request: HttpRequest) -> HttpResponse:
    films = Video.objects.owned_by(request.user).shown().prefetch_related("renditions").order_by("-created_at")
    page = Paginator(films, FILMS_A_PAGE).get_page(request.GET.get("page"))
    used = Lesson.objects.filter(video__in=[film.pk for film in page]).select_related("version__course")
    places: dict[object, Lesson] = {lesson.video_id: lesson for lesson in used.order_by("version__number")}
    return render(request, "studio/uploads.html", {"page": page, "places": places})
