"""All films of a creator, whether a lesson shows them or not; and whether a course shows names over its films."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.models import Lesson, WatermarkChoice
from videos import space
from videos.models import Video

from .doors import creator_required, own_course

FILMS_A_PAGE = 30


@creator_required
def uploads(request: HttpRequest) -> HttpResponse:
    films = Video.objects.owned_by(request.user).shown().prefetch_related("renditions").order_by("-created_at")
    page = Paginator(films, FILMS_A_PAGE).get_page(request.GET.get("page"))
    showing = Lesson.objects.filter(video__in=[film.pk for film in page])
    used = {lesson.video_id: lesson for lesson in showing.in_use().order_by("version__number")}
    past = set(showing.values_list("video_id", flat=True)) - used.keys()
    context = {"page": page, "places": used, "past": past, "space": space.of(request.user)}
    return render(request, "studio/uploads.html", context)


@creator_required
@require_POST
def choose_watermark(request: HttpRequest, slug: str) -> HttpResponse:
    is_on = request.POST.get("is_on") == "1"
    WatermarkChoice.objects.choose(own_course(request, slug), is_on, by=request.user)
    messages.success(
        request, _("Learners' names are shown over the films.") if is_on else _("No names over the films.")
    )
    return redirect("studio:curriculum", slug)
