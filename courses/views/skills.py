"""The list of skills, and a shelf for each of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from courses import skill_shelves
from courses.models import Skill
from courses.structured import skill_data
from marketplace.lib.kept_pages import kept_page


@kept_page
def skills(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/skills.html", {"groups": skill_shelves.overview()})


@kept_page
def skill(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Skill.objects.select_related("category"), slug=slug)
    total, shelves = skill_shelves.of(found)
    context = {"skill": found, "total": total, "shelves": shelves, "structured": skill_data(found)}
    return render(request, "courses/skill.html", context)
